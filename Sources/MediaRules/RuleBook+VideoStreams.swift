import XMedia

/// The rules about how a video is made; breaking one costs a conversion.
extension RuleBook {
    func judge(pictureOf picture: VideoFacts.Picture, _ bounds: VideoLimits) -> [BrokenRule] {
        var broken: [BrokenRule] = []
        func check(_ holds: Bool, _ rule: String, _ message: String, found: String, allowed: String) {
            if !holds { broken.append(converted(rule, message, found: found, allowed: allowed)) }
        }
        let rate = max(picture.averageFrameRate?.value ?? 0, 0)
        // 60000/1001 and jitter of the time base must not count as more than 60.
        check(
            rate > 0 && rate <= Double(bounds.maxFrameRate) + 0.01, "video.frame_rate",
            "The frame rate is unknown or above \(bounds.maxFrameRate) a second.",
            found: rate > 0 ? "\(Measure.decimal(rate)) a second" : "unknown",
            allowed: "up to \(bounds.maxFrameRate) a second")
        check(
            picture.isVariableFrameRate == false, "video.variable_frame_rate",
            "The frames do not follow each other at equal distances.",
            found: picture.isVariableFrameRate == nil ? "undecided" : "variable", allowed: "constant frame rate")
        check(
            ["yuv420p", "yuvj420p"].contains(picture.pixelFormat), "video.pixel_format",
            "The pixels are not YUV 4:2:0 with 8 bits.", found: picture.pixelFormat ?? "unknown", allowed: "yuv420p")
        check(
            !picture.isHDR, "video.dynamic_range",
            "The video has a high dynamic range and is mapped to the standard one.",
            found: picture.colorTransfer ?? "unknown", allowed: "standard dynamic range (BT.709)")
        check(
            !picture.isInterlaced, "video.interlaced", "The frames are interlaced.",
            found: picture.fieldOrder ?? "unknown", allowed: "progressive")
        check(
            picture.hasSquarePixels, "video.pixel_aspect", "The pixels are not square.",
            found: picture.sampleAspectRatio.map { "\($0.numerator):\($0.denominator)" } ?? "unknown", allowed: "1:1")
        check(
            picture.hasOpenGOP == false, "video.open_gop", "A group of pictures may refer to the one before it.",
            found: picture.hasOpenGOP == nil ? "undecided" : "open", allowed: "closed groups of pictures")
        check(
            picture.rotation == 0, "video.rotation", "The picture is stored turned.",
            found: "\(picture.rotation)°", allowed: "0°")
        check(
            picture.codec == "h264", "video.codec", "The video is not H.264.", found: picture.codec, allowed: "h264")
        return broken
    }

    func judge(streamsOf video: VideoFacts) -> [BrokenRule] {
        var broken: [BrokenRule] = []
        if video.container != .mp4, video.container != .quickTime {
            broken.append(
                converted(
                    "video.container", "The file is no MP4.", found: video.container.rawValue, allowed: "video/mp4"))
        }
        if video.videoStreams > 1 {
            broken.append(
                converted(
                    "video.streams", "The file has more than one video stream; the first is kept.",
                    found: "\(video.videoStreams) video streams", allowed: "1 video stream"))
        }
        if video.audioStreams > 1 {
            broken.append(
                converted(
                    "audio.streams", "The file has more than one audio stream; the first is kept.",
                    found: "\(video.audioStreams) audio streams", allowed: "at most 1 audio stream"))
        }
        guard let sound = video.sound else { return broken }
        if sound.codec != "aac" || sound.profile != "LC" {
            broken.append(
                converted(
                    "audio.codec", "The sound is not AAC LC.",
                    found: sound.profile.map { "\(sound.codec) \($0)" } ?? sound.codec, allowed: "aac LC"))
        }
        if !(1...2).contains(sound.channels) {
            broken.append(
                converted(
                    "audio.channels", "The sound has \(sound.channels) channels and is mixed down to two.",
                    found: "\(sound.channels) channels", allowed: "1 or 2 channels"))
        }
        return broken
    }
}
