import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import NIOSSL

@testable import MediaHTTP

/// A client that speaks HTTP/2 frame by frame.
struct HTTP2Client: Sendable {
    typealias Payload = HTTP2Frame.FramePayload
    typealias Stream = NIOAsyncChannel<Payload, Payload>

    let channel: any Channel
    private let streams: NIOHTTP2Handler.AsyncStreamMultiplexer<Stream>

    /// What came on a stream.
    struct Answer: Sendable {
        /// All heads in order, the interim ones too.
        var statuses: [String] = []
        var headers: [String: String] = [:]
        var body = ""
        var bytes = 0
        /// Whether the server ended the answer.
        var isComplete = false
        /// With which code the server reset the stream; nil when it did not.
        var reset: HTTP2ErrorCode?

        var status: String { statuses.last ?? "" }
    }

    static func connect(port: Int, configuration: NIOHTTP2Handler.Configuration = .init()) async throws -> HTTP2Client {
        try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(host: "127.0.0.1", port: port) {
            channel in
            channel.eventLoop.makeCompletedFuture {
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.certificateVerification = .none
                tls.applicationProtocols = ["h2"]
                let pipeline = channel.pipeline.syncOperations
                try pipeline.addHandler(
                    NIOSSLClientHandler(context: NIOSSLContext(configuration: tls), serverHostname: nil))
                let streams = try pipeline.configureAsyncHTTP2Pipeline(mode: .client, configuration: configuration) {
                    stream in
                    stream.eventLoop.makeCompletedFuture { try Stream(wrappingChannelSynchronously: stream) }
                }
                return HTTP2Client(channel: channel, streams: streams)
            }
        }
    }

    /// Opens a stream.
    func open() async throws -> Stream {
        try await streams.openStream { stream in
            stream.eventLoop.makeCompletedFuture {
                try Stream(
                    wrappingChannelSynchronously: stream,
                    configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 1)))
            }
        }
    }

    static func head(
        _ method: String, _ path: String, _ extra: [(String, String)] = [], end: Bool = false
    ) -> Payload {
        var headers = HPACKHeaders([
            (":method", method), (":path", path), (":scheme", "https"), (":authority", "localhost"),
        ])
        for (name, value) in extra { headers.add(name: name, value: value) }
        return .headers(.init(headers: headers, endStream: end))
    }

    static func data(_ bytes: ByteBuffer, end: Bool = false) -> Payload {
        .data(.init(data: .byteBuffer(bytes), endStream: end))
    }

    /// Sends a request on a stream of its own and reads the answer to its end.
    func send(
        _ method: String, _ path: String, _ extra: [(String, String)] = [], body: ByteBuffer? = nil
    ) async throws -> Answer {
        let stream = try await open()
        return try await stream.executeThenClose { inbound, outbound in
            try await outbound.write(Self.head(method, path, extra, end: body == nil))
            if let body { try await outbound.write(Self.data(body, end: true)) }
            return await Self.answer(inbound)
        }
    }

    /// Reads until the stream ends.
    static func answer(_ inbound: NIOAsyncChannelInboundStream<Payload>) async -> Answer {
        var answer = Answer()
        do {
            for try await payload in inbound {
                switch payload {
                case .headers(let head):
                    answer.statuses += head.headers[":status"]
                    for (name, value, _) in head.headers { answer.headers[name] = value }
                    answer.isComplete = head.endStream
                case .data(let data):
                    if case .byteBuffer(let bytes) = data.data {
                        answer.bytes += bytes.readableBytes
                        if answer.bytes < 1 << 16 { answer.body += String(buffer: bytes) }
                    }
                    answer.isComplete = data.endStream
                case .rstStream(let code): answer.reset = code
                default: break
                }
            }
        } catch let error as NIOHTTP2Errors.StreamClosed {
            answer.reset = error.errorCode
        } catch {}
        return answer
    }

    func close() { channel.close(promise: nil) }
}
