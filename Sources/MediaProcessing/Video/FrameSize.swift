import MediaRules

/// Width and height of a rendition, in square pixels; both even, as 4:2:0 demands.
struct FrameSize: Sendable, Hashable {
    var width: Int
    var height: Int

    /// The shorter side.
    var shortSide: Int { min(width, height) }

    /// The size of a picture within bounds of its sides, never larger than the picture.
    ///
    /// - Parameters:
    ///   - width: the picture's.
    ///   - height: the picture's.
    ///   - shortSide: the bound of the shorter side.
    ///   - longSide: the bound of the longer side.
    /// - Returns: the picture's shape, as nearly as even numbers allow.
    static func fitting(width: Int, height: Int, shortSide: Int, longSide: Int) -> FrameSize {
        let (short, long) = (Double(min(width, height)), Double(max(width, height)))
        let scale = min(1, Double(shortSide) / short, Double(longSide) / long)
        return FrameSize(width: even(width, scale), height: even(height, scale))
    }

    /// The nearest even number that is not above the side; 2 at least.
    private static func even(_ side: Int, _ scale: Double) -> Int {
        max(2, min(side & ~1, Int((Double(side) * scale / 2).rounded()) * 2))
    }
}

/// The heights that a video is offered in.
///
/// Counted by the shorter side, so that 720×1280 is as much "720p" as 1280×720.
enum Ladder {
    /// The shorter sides, the largest first.
    static let rungs = [1080, 720, 480, 360]
    /// The most renditions of one video.
    static let most = 3

    /// Returns the sizes for a picture, the largest first; at least one, none larger than the picture or the bounds.
    ///
    /// A rung counts only when it is at least a sixth smaller than the one above: 400 and 360 are the same to the eye.
    ///
    /// - Parameters:
    ///   - width: as displayed, in square pixels.
    ///   - height: as displayed.
    ///   - bounds: the category's.
    /// - Returns: one to ``most`` sizes.
    static func sizes(width: Int, height: Int, bounds: VideoLimits) -> [FrameSize] {
        var sizes: [FrameSize] = []
        for rung in rungs where rung <= bounds.compliantShortSide && sizes.count < most {
            let size = FrameSize.fitting(
                width: width, height: height, shortSide: rung, longSide: bounds.compliantLongSide)
            guard let last = sizes.last else {
                sizes.append(size)
                continue
            }
            if size.shortSide * 6 <= last.shortSide * 5 { sizes.append(size) }
        }
        if sizes.isEmpty {
            sizes.append(
                .fitting(
                    width: width, height: height, shortSide: bounds.compliantShortSide,
                    longSide: bounds.compliantLongSide))
        }
        return sizes
    }

    /// Returns the sizes below a picture that is offered as it is.
    static func sizes(belowWidth width: Int, height: Int, bounds: VideoLimits) -> [FrameSize] {
        let own = min(width, height)
        return Array(
            sizes(width: width, height: height, bounds: bounds).filter { $0.shortSide * 6 <= own * 5 }.prefix(most - 1))
    }
}
