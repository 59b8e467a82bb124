import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A client that agrees on HTTP/2, sends some bytes, and never answers anything.
struct MuteClient: Sendable {
    /// The preface and empty settings (RFC 9113, 3.4).
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(type: 4, stream: 0)

    /// Keeps what comes.
    private final class Keeper: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        let bytes = Mutex<[UInt8]>([])

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let new = Array(Self.unwrapInboundIn(data).readableBytesView)
            bytes.withLock { $0 += new }
        }

        // Connections end in many ways, of which the close future tells.
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    /// The fields of a request: some of the static table, two of its names with values (RFC 7541, appendix A).
    static func fields(isPost: Bool = false, _ path: String) -> [UInt8] {
        [isPost ? 0x83 : 0x82, 0x87, 0x04, UInt8(path.utf8.count)] + Array(path.utf8) + [0x01, 0x01, 0x61]
    }

    private let keeper: Keeper
    private let channel: any Channel

    /// A frame (RFC 9113, 4.1).
    static func frame(type: UInt8, flags: UInt8 = 0, stream: UInt8, _ payload: [UInt8] = []) -> [UInt8] {
        [0, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF), type, flags, 0, 0, 0, stream] + payload
    }

    static func connect(port: Int, sending bytes: [UInt8] = preface) async throws -> MuteClient {
        let keeper = Keeper()
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    var tls = TLSConfiguration.makeClientConfiguration()
                    tls.certificateVerification = .none
                    tls.applicationProtocols = ["h2"]
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: NIOSSLContext(configuration: tls), serverHostname: nil))
                    try channel.pipeline.syncOperations.addHandler(keeper)
                    return channel
                }
            }
        // On a busy machine the server may have closed it already, which is what some tests wait for.
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        return MuteClient(keeper: keeper, channel: channel)
    }

    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// How many bytes more the server has allowed on a stream since its begin (RFC 9113, 6.9).
    func allowance(ofStream stream: UInt8) -> Int {
        let bytes = keeper.bytes.withLock { $0 }
        var (start, sum) = (0, 0)
        while start + 9 <= bytes.count {
            let length = Int(bytes[start]) << 16 | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
            if bytes[start + 3] == 8, bytes[start + 8] == stream, start + 13 <= bytes.count {
                sum += bytes[(start + 9)..<(start + 13)].reduce(0) { $0 << 8 | Int($1) }
            }
            start += 9 + length
        }
        return sum
    }

    /// Closes the connection.
    func close() async throws { try await channel.close() }

    /// Returns when the server has closed the connection: all that came, frames and text.
    @discardableResult
    func closed() async throws -> String {
        try await channel.closeFuture.get()
        return keeper.bytes.withLock { String(decoding: $0, as: UTF8.self) }
    }
}
