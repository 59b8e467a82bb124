package import XMedia

/// The id of a rendition; part of its URL.
package struct RenditionID: WireIdentifier {
    package let rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// An output of processing.
package struct Rendition: Sendable, Equatable {
    /// What a rendition is for.
    package enum Role: String, Sendable, CaseIterable {
        /// A photo of at most 680 × 680 pixels.
        case small
        /// A photo of at most 1200 × 1200 pixels.
        case medium
        /// A photo of at most 2048 × 2048 pixels.
        case large
        /// A photo in the original's size.
        case full
        /// The still picture of a video or an animated GIF.
        case poster
        /// An MP4 for progressive playback.
        case mp4
        /// One height of an HLS presentation: a fragmented MP4 in one file, with its segments in ``Rendition/hlsSegments``.
        case hlsStream = "hls_stream"
        /// The master playlist of an HLS presentation; it has no bytes, its text is made from the `hlsStream` rows.
        case hlsMaster = "hls_master"
    }

    /// The id.
    package let id: RenditionID
    /// The media it was made from.
    package let mediaID: MediaID
    /// What it is for.
    package let role: Role
    /// Its bytes; nil for a master playlist.
    package let blob: BlobName?
    /// Bytes; 0 for a master playlist.
    package let size: Int64
    /// CRC-32C of the bytes.
    package let crc32c: UInt32
    /// The content type, `image/jpeg` or `video/mp4` for example.
    package let contentType: String
    /// Width in pixels; nil for a master playlist.
    package let width: Int?
    /// Height in pixels; nil for a master playlist.
    package let height: Int?
    /// Bits per second; nil for pictures.
    package let bitRate: Int64?
    /// The segments of an HLS stream.
    package let hls: HLSStream?

    package init(
        id: RenditionID, mediaID: MediaID, role: Role, blob: BlobName?, size: Int64, crc32c: UInt32,
        contentType: String, width: Int?, height: Int?, bitRate: Int64?, hls: HLSStream?
    ) {
        self.id = id
        self.mediaID = mediaID
        self.role = role
        self.blob = blob
        self.size = size
        self.crc32c = crc32c
        self.contentType = contentType
        self.width = width
        self.height = height
        self.bitRate = bitRate
        self.hls = hls
    }
}

/// What a media playlist says of one HLS stream (RFC 8216 §4.3.2): byte ranges within one fragmented MP4.
package struct HLSStream: Sendable, Equatable, Codable {
    /// One media segment.
    package struct Segment: Sendable, Equatable, Codable {
        /// Seconds.
        package var duration: Double
        /// Bytes from the file's start.
        package var offset: Int64
        /// Bytes.
        package var length: Int64

        package init(duration: Double, offset: Int64, length: Int64) {
            self.duration = duration
            self.offset = offset
            self.length = length
        }
    }

    /// RFC 6381 codecs, `avc1.64001f,mp4a.40.2` for example.
    package var codecs: String
    /// Frames per second, at most.
    package var frameRate: Double?
    /// Bytes of the initialization section at the file's start.
    package var initializationLength: Int64
    /// The segments in playing order.
    package var segments: [Segment]

    package init(codecs: String, frameRate: Double?, initializationLength: Int64, segments: [Segment]) {
        self.codecs = codecs
        self.frameRate = frameRate
        self.initializationLength = initializationLength
        self.segments = segments
    }
}
