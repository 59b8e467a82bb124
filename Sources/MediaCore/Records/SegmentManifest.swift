import MediaRules
import XMedia

/// The list of counting segments that finalize freezes.
package struct SegmentManifest: Sendable, Equatable {
    /// Why a list cannot be closed.
    package enum Fault: Error, Sendable, Equatable {
        /// No segment was received.
        case empty
        /// These indexes, below the highest one received, were not received (ranges in order, at most 20 of them).
        case missing([ClosedRange<Int>], receivedBytes: Int64, declaredBytes: Int64?)
        /// The segments are contiguous, but their bytes are not those declared.
        case sizeMismatch(receivedBytes: Int64, declaredBytes: Int64, segments: Int)
        /// Without a declared size: more bytes than the category allows.
        case tooLarge(receivedBytes: Int64, limit: Int64)
    }

    /// The segments, index 0 first, without gaps.
    package let segments: [Segment]
    /// The sum of their bytes.
    package let size: Int64

    /// Closes a list of segments.
    ///
    /// - Parameters:
    ///   - segments: the counting segments ordered by index.
    ///   - declaredBytes: `total_bytes`; nil or 0 when none was declared.
    ///   - limit: the most bytes that the category allows.
    /// - Throws: ``Fault``, naming exactly what is missing.
    package init(closing segments: [Segment], declaredBytes: Int64?, limit: Int64) throws(Fault) {
        let size = segments.reduce(into: Int64(0)) { $0 += $1.size }
        guard let last = segments.last, size > 0 else { throw .empty }
        let declared = declaredBytes.flatMap { $0 > 0 ? $0 : nil }
        if last.index + 1 != segments.count {
            throw .missing(Self.gaps(in: segments), receivedBytes: size, declaredBytes: declared)
        }
        if let declared, declared != size {
            throw .sizeMismatch(receivedBytes: size, declaredBytes: declared, segments: segments.count)
        }
        if size > limit { throw .tooLarge(receivedBytes: size, limit: limit) }
        self.segments = segments
        self.size = size
    }

    private static func gaps(in segments: [Segment]) -> [ClosedRange<Int>] {
        var gaps: [ClosedRange<Int>] = []
        var next = 0
        for segment in segments {
            if segment.index > next { gaps.append(next...(segment.index - 1)) }
            if gaps.count == 20 { break }
            next = segment.index + 1
        }
        return gaps
    }
}
