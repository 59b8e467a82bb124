import MediaRules

/// The filter graph that turns one decoded stream into all pictures of one run.
///
/// https://ffmpeg.org/ffmpeg-filters.html. Rotation is no part of it: ffmpeg turns the frames before the first filter.
struct FilterGraph: Sendable {
    /// Whether the source's frames hold two fields.
    var isInterlaced = false
    /// The transfer function of a source with high dynamic range: `smpte2084` or `arib-std-b67`.
    var highDynamicRange: String?
    /// Whether the source has transparent pixels, to be put on white.
    var hasAlpha = false
    /// Whether the last frame is shown until the output's end, which must be bounded then.
    ///
    /// In a GIF every frame has its own duration; ffmpeg ends with the last frame's beginning.
    var holdsLastFrame = false
    /// The constant frame rate of the output.
    var frameRate: VideoFacts.Ratio
    /// The output sizes, the largest first; labelled `v0`, `v1`, ….
    var sizes: [FrameSize]
    /// When the still picture (label `poster`, size of `v0`) is taken, in seconds; nil for none.
    var posterAt: Double?

    /// The graph's text.
    var description: String {
        let common = (source + [scaled(first: sizes[0])]).joined(separator: ",")
        let branches = sizes.indices.map { "s\($0)" } + (posterAt == nil ? [] : ["still"])
        let outputs = branches.map { "[\($0)]" }.joined()
        var chains = ["\(alpha)\(common),split=\(branches.count)\(outputs)"]
        for (index, size) in sizes.enumerated() {
            chains.append(
                index == 0 ? "[s0]null[v0]" : "[s\(index)]scale=\(size.width):\(size.height),setsar=1[v\(index)]")
        }
        if let posterAt {
            // Two frames' time, so that only these are converted.
            let span = 2 / max(frameRate.value, 0.01)
            chains.append(
                "[still]trim=start=\(posterAt):duration=\(span),setpts=PTS-STARTPTS,scale=out_range=pc,"
                    + "format=yuvj420p[poster]")
        }
        return chains.joined(separator: ";")
    }

    private var alpha: String {
        guard hasAlpha else { return "[0:V:0]" }
        return "[0:V:0]format=rgba,split[below][above];[below]lutrgb=r=255:g=255:b=255:a=255[white];"
            + "[white][above]overlay=format=rgb,"
    }

    private var source: [String] {
        let rate = "fps=\(frameRate.numerator)/\(frameRate.denominator)"
        let held = holdsLastFrame ? [rate, "tpad=stop=-1:stop_mode=clone"] : [rate]
        return isInterlaced ? ["yadif"] + held : held
    }

    /// To the largest size, BT.709, 8 bits, square pixels.
    private func scaled(first size: FrameSize) -> String {
        guard let highDynamicRange else {
            return "scale=\(size.width):\(size.height):out_color_matrix=bt709:out_range=tv,format=yuv420p,setsar=1"
        }
        // PQ and HLG come with the primaries and matrix of BT.2020 (ITU-R BT.2100); said aloud, since many files do not
        // tag all three and zscale refuses to guess. 100 cd/m² is the white of BT.709.
        return "setparams=color_primaries=bt2020:color_trc=\(highDynamicRange):colorspace=bt2020nc,"
            + "zscale=w=\(size.width):h=\(size.height):t=linear:npl=100,"
            + "format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv,format=yuv420p,setsar=1"
    }
}
