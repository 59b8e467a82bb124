package import XMedia

extension RuleBook {
    /// Judges an image by its header, before a pixel is decoded.
    ///
    /// Every rule refuses.
    ///
    /// | rule | what |
    /// | --- | --- |
    /// | `file.type` | the type, also that animations other than GIF are no images here |
    /// | `file.bytes` | the file's size |
    /// | `image.dimensions` | width and height as displayed |
    /// | `image.pixels` | their product |
    /// | `image.scans` | how often a JPEG's decoder passes over them |
    /// | `gif.dimensions`, `gif.frames`, `gif.pixels`, `gif.duration` | of animated GIFs, also in image categories |
    package func judge(
        image: ImageHeader, type: SniffedType, bytes: Int64, category: MediaCategory
    ) -> [BrokenRule] {
        let limits = limits(for: category)
        var broken = judge(type: type, declared: nil, category: category) + judge(bytes: bytes, category: category)
        guard image.isAnimated else {
            if let bounds = limits.image { broken += judge(still: image, bounds) }
            return broken
        }
        if type == .gif {
            if let bounds = limits.gif { broken += judge(animation: image, bounds) }
        } else {
            broken.append(foreignAnimation(image, type))
        }
        return broken
    }

    private func judge(still image: ImageHeader, _ bounds: ImageLimits) -> [BrokenRule] {
        let (width, height) = (image.displayWidth, image.displayHeight)
        let found = Measure.size(width, height)
        guard (bounds.minWidth...max(bounds.minWidth, bounds.maxWidth)).contains(width),
            (bounds.minHeight...max(bounds.minHeight, bounds.maxHeight)).contains(height)
        else {
            let smallest = Measure.size(bounds.minWidth, bounds.minHeight)
            let largest = Measure.size(bounds.maxWidth, bounds.maxHeight)
            return [
                BrokenRule(
                    "image.dimensions",
                    message: "The picture has \(found) pixels, outside of \(smallest) to \(largest).",
                    found: found, allowed: "\(smallest) to \(largest)", fix: "Scale the picture into these bounds.")
            ]
        }
        let pixels = Int64(width) * Int64(height)
        guard pixels > bounds.maxPixels else { return judge(scansOf: image, pixels: pixels, bounds) }
        return [
            BrokenRule(
                "image.pixels", message: "The picture of \(found) has \(pixels) pixels, more than \(bounds.maxPixels).",
                found: "\(pixels) pixels", allowed: "up to \(bounds.maxPixels) pixels", fix: "Scale the picture down.")
        ]
    }

    private func judge(scansOf image: ImageHeader, pixels: Int64, _ bounds: ImageLimits) -> [BrokenRule] {
        let most = max(1, bounds.maxScanPixels / pixels)
        guard Int64(image.scanCount) > most else { return [] }
        return [
            BrokenRule(
                "image.scans",
                message: "The progressive JPEG has \(image.scanCount) scans; for its size there may be \(most).",
                found: "\(image.scanCount) scans", allowed: "up to \(most) scans",
                fix: "Save it as a JPEG that is not progressive.")
        ]
    }

    private func judge(animation image: ImageHeader, _ bounds: GIFLimits) -> [BrokenRule] {
        var broken: [BrokenRule] = []
        let found = Measure.size(image.displayWidth, image.displayHeight)
        if image.displayWidth > bounds.maxWidth || image.displayHeight > bounds.maxHeight {
            let largest = Measure.size(bounds.maxWidth, bounds.maxHeight)
            broken.append(
                BrokenRule(
                    "gif.dimensions", message: "The animated GIF has \(found) pixels, more than \(largest).",
                    found: found, allowed: "up to \(largest)", fix: "Scale the GIF down, or upload it as a video."))
        }
        if image.frameCount > bounds.maxFrames {
            broken.append(
                BrokenRule(
                    "gif.frames",
                    message: "The animated GIF has \(image.frameCount) frames, more than \(bounds.maxFrames).",
                    found: "\(image.frameCount) frames", allowed: "up to \(bounds.maxFrames) frames",
                    fix: "Drop frames, or upload it as a video."))
        }
        let pixels = Int64(image.width) * Int64(image.height) * Int64(image.frameCount)
        if pixels > bounds.maxPixelsTotal {
            broken.append(
                BrokenRule(
                    "gif.pixels",
                    message: "The GIF's frames together have \(pixels) pixels, more than \(bounds.maxPixelsTotal).",
                    found: "\(pixels) pixels", allowed: "up to \(bounds.maxPixelsTotal) pixels in all frames",
                    fix: "Scale the GIF down, drop frames, or upload it as a video."))
        }
        if let duration = image.durationMs, duration > bounds.maxDurationMs {
            let longest = Measure.duration(bounds.maxDurationMs)
            broken.append(
                BrokenRule(
                    "gif.duration", message: "The animated GIF runs for \(duration) ms, longer than \(longest).",
                    found: "\(duration) ms", allowed: "up to \(longest)",
                    fix: "Shorten the delays between its frames, or upload it as a video."))
        }
        return broken
    }

    /// Roost's choice, after X's own for PNG in December 2019 (posts no longer take animated PNGs): showing only the first
    /// frame would lose content without a word.
    private func foreignAnimation(_ image: ImageHeader, _ type: SniffedType) -> BrokenRule {
        BrokenRule(
            "file.type", message: "The \(type.rawValue) file is an animation; only GIF animations are taken.",
            found: "animated \(type.rawValue), \(image.frameCount) frames",
            allowed: "still \(type.rawValue), animated GIF",
            fix: "Save it as an animated GIF or as a video.")
    }
}
