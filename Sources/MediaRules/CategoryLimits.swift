/// What one media category allows.
package struct CategoryLimits: Sendable, Hashable {
    /// The largest file in bytes.
    package var maxBytes: Int64
    /// For categories that take still images.
    package var image: ImageLimits?
    /// For categories that take animated GIFs.
    package var gif: GIFLimits?
    /// For categories that take videos.
    package var video: VideoLimits?
}

/// The bounds of a still image, in pixels as displayed.
package struct ImageLimits: Sendable, Hashable {
    /// The smallest width.
    package var minWidth: Int
    /// The smallest height.
    package var minHeight: Int
    /// The largest width.
    package var maxWidth: Int
    /// The largest height.
    package var maxHeight: Int
    /// The largest product of width and height.
    package var maxPixels: Int64
    /// The largest product of width, height and scans of a JPEG.
    package var maxScanPixels: Int64
}

/// The bounds of an animated GIF.
package struct GIFLimits: Sendable, Hashable {
    /// The largest width in pixels.
    package var maxWidth: Int
    /// The largest height in pixels.
    package var maxHeight: Int
    /// The most frames.
    package var maxFrames: Int
    /// The largest product of width, height and frames.
    package var maxPixelsTotal: Int64
    /// The longest run in milliseconds.
    package var maxDurationMs: Int64
}

/// The bounds of a video.
package struct VideoLimits: Sendable, Hashable {
    /// The shortest duration in milliseconds.
    package var minDurationMs: Int64
    /// The longest duration in milliseconds.
    package var maxDurationMs: Int64
    /// The smallest width and height in pixels; below, the video is refused.
    package var minDimension: Int
    /// The largest width and height in pixels; above, the video is refused.
    package var maxDimension: Int
    /// The longer side in pixels above which a video is scaled down.
    package var compliantLongSide: Int
    /// The shorter side in pixels above which a video is scaled down.
    package var compliantShortSide: Int
    /// The ratio of the longer to the shorter side above which a video is refused: 3 allows 1:3 to 3:1.
    package var maxAspect: Int
    /// The frames per second above which a video is converted.
    package var maxFrameRate: Int
}
