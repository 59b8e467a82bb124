import Foundation
import NIOCore
import NIOPosix
import Testing
import XMedia

/// An answer as it came over the wire.
struct RawResponse {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: String

    subscript(name: String) -> String? { headers.first { $0.name == name.lowercased() }?.value }

    /// The body as a problem document.
    var problem: Problem { get throws { try JSONDecoder().decode(Problem.self, from: Data(body.utf8)) } }
}

/// A TCP connection on which a test writes what it likes.
struct RawConnection: ~Copyable {
    /// The server closed the connection where an answer was expected.
    struct Closed: Error {}

    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var rest = ByteBuffer()

    private init(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Opens a connection for the time of `body`.
    static func open<Value: Sendable>(
        port: Int, body: (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(inbound, outbound)
            return try await body(&connection)
        }
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    func send(bytes count: Int) async throws {
        try await outbound.write(ByteBuffer(repeating: 0x61, count: count))
    }

    /// Closes this side; the other can still be read.
    func finish() { outbound.finish() }

    /// The next answer, interim ones too.
    mutating func response(toHead: Bool = false) async throws -> RawResponse {
        while true {
            let text = String(buffer: rest)
            if let end = text.range(of: "\r\n\r\n") {
                let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
                let status = try #require(Int(lines[0].split(separator: " ")[1]))
                let headers = lines.dropFirst().map { line in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    return (name: parts[0].lowercased(), value: parts[1].trimmingCharacters(in: .whitespaces))
                }
                let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
                let bodyLength = toHead ? 0 : length
                let headLength = text[..<end.upperBound].utf8.count
                while rest.readableBytes < headLength + bodyLength { try await receive() }
                rest.moveReaderIndex(forwardBy: headLength)
                let body = rest.readString(length: bodyLength) ?? ""
                return RawResponse(status: status, headers: headers, body: body)
            }
            try await receive()
        }
    }

    private mutating func receive() async throws {
        guard var bytes = try await inbound.next(isolation: #isolation) else { throw Closed() }
        rest.writeBuffer(&bytes)
    }

    /// Reads on until at least so many bytes came, which are dropped.
    ///
    /// - Returns: how many came; fewer than asked for only if the server closed.
    mutating func drop(atLeast count: Int) async -> Int {
        var dropped = 0
        while dropped < count, let bytes = try? await inbound.next(isolation: #isolation) {
            dropped += bytes.readableBytes
        }
        return dropped
    }

    /// Reads until the server closes; what came, or nil if it reset the connection.
    mutating func readToEnd() async -> String? {
        do {
            while var bytes = try await inbound.next(isolation: #isolation) { rest.writeBuffer(&bytes) }
            return String(buffer: rest)
        } catch {
            return nil
        }
    }
}
