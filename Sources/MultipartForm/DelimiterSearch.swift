import CWireBytes
import NIOCore

/// Finds `CR LF -- boundary` in bytes that arrive in buffers of any size, and gives away everything else uncopied.
///
/// A boundary contains no CR, so that a delimiter's first byte occurs in it once. Two things follow. A mismatch after
/// *n* matched bytes cannot hide another beginning among them. And bytes held back at the end of a buffer are always
/// the delimiter's own first bytes: they are not kept but counted, and given away as a slice of the delimiter when the
/// next buffer shows that they were content.
struct DelimiterSearch {
    /// What a step found.
    enum Finding {
        /// Bytes before the delimiter; never empty.
        case content(ByteBuffer)
        /// The delimiter, which has been read up to its end.
        case delimiter
        /// Everything has been read; what comes next decides.
        case needsMore
    }

    private let delimiter: ByteBuffer
    /// The delimiter's bytes that were read but not given away.
    ///
    /// The lower bound is more than 0 where a line
    /// begins: the CR LF in front of it then ends something else and is no content.
    private var held: Range<Int>

    /// Starts at the beginning of a line.
    init(boundary: MultipartBoundary) {
        delimiter = ByteBuffer(string: "\r\n--" + boundary.value)
        held = 2..<2
    }

    /// Starts anew at the beginning of a line: of the body, or of a part's content.
    ///
    /// RFC 2046 §5.1.1 lets a boundary follow there at once, its CR LF being the one that ended the line before.
    mutating func restart() {
        held = 2..<2
    }

    /// Reads content or the delimiter from the front of `input`.
    mutating func next(in input: inout ByteBuffer) -> Finding {
        if held.upperBound > 0, let finding = resume(in: &input) { return finding }
        guard input.readableBytes > 0 else { return .needsMore }
        let found = find(in: input.readableBytesView)
        if found.lowerBound > 0, let content = input.readSlice(length: found.lowerBound) {
            return .content(content)
        }
        input.moveReaderIndex(forwardBy: found.count)
        if found.count == delimiter.readableBytes { return .delimiter }
        held = 0..<found.count
        return .needsMore
    }

    /// Goes on with a delimiter of which the first bytes were read before.
    ///
    /// - Returns: `nil` when it turned out to be none and nothing was held back.
    private mutating func resume(in input: inout ByteBuffer) -> Finding? {
        let missing = delimiter.readableBytes - held.upperBound
        let compared = min(missing, input.readableBytes)
        let isMatch = delimiter.withUnsafeReadableBytes { expected in
            input.withUnsafeReadableBytes { found in
                found.prefix(compared).elementsEqual(expected[held.upperBound...].prefix(compared))
            }
        }
        guard isMatch else {
            let content = delimiter.getSlice(at: held.lowerBound, length: held.count)
            let isEmpty = held.isEmpty
            held = 0..<0
            return isEmpty ? nil : content.map(Finding.content)
        }
        input.moveReaderIndex(forwardBy: compared)
        held = held.lowerBound..<(held.upperBound + compared)
        return compared == missing ? .delimiter : .needsMore
    }

    /// Finds the first delimiter, or the beginning of one at the end.
    ///
    /// - Returns: The offsets of it; empty at the end when there is none.
    private func find(in bytes: ByteBufferView) -> Range<Int> {
        delimiter.withUnsafeReadableBytes { needle in
            bytes.withUnsafeBytes { haystack in
                guard let first = needle.baseAddress, let start = haystack.baseAddress else { return 0..<0 }
                let found = roost_find_needle(
                    start.assumingMemoryBound(to: UInt8.self), haystack.count,
                    first.assumingMemoryBound(to: UInt8.self), needle.count, ROOST_KERNEL_BEST)
                return found..<min(found + needle.count, haystack.count)
            }
        }
    }
}
