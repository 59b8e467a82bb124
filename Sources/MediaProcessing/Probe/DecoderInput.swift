import MediaRules

/// The options by which ffmpeg and ffprobe open an original.
///
/// The demuxer is forced to what our own sniffing found: left to itself, ffmpeg takes a text that begins as a playlist for
/// a playlist and opens the files it names. Only the `file` protocol is allowed, and a QuickTime movie's references to
/// other files are not followed.
enum DecoderInput {
    /// Returns the options up to and with the input, nil for a type that no demuxer here takes.
    static func options(_ type: SniffedType, path: String) -> [String]? {
        demuxer(type).map { $0 + ["-i", "file:\(path)"] }
    }

    private static func demuxer(_ type: SniffedType) -> [String]? {
        let base = ["-protocol_whitelist", "file", "-f"]
        switch type {
        case .mp4, .quickTime: return base + ["mov", "-enable_drefs", "0"]
        case .webm: return base + ["matroska"]
        case .mpegTS: return base + ["mpegts"]
        case .gif: return base + ["gif"]
        default: return nil
        }
    }
}
