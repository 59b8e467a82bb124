import Foundation
import ProgramSupport

/// A TCP connection to this machine on which an attacker writes what it likes; blocking, and without a library between.
final class Socket: @unchecked Sendable {
    private let descriptor: Int32

    /// Connects.
    ///
    /// - Parameter source: the last number of the address 127.0.0.n that it comes from; each has ports of its own.
    init(port: Int, source: Int = 1) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw RoostProcess.Failure(description: "no socket: errno \(errno)") }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        let isBound = Self.withAddress(last: source, port: 0) { bind(descriptor, $0, $1) } == 0
        guard isBound, Self.withAddress(last: 1, port: port, body: { connect(descriptor, $0, $1) }) == 0 else {
            let reason = errno
            close(descriptor)
            throw RoostProcess.Failure(description: "no connection: errno \(reason)")
        }
    }

    deinit { close(descriptor) }

    private static func withAddress<Value>(
        last: Int, port: Int, body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = (UInt32(0x7F00_0000) + UInt32(last)).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Writes all bytes; false when the connection is closed or, without waiting, full.
    @discardableResult
    func send(_ bytes: [UInt8], waits: Bool = true) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let flags = Int32(MSG_NOSIGNAL) | (waits ? 0 : Int32(MSG_DONTWAIT))
            let count = rest.withUnsafeBytes { Foundation.send(descriptor, $0.baseAddress, $0.count, flags) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func send(_ text: String, waits: Bool = true) -> Bool { send(Array(text.utf8), waits: waits) }

    /// What came; empty at the end of the connection, nil when nothing came in time.
    func receive(within milliseconds: Int32) -> [UInt8]? {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&wait, 1, milliseconds) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return Array(buffer.prefix(max(0, count)))
    }

    /// Everything up to the end of the connection, or until nothing came for a time.
    func receiveAll(quiet milliseconds: Int32) -> (text: String, isClosed: Bool) {
        var all: [UInt8] = []
        while let bytes = receive(within: milliseconds) {
            if bytes.isEmpty { return (String(decoding: all, as: UTF8.self), true) }
            all += bytes
        }
        return (String(decoding: all, as: UTF8.self), false)
    }

    /// Whether the other side has closed, and nothing is left to be read.
    var isClosed: Bool { receive(within: 0)?.isEmpty ?? false }

    /// Closes this side for writing.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes the close a reset: the other side gets RST instead of an end.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}
