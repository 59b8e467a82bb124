import MediaCore
import MediaRules

/// One run of ffmpeg that copies MP4s into HLS streams, each a fragmented MP4 in a single file.
struct HLSPackaging: Sendable {
    /// One MP4 to copy.
    struct Source: Sendable {
        /// The options that open it.
        var input: [String]
        /// The size of its pictures; names the output.
        var size: FrameSize
    }

    /// The MP4s.
    var sources: [Source]
    /// Whether they have sound.
    var hasSound: Bool

    /// The stream's name in the output folder.
    static func fileName(_ size: FrameSize) -> String { "\(size.width)x\(size.height).m4s" }
    /// The name of ffmpeg's playlist in the output folder.
    static func playlistName(_ size: FrameSize) -> String { "\(size.width)x\(size.height).m3u8" }

    /// Returns ffmpeg's arguments.
    func arguments(folder: String) -> [String] {
        var line = FFmpeg.common + sources.flatMap(\.input)
        for (index, source) in sources.enumerated() {
            line += ["-map", "\(index):V:0"] + (hasSound ? ["-map", "\(index):a:0"] : []) + ["-c", "copy"]
            line += FFmpeg.clean + FFmpeg.withoutMessages
            // Four seconds: two groups of pictures of ours.
            line += ["-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"]
            line += ["-hls_flags", "single_file", "-hls_segment_filename", "\(folder)/\(Self.fileName(source.size))"]
            line.append("\(folder)/\(Self.playlistName(source.size))")
        }
        return line
    }
}
