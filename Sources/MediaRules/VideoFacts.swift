package import XMedia

/// What a probe found out about a video; the input of the video rules.
///
/// An optional that is nil means *not found out*. What cannot be decided cheaply counts as a reason to convert.
package struct VideoFacts: Sendable, Hashable {
    /// The picture.
    package struct Picture: Sendable, Hashable {
        /// `h264`, as ffprobe's `codec_name`.
        package var codec: String
        /// `High`, as ffprobe's `profile`.
        package var profile: String?
        /// Whether a decoder for the codec exists.
        package var isDecodable: Bool
        /// The coded width in pixels, before rotation.
        package var width: Int
        /// The coded height in pixels, before rotation.
        package var height: Int
        /// Degrees clockwise to turn the picture for display: 0, 90, 180 or 270.
        package var rotation: Int
        /// Width of one pixel divided by its height, 1:1 when square; nil when not said, taken as 1:1.
        package var sampleAspectRatio: Ratio?
        /// Average frames per second.
        package var averageFrameRate: Ratio?
        /// The lowest rate in which all timestamps can be said (`r_frame_rate`).
        package var realFrameRate: Ratio?
        /// Whether the distance between frames changes; nil when undecided.
        package var isVariableFrameRate: Bool?
        /// `yuv420p`, as ffprobe's `pix_fmt`.
        package var pixelFormat: String?
        /// `bt709`, `smpte2084`, `arib-std-b67`, as ffprobe's `color_transfer`.
        package var colorTransfer: String?
        /// `progressive`, `tt`, …, as ffprobe's `field_order`.
        package var fieldOrder: String?
        /// Whether a group of pictures refers to the one before it; nil when undecided.
        package var hasOpenGOP: Bool?
        /// Whether frames are stored in another order than they are shown; nil when undecided.
        package var hasBFrames: Bool?

        /// Makes the facts of a progressive picture with square pixels, of which nothing else is known.
        package init(codec: String, width: Int, height: Int) {
            self.codec = codec
            self.isDecodable = true
            self.width = width
            self.height = height
            self.rotation = 0
        }

        /// Whether the transfer function is one of high dynamic range: PQ or HLG.
        package var isHDR: Bool { colorTransfer == "smpte2084" || colorTransfer == "arib-std-b67" }

        /// Whether the frames are made of two fields.
        package var isInterlaced: Bool {
            guard let fieldOrder else { return false }
            return fieldOrder != "progressive" && fieldOrder != "unknown"
        }

        /// Whether the pixels are square.
        package var hasSquarePixels: Bool {
            guard let ratio = sampleAspectRatio, ratio.isPositive else { return true }
            return ratio.numerator == ratio.denominator
        }

        /// The width as displayed, in square pixels, rotated.
        package var displayWidth: Int { isTurned ? height : stretchedWidth }

        /// The height as displayed, rotated.
        package var displayHeight: Int { isTurned ? stretchedWidth : height }

        private var isTurned: Bool { rotation == 90 || rotation == 270 }

        private var stretchedWidth: Int {
            guard let ratio = sampleAspectRatio, ratio.isPositive else { return width }
            let stretched = (Double(width) * ratio.value).rounded()
            return stretched < 1_000_000_000 ? Int(stretched) : 1_000_000_000
        }
    }

    /// The sound.
    package struct Sound: Sendable, Hashable {
        /// `aac`, as ffprobe's `codec_name`.
        package var codec: String
        /// `LC`, as ffprobe's `profile`.
        package var profile: String?
        /// The number of channels.
        package var channels: Int

        /// Makes the facts.
        package init(codec: String, profile: String?, channels: Int) {
            self.codec = codec
            self.profile = profile
            self.channels = channels
        }
    }

    /// A fraction, as ffprobe writes frame rates and aspect ratios.
    package struct Ratio: Sendable, Hashable {
        /// Above the line.
        package var numerator: Int
        /// Below the line.
        package var denominator: Int

        /// Makes a fraction.
        package init(_ numerator: Int, _ denominator: Int) {
            self.numerator = numerator
            self.denominator = denominator
        }

        /// Reads `30000/1001` or `4:3`; nil for everything else and for a denominator of 0.
        package init?(_ text: some StringProtocol) {
            let parts = text.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == ":" }
            guard parts.count == 2, let numerator = Int(parts[0]), let denominator = Int(parts[1]), denominator != 0
            else { return nil }
            self.init(numerator, denominator)
        }

        /// Whether both parts are above 0.
        package var isPositive: Bool { numerator > 0 && denominator > 0 }

        /// The quotient; 0 when the denominator is 0.
        package var value: Double { denominator == 0 ? 0 : Double(numerator) / Double(denominator) }
    }

    /// The container's type, from the sniffer.
    package var container: MediaType
    /// The duration in milliseconds; nil when the container does not say it.
    package var durationMs: Int64?
    /// Bits per second of the whole file.
    package var bitRate: Int64?
    /// Whether the content is encrypted.
    package var isEncrypted: Bool
    /// The number of video streams, cover pictures not counted.
    package var videoStreams: Int
    /// The first video stream; nil when there is none.
    package var picture: Picture?
    /// The number of audio streams.
    package var audioStreams: Int
    /// The first audio stream; nil when there is none.
    package var sound: Sound?

    /// Makes the facts of a file with at most one stream of each kind.
    package init(container: MediaType, durationMs: Int64?, picture: Picture?, sound: Sound? = nil) {
        self.container = container
        self.durationMs = durationMs
        self.isEncrypted = false
        self.picture = picture
        self.sound = sound
        self.videoStreams = picture == nil ? 0 : 1
        self.audioStreams = sound == nil ? 0 : 1
    }
}
