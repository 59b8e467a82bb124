import MediaRules

/// One run of ffmpeg that copies a compliant original's streams into a clean MP4 and takes its poster.
struct Remux: Sendable {
    /// Whether there is sound.
    var hasSound: Bool
    /// When the poster is taken, in seconds.
    var posterAt: Double
    /// How long to look for a frame there, in seconds.
    var posterSpan: Double

    /// The MP4's name in the output folder.
    static let fileName = "original.mp4"

    /// Returns ffmpeg's arguments.
    ///
    /// The original is opened twice: ffmpeg would decode all of an input of which one frame is wanted, and only on the
    /// second is it told to stop early.
    func arguments(input: [String], folder: String) -> [String] {
        var line = FFmpeg.common + input
        line += ["-threads", "1", "-ss", "\(posterAt)", "-t", "\(posterSpan)"] + input
        line += ["-map", "0:V:0"] + (hasSound ? ["-map", "0:a:0"] : []) + ["-c", "copy"] + FFmpeg.clean
        line += FFmpeg.withoutMessages
        line += FFmpeg.mp4 + ["\(folder)/\(Self.fileName)"]
        line += ["-map", "1:V:0", "-vf", "scale=out_range=pc,format=yuvj420p"] + FFmpeg.still
        return line + ["\(folder)/\(Encoding.stillName)"]
    }
}
