import MediaCore

/// Reads the media playlist that ffmpeg wrote beside a single-file stream.
///
/// Only RFC 8216 §4.3.2's `EXTINF`, `EXT-X-BYTERANGE` and `EXT-X-MAP` matter; ours are made from rows again.
struct MediaPlaylist: Sendable, Equatable {
    /// Bytes of the initialization section at the file's start.
    var initializationLength: Int64 = 0
    /// The segments in playing order.
    var segments: [HLSStream.Segment] = []

    /// Seconds of one segment, far above those that we ask for.
    private static let longest = 1e6

    /// Returns nil for a text that does not describe the bytes of one file from its start to its end without a gap.
    init?(_ text: String, fileSize: Int64) {
        var duration: Double?
        var end: Int64 = 0
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("#EXT-X-MAP:") {
                guard let range = Self.quoted("BYTERANGE", in: line).flatMap(Self.range), range.offset == 0,
                    end == 0, range.length <= fileSize
                else { return nil }
                initializationLength = range.length
                end = range.length
            } else if line.hasPrefix("#EXTINF:") {
                duration = Double(line.dropFirst(8).prefix { $0 != "," })
            } else if line.hasPrefix("#EXT-X-BYTERANGE:") {
                guard let range = Self.range(line.dropFirst(17)), let seconds = duration,
                    (0...Self.longest).contains(seconds), range.offset == end, range.length > 0,
                    range.length <= fileSize
                else { return nil }
                segments.append(.init(duration: seconds, offset: range.offset, length: range.length))
                end += range.length
                duration = nil
            }
        }
        guard initializationLength > 0, !segments.isEmpty, end <= fileSize else { return nil }
    }

    /// The bits per second over all segments (RFC 8216 §4.3.4.2, `AVERAGE-BANDWIDTH`).
    var averageBitRate: Int64 {
        let bits = segments.reduce(0) { $0 + $1.length } * 8
        let seconds = segments.reduce(0) { $0 + $1.duration }
        return Int64((Double(bits) / max(seconds, 0.1)).rounded(.up))
    }

    private static func quoted(_ name: String, in line: Substring) -> Substring? {
        for attribute in line.drop(while: { $0 != ":" }).dropFirst().split(separator: ",")
        where attribute.hasPrefix("\(name)=\"") && attribute.hasSuffix("\"") {
            return attribute.dropFirst(name.count + 2).dropLast()
        }
        return nil
    }

    /// Reads `length@offset`.
    private static func range(_ text: Substring) -> (length: Int64, offset: Int64)? {
        let parts = text.split(separator: "@")
        guard parts.count == 2, let length = Int64(parts[0]), let offset = Int64(parts[1]), length >= 0, offset >= 0
        else {
            return nil
        }
        return (length, offset)
    }
}
