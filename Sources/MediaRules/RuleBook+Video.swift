package import XMedia

extension RuleBook {
    /// Judges a video by what a probe found.
    ///
    /// A video that breaks no rule is *compliant*: it is remuxed, not transcoded.
    ///
    /// | rule | breaking it | source |
    /// | --- | --- | --- |
    /// | `file.type`, `file.bytes` | refuses | introduction |
    /// | `video.encrypted`, `video.stream` | refuses | nothing to show |
    /// | `video.duration` | refuses; unknown: converts, and the caller judges the measured duration | introduction |
    /// | `video.dimensions` | refuses: a side under 32 or over 8192 pixels | best practices; Roost |
    /// | `video.aspect_ratio` | refuses | best practices |
    /// | `video.resolution` | converts: larger than 1280×1024 | best practices |
    /// | `video.frame_rate`, `video.variable_frame_rate` | converts | best practices; Roost |
    /// | `video.pixel_format`, `video.dynamic_range` | converts | best practices: YUV 4:2:0 |
    /// | `video.interlaced`, `video.pixel_aspect`, `video.open_gop` | converts | best practices |
    /// | `video.rotation` | converts | Roost: HLS players ignore the matrix of a track |
    /// | `video.container`, `video.codec`, `video.streams` | converts | best practices: H.264 in MP4 |
    /// | `audio.codec`, `audio.channels`, `audio.streams` | converts | best practices: AAC LC, mono or stereo |
    ///
    /// - Returns: the broken rules, those that refuse first.
    package func judge(video: VideoFacts, bytes: Int64, category: MediaCategory) -> [BrokenRule] {
        guard let bounds = limits(for: category).video, accepts(video.container, in: category) else {
            return judgeDeclaration(category: category, mediaType: video.container, totalBytes: bytes)
        }
        var broken = judge(bytes: bytes, category: category)
        if video.isEncrypted {
            broken.append(
                BrokenRule(
                    "video.encrypted", message: "The video is encrypted.", found: "encrypted", allowed: "not encrypted",
                    fix: "Export the video without copy protection."))
        }
        guard let picture = video.picture, picture.isDecodable, picture.width > 0, picture.height > 0 else {
            broken.append(
                BrokenRule(
                    "video.stream", message: "The file has no video that can be decoded.",
                    found: video.picture?.codec ?? "no video stream", allowed: "one video stream, best H.264",
                    fix: "Convert the file to MP4 with H.264 video."))
            return broken + judge(durationOf: video, bounds)
        }
        broken += judge(durationOf: video, bounds) + judge(shapeOf: picture, bounds)
        broken += judge(pictureOf: picture, bounds) + judge(streamsOf: video)
        return broken.refusals + broken.filter { $0.consequence == .convert }
    }

    /// Whether a post may carry a video of this duration; rule `post.video_duration`, to be answered with 403.
    ///
    /// X's text: "This user is not allowed to post a video longer than 20 minutes."
    package func judgePost(videoDurationMs: Int64) -> [BrokenRule] {
        guard videoDurationMs > postMaxVideoDurationMs else { return [] }
        let minutes = Measure.decimal(Double(postMaxVideoDurationMs) / 60_000)
        return [
            BrokenRule(
                "post.video_duration",
                message: "This user is not allowed to post a video longer than \(minutes) minutes.",
                found: Measure.duration(videoDurationMs), allowed: "up to \(Measure.duration(postMaxVideoDurationMs))",
                fix: "Cut the video and upload it again.")
        ]
    }

    private func judge(durationOf video: VideoFacts, _ bounds: VideoLimits) -> [BrokenRule] {
        let shortest = Measure.duration(bounds.minDurationMs)
        let longest = Measure.duration(bounds.maxDurationMs)
        guard let duration = video.durationMs else {
            return [
                converted(
                    "video.duration", "The file does not say how long the video is.", found: "unknown",
                    allowed: "\(shortest) to \(longest)")
            ]
        }
        guard duration < bounds.minDurationMs || duration > bounds.maxDurationMs else { return [] }
        let isShort = duration < bounds.minDurationMs
        return [
            BrokenRule(
                "video.duration",
                message: isShort
                    ? "The video of \(duration) ms is shorter than \(shortest)."
                    : "The video of \(duration) ms is longer than \(longest).",
                found: "\(duration) ms", allowed: "\(shortest) to \(longest)",
                fix: isShort ? "Make the video at least \(shortest) long." : "Cut the video to \(longest) or less.")
        ]
    }

    private func judge(shapeOf picture: VideoFacts.Picture, _ bounds: VideoLimits) -> [BrokenRule] {
        let (width, height) = (picture.displayWidth, picture.displayHeight)
        let found = Measure.size(width, height)
        let (long, short) = (max(width, height), min(width, height))
        var broken: [BrokenRule] = []
        // Both the coded and the displayed picture: the first is what a decoder allocates, the second what is shown.
        let (coded, least) = (max(picture.width, picture.height), min(picture.width, picture.height))
        if min(short, least) < bounds.minDimension || max(long, coded) > bounds.maxDimension {
            let range = "\(bounds.minDimension) to \(bounds.maxDimension) pixels a side"
            broken.append(
                BrokenRule(
                    "video.dimensions", message: "The video has \(found) pixels, outside of \(range).",
                    found: found, allowed: range, fix: "Scale the video into these bounds."))
        } else if long > bounds.compliantLongSide || short > bounds.compliantShortSide {
            broken.append(
                converted(
                    "video.resolution", "The video has \(found) pixels and is scaled down.", found: found,
                    allowed: "up to \(Measure.size(bounds.compliantLongSide, bounds.compliantShortSide)), or turned"))
        }
        if long > short.multipliedReportingOverflow(by: bounds.maxAspect).partialValue {
            let ratio = bounds.maxAspect
            broken.append(
                BrokenRule(
                    "video.aspect_ratio",
                    message: "The video of \(found) is narrower than 1:\(ratio) or wider than \(ratio):1.",
                    found: "\(Measure.decimal(Double(width) / Double(max(height, 1)))):1",
                    allowed: "1:\(ratio) to \(ratio):1",
                    fix: "Crop the video, or put bars beside it."))
        }
        return broken
    }

    /// A rule whose breaking costs a conversion and needs nothing from the client.
    func converted(_ rule: String, _ message: String, found: String, allowed: String) -> BrokenRule {
        BrokenRule(
            rule, message: message, found: found, allowed: allowed,
            fix: "Nothing; it is converted. Upload what is allowed to avoid the conversion.", consequence: .convert)
    }
}
