/// Why a header could not be read.
package enum HeaderError: Error {
    /// The file ends inside of a structure that should go on.
    case truncated(at: Int64)
    /// The bytes contradict the format.
    case malformed(String)
    /// More structures than any honest file has; the reader stops before it costs time.
    case tooComplex(String)
    /// No reader exists for this type.
    case unsupported(SniffedType)
    /// The source could not be read.
    case source(any Error)
}

/// Reads small ranges of a source through a window, and counts what it costs.
///
/// Every header reader moves through its file with this; a budget of bytes bounds the time that a hostile file takes,
/// whatever lengths and counts it claims.
struct HeaderReader<Source: ByteSource> {
    private let source: Source
    /// The bytes that may still be fetched from the source.
    private var budget: Int
    /// The bytes that are fetched at least, so that neighbouring small reads cost one fetch.
    private let step: Int
    private var window: [UInt8] = []
    private var windowStart: Int64 = 0

    /// The number of bytes in the file.
    var size: Int64 { source.size }

    /// Makes a reader that fetches at most `budget` bytes.
    init(_ source: Source, budget: Int, step: Int = 4096) {
        self.source = source
        self.budget = budget
        self.step = step
    }

    /// Returns exactly `count` bytes.
    ///
    /// - Throws: `truncated` when the file is shorter, `tooComplex` when the budget is used up.
    mutating func bytes(at offset: Int64, count: Int) throws(HeaderError) -> [UInt8] {
        guard offset >= 0, count >= 0, Int64(count) <= size - min(offset, size) else { throw .truncated(at: size) }
        if !holds(offset, count) { try fetch(offset, count) }
        let start = Int(offset - windowStart)
        return Array(window[start..<start + count])
    }

    /// Returns one byte.
    ///
    /// - Throws: as ``bytes(at:count:)``.
    mutating func byte(at offset: Int64) throws(HeaderError) -> UInt8 {
        guard offset >= 0, offset < size else { throw .truncated(at: size) }
        if !holds(offset, 1) { try fetch(offset, 1) }
        return window[Int(offset - windowStart)]
    }

    /// Returns up to `count` bytes, fewer where the file ends.
    ///
    /// - Throws: `tooComplex` when the budget is used up.
    mutating func prefix(at offset: Int64, count: Int) throws(HeaderError) -> [UInt8] {
        try bytes(at: min(offset, size), count: Int(min(Int64(count), max(0, size - offset))))
    }

    private func holds(_ offset: Int64, _ count: Int) -> Bool {
        offset >= windowStart && offset + Int64(count) <= windowStart + Int64(window.count)
    }

    private mutating func fetch(_ offset: Int64, _ count: Int) throws(HeaderError) {
        let wanted = Int(min(Int64(max(count, step)), size - offset))
        budget -= wanted
        guard budget >= 0 else { throw .tooComplex("the structures of the file are too many or too far apart") }
        do { window = try source.read(at: offset, count: wanted) } catch { throw .source(error) }
        windowStart = offset
        guard window.count >= count else { throw .truncated(at: offset + Int64(window.count)) }
    }
}
