/// The parameters that a signature covers, each in its one encoded form (RFC 5849 §3.4.1.3).
package struct SignatureParameters: Sendable {
    private struct Pair {
        /// `name=value`, encoded.
        let bytes: [UInt8]
        /// The bytes before the `=`.
        let nameCount: Int

        var name: ArraySlice<UInt8> { bytes[..<nameCount] }
        var value: ArraySlice<UInt8> { bytes[(nameCount + 1)...] }

        /// By name, then by value, byte by byte (§3.4.1.3.2).
        static func precedes(_ left: Pair, _ right: Pair) -> Bool {
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value)
                : left.name.lexicographicallyPrecedes(right.name)
        }
    }

    private var pairs: [Pair] = []

    /// No parameters.
    package init() {}

    /// Adds a parameter, not encoded.
    package mutating func add(_ name: String, _ value: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.utf8.count + value.utf8.count + 1)
        PercentEncoding.append(name.utf8, to: &bytes)
        let nameCount = bytes.count
        bytes.append(UInt8(ascii: "="))
        PercentEncoding.append(value.utf8, to: &bytes)
        pairs.append(Pair(bytes: bytes, nameCount: nameCount))
    }

    /// Adds the parameters of a query, or of a body in `application/x-www-form-urlencoded`.
    ///
    /// - Parameters:
    ///   - text: the encoded form, as it came over the wire.
    ///   - space: how the client wrote spaces when it signed.
    ///   - keepsRepeated: whether parameters count that are there already, name and value.
    package mutating func add(
        urlencoded text: some Collection<UInt8>, space: PercentEncoding.Space = .percent20, keepsRepeated: Bool = true
    ) {
        for field in text.split(separator: UInt8(ascii: "&")) {
            let name = field.prefix { $0 != UInt8(ascii: "=") }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(field.count + 16)
            PercentEncoding.append(urlencoded: name, space: space, to: &bytes)
            let nameCount = bytes.count
            bytes.append(UInt8(ascii: "="))
            PercentEncoding.append(urlencoded: field.dropFirst(name.count + 1), space: space, to: &bytes)
            if !keepsRepeated, pairs.contains(where: { $0.bytes == bytes }) { continue }
            pairs.append(Pair(bytes: bytes, nameCount: nameCount))
        }
    }

    /// All parameters, sorted and joined (§3.4.1.3.2).
    package var normalized: [UInt8] {
        var joined: [UInt8] = []
        joined.reserveCapacity(pairs.reduce(0) { $0 + $1.bytes.count + 1 })
        for pair in pairs.sorted(by: Pair.precedes) {
            if !joined.isEmpty { joined.append(UInt8(ascii: "&")) }
            joined += pair.bytes
        }
        return joined
    }
}
