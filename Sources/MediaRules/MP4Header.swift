/// What an MP4 or QuickTime file says about itself in its `moov` box.
///
/// Cheap and safe for a first look: for the check before an upload, and to see whether a file is streamable. What is
/// decided about a video in the end comes from a probe that decodes.
package struct MP4Header: Sendable, Hashable {
    /// The first video track.
    package struct Video: Sendable, Hashable {
        /// The coded width in pixels.
        package var width: Int
        /// The coded height in pixels.
        package var height: Int
        /// Degrees clockwise to turn for display: 0, 90, 180 or 270; other matrices count as 0.
        package var rotation: Int
        /// The sample entry: `avc1`, `hvc1`, …; the original format when encrypted.
        package var codec: FourCC
        /// Samples divided by their time; nil when the track's table is empty, as in fragmented files.
        package var frameRate: Double?
        /// Whether samples last differently long.
        package var isVariableFrameRate: Bool
    }

    /// The first audio track.
    package struct Audio: Sendable, Hashable {
        /// The sample entry: `mp4a`, …; the original format when encrypted.
        package var codec: FourCC
        /// The number of channels as the sample entry says.
        package var channels: Int
    }

    /// The major brand, then the compatible ones; empty when there is no `ftyp`.
    package var brands: [FourCC] = []
    /// The movie's duration in milliseconds; nil when it is unknown, as in most fragmented files.
    package var durationMs: Int64?
    /// The first video track.
    package var video: Video?
    /// The first audio track.
    package var audio: Audio?
    /// The number of video tracks.
    package var videoTracks = 0
    /// The number of audio tracks.
    package var audioTracks = 0
    /// Whether the samples are described in `moof` boxes (an `mvex` box is there).
    package var isFragmented = false
    /// Whether `moov` stands before the first `mdat`, so that playing can start before the file is whole.
    package var isFastStart = false
    /// Whether a track is encrypted (`encv`, `enca`, `sinf`).
    package var isEncrypted = false

    /// Makes an empty header.
    init() {}

    /// Reads the header.
    ///
    /// - Throws: ``HeaderError``; `malformed` when there is no `moov` box.
    package static func read(_ source: some ByteSource) throws(HeaderError) -> MP4Header {
        var walk = MP4Walk(source)
        return try walk.run()
    }
}
