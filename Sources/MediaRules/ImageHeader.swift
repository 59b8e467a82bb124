/// Why an image header could not be read.
package typealias ImageHeaderError = HeaderError

/// What an image file says about itself before a pixel is decoded.
package struct ImageHeader: Sendable, Hashable {
    /// The stored width in pixels, 1 or more.
    package var width: Int
    /// The stored height in pixels, 1 or more.
    package var height: Int
    /// How to turn the stored picture for display, 1…8 as in TIFF 6.0 and Exif 2.32 (tag 0x0112).
    package var orientation = 1
    /// The frames of an animation; 1 for a still.
    package var frameCount = 1
    /// The pages of a TIFF; 1 for all others.
    package var pageCount = 1
    /// Whether pixels can be transparent.
    package var hasAlpha = false
    /// Bits of one sample: 1…16, in TIFF up to 64.
    package var bitDepth = 8
    /// How often a decoder passes over the picture: the scans of a JPEG, 1 for all others.
    package var scanCount = 1
    /// How long one run of an animation takes in milliseconds, for GIF; nil for all others.
    package var durationMs: Int64?

    /// Makes the header of a still image.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// The most frames that are counted; a file with more is too complex.
    package static let mostFrames = 10_000

    /// Whether there is more than one frame.
    package var isAnimated: Bool { frameCount > 1 }

    /// The width as displayed: orientations 5…8 swap the sides.
    package var displayWidth: Int { orientation >= 5 ? height : width }

    /// The height as displayed.
    package var displayHeight: Int { orientation >= 5 ? width : height }

    /// Reads the header of an image whose type was sniffed.
    ///
    /// Reads what it needs in small steps: some KiB for most files, the whole of a GIF, since only its last byte tells how
    /// many frames there are. Lying lengths, endless chains and truncation end in an error soon.
    ///
    /// - Throws: ``HeaderError``.
    package static func read(_ source: some ByteSource, type: SniffedType) throws(ImageHeaderError) -> ImageHeader {
        switch type {
        case .jpeg: try JPEGHeader.read(source)
        case .png: try PNGHeader.read(source)
        case .gif: try GIFHeader.read(source)
        case .webp: try WebPHeader.read(source)
        case .bmp: try BMPHeader.read(source)
        case .tiff: try TIFFHeader.read(source)
        default: throw .unsupported(type)
        }
    }

    /// A header of these stored dimensions, when they are no nonsense.
    ///
    /// - Throws: `malformed` for a side of 0 or less.
    static func checked(width: Int, height: Int) throws(HeaderError) -> ImageHeader {
        guard width > 0, height > 0 else { throw .malformed("the picture is \(width)×\(height) pixels") }
        return ImageHeader(width: width, height: height)
    }
}
