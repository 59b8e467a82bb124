import MediaCore
import MediaRules

/// One run of ffmpeg that copies a compliant original into an HLS stream, a fragmented MP4 in a single file.
struct HLSPackaging: Sendable {
    /// The size of its pictures; names the output.
    var size: FrameSize
    /// Whether it has sound.
    var hasSound: Bool

    /// The stream's name in the output folder.
    static func fileName(_ size: FrameSize) -> String { "\(size.width)x\(size.height).m4s" }
    /// The name of ffmpeg's playlist in the output folder.
    static func playlistName(_ size: FrameSize) -> String { "\(size.width)x\(size.height).m3u8" }

    /// Returns ffmpeg's arguments.
    func arguments(input: [String], folder: String) -> [String] {
        let streams = ["-map", "0:V:0"] + (hasSound ? ["-map", "0:a:0"] : []) + ["-c", "copy"]
        return FFmpeg.common + input + streams + FFmpeg.clean + FFmpeg.withoutMessages
            + Self.options(size, folder: folder) + ["\(folder)/\(Self.playlistName(size))"]
    }

    /// The stream as one of several files of the same encoded frames.
    static func teeOutput(_ size: FrameSize, folder: String) -> String {
        let filter = FFmpeg.withoutMessages[1]
        return "[\(Tee.options(options(size, folder: folder) + ["-bsfs/v", filter]))]"
            + Tee.escaped("\(folder)/\(playlistName(size))")
    }

    private static func options(_ size: FrameSize, folder: String) -> [String] {
        // Four seconds: two groups of pictures of ours.
        ["-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"]
            + ["-hls_flags", "single_file", "-hls_segment_filename", "\(folder)/\(fileName(size))"]
    }
}
