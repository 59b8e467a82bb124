package import NIOCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// An IPv4 or IPv6 address.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// 16 bytes; IPv4 as IPv6 maps it, `::ffff:192.0.2.1` (RFC 4291, 2.5.5.2), so that a dual-stack socket's addresses are
    /// the same as others'.
    let bytes: [UInt8]

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]

    var isIPv4: Bool { bytes.starts(with: Self.mapped) }

    /// Reads `192.0.2.1` or `2001:db8::1`; nil for everything else, also for an address with a zone, which is of one
    /// machine's interfaces.
    package init?(_ text: String) {
        guard text.utf8.count <= 45 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.bytes = bytes
        } else if inet_pton(AF_INET, text, &bytes) == 1 {
            self.bytes = Self.mapped + bytes.prefix(4)
        } else {
            return nil
        }
    }

    /// The address of a socket; nil when it has none, as a Unix socket.
    package init?(_ address: SocketAddress) {
        guard let text = address.ipAddress else { return nil }
        self.init(String(text.prefix { $0 != "%" }))
    }

    package var description: String {
        let packed = ByteBuffer(bytes: isIPv4 ? bytes[12...] : bytes[...])
        return (try? SocketAddress(packedIPAddress: packed, port: 0))?.ipAddress ?? "?"
    }

    /// Whom to count guesses for: one household has all of the last 64 bits of an IPv6 address.
    package var household: String {
        if isIPv4 { return description }
        let packed = ByteBuffer(bytes: bytes.prefix(8) + Array(repeating: 0, count: 8))
        return ((try? SocketAddress(packedIPAddress: packed, port: 0))?.ipAddress ?? "?") + "/64"
    }
}

/// Addresses that begin with the same bits: `10.0.0.0/8`, `2001:db8::/32`, or a single one.
package struct IPRange: Sendable, Hashable {
    private let bytes: [UInt8]
    private let bits: Int

    /// Reads a range; nil for what is none.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        let most = address.isIPv4 ? 32 : 128
        var length = most
        if parts.count == 2 {
            guard let number = Int(parts[1]), (0...most).contains(number) else { return nil }
            length = number
        }
        bytes = address.bytes
        bits = length + 128 - most
    }

    /// Whether the address is one of them.
    package func contains(_ address: IPAddress) -> Bool {
        let whole = bits / 8
        guard address.bytes.prefix(whole) == bytes.prefix(whole) else { return false }
        guard bits % 8 != 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> (bits % 8))
        return address.bytes[whole] & mask == bytes[whole] & mask
    }
}
