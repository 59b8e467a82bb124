/// Bytes that can be read at any offset: a file, a list of segments, or an array.
///
/// The header readers ask for a few small ranges only and never for the whole, so a source may be slow to seek.
package protocol ByteSource {
    /// The number of bytes there are.
    var size: Int64 { get }

    /// Returns `count` bytes from `offset` on, fewer only where the source ends, none from its end on.
    ///
    /// Both numbers are 0 or more; `offset` counts from the start of the source.
    ///
    /// - Throws: what reading failed with.
    func read(at offset: Int64, count: Int) throws -> [UInt8]
}

/// A byte source in memory.
package struct ArrayByteSource: ByteSource, Sendable {
    /// All bytes.
    package let bytes: [UInt8]

    /// Makes a source of these bytes.
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The number of bytes.
    package var size: Int64 { Int64(bytes.count) }

    /// Returns a copy of the range, cut at the end of the array.
    package func read(at offset: Int64, count: Int) -> [UInt8] {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        let start = Int(offset)
        return Array(bytes[start..<start + min(count, bytes.count - start)])
    }
}
