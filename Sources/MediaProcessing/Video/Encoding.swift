import MediaRules

/// One run of ffmpeg that decodes an original once and encodes all renditions asked for.
struct Encoding: Sendable {
    /// The pictures to make.
    var graph: FilterGraph
    /// Channels of the sound, 1 or 2; nil for none.
    var channels: Int?
    /// The longest output in seconds: a file that lies about its duration ends there.
    var longestSeconds: Double
    /// Threads of decoder, filters and each encoder.
    var threads: Int
    /// Whether each picture becomes an HLS stream too, of the same encoded frames.
    var hasHLS = false

    /// The output's name for a size, in the output folder.
    static func fileName(_ size: FrameSize) -> String { "\(size.width)x\(size.height).mp4" }

    /// The name of the still picture in the output folder; the poster is made of it.
    static let stillName = "still.jpg"

    /// Returns ffmpeg's arguments.
    ///
    /// - Parameters:
    ///   - input: the options that open the original.
    ///   - folder: the output folder as the decoder names it.
    /// - Returns: everything after the program.
    func arguments(input: [String], folder: String) -> [String] {
        var line = FFmpeg.common + ["-threads", "\(threads)"] + input
        line += ["-filter_complex_threads", "\(threads)", "-filter_complex", graph.description]
        for (index, size) in graph.sizes.enumerated() {
            line += ["-map", "[v\(index)]"] + video(size)
            if let channels { line += ["-map", "0:a:0"] + sound(channels) }
            line += FFmpeg.clean + ["-t", "\(longestSeconds)", "-threads", "\(threads)"]
            line += output(size, folder: folder)
        }
        if graph.posterAt != nil {
            line += ["-map", "[poster]"] + FFmpeg.still + ["\(folder)/\(Self.stillName)"]
        }
        return line
    }

    /// Where the frames of a size go.
    private func output(_ size: FrameSize, folder: String) -> [String] {
        let file = "\(folder)/\(Self.fileName(size))"
        guard hasHLS else { return FFmpeg.mp4 + [file] }
        // What a file's header needs stands there, and not before each key frame; ffmpeg sees to it for single outputs only.
        return ["-flags", "+cgop+global_header", "-f", "tee"]
            + ["[\(Tee.options(FFmpeg.mp4))]\(Tee.escaped(file))|\(HLSPackaging.teeOutput(size, folder: folder))"]
    }

    /// H.264 High, 4:2:0, closed groups of two seconds at the same times in all sizes, so that players can switch.
    private func video(_ size: FrameSize) -> [String] {
        let kilobits = Self.kilobits(size)
        return [
            "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p", "-crf", "23",
            "-maxrate", "\(kilobits)k", "-bufsize", "\(2 * kilobits)k", "-flags", "+cgop", "-sc_threshold", "0",
            "-g", "600", "-force_key_frames", "expr:gte(t,n_forced*2)",
            "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv",
        ]
    }

    /// AAC LC; gaps in the source's time become silence, so that sound and picture stay together.
    private func sound(_ channels: Int) -> [String] {
        [
            "-c:a", "aac", "-profile:a", "aac_low", "-b:a", "128k", "-ac", "\(channels)", "-ar", "48000",
            "-af", "aresample=async=1:first_pts=0",
        ]
    }

    /// The highest bit rate for a size, in kbit/s.
    ///
    /// X recommends 5 Mbit/s for 720p (https://docs.x.com/x-api/media/quickstart/best-practices, read 2026-11-21); the
    /// others follow with the number of pixels.
    static func kilobits(_ size: FrameSize) -> Int {
        switch size.shortSide {
        case 1000...: 10_000
        case 600...: 5000
        case 420...: 2500
        case 240...: 1200
        default: 600
        }
    }
}

/// Options that all runs of ffmpeg share.
enum FFmpeg {
    /// Quiet but for progress on standard output.
    static let common = [
        "-hide_banner", "-v", "error", "-nostdin", "-y", "-progress", "pipe:1", "-stats_period", "0.5",
    ]
    /// Nothing of the source's tags, places, chapters, subtitles and data goes into an output.
    static let clean = ["-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn"]
    /// Copied H.264 without its supplemental messages (ITU-T H.264, annex D): cameras write places and serial numbers there,
    /// and no decoder needs them for the pictures.
    static let withoutMessages = ["-bsf:v", "filter_units=remove_types=6"]
    /// MP4 whose index comes first.
    static let mp4 = ["-movflags", "+faststart", "-f", "mp4"]
    /// One JPEG.
    static let still = [
        "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "2", "-map_metadata", "-1", "-f", "image2", "-update", "1",
    ]
}
