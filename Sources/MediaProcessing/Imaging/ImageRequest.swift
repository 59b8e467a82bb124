/// What a still image file is, by the server's own sniffing.
///
/// The helper decodes by this and never guesses.
package enum ImageFormat: String, Sendable, CaseIterable {
    case jpeg, png, webp, gif, tiff, bmp
}

/// How a rendition of an image is encoded.
package enum ImageEncoding: Sendable, Equatable {
    /// JPEG of a quality from 1 to 100; transparent parts are laid on white.
    case jpeg(quality: Int)
    /// PNG.
    case png
    /// Lossy WebP of a quality from 1 to 100.
    case webp(quality: Int)
}

/// One output of an image: fitted into a box, never enlarged.
package struct ImageRendition: Sendable, Equatable {
    /// The greatest width, in pixels of the upright image.
    package var maxWidth: Int
    /// The greatest height, in pixels of the upright image.
    package var maxHeight: Int
    /// How it is encoded.
    package var encoding: ImageEncoding

    /// Creates a rendition that fits into `maxWidth` × `maxHeight` pixels.
    package init(maxWidth: Int, maxHeight: Int, encoding: ImageEncoding) {
        self.maxWidth = maxWidth
        self.maxHeight = maxHeight
        self.encoding = encoding
    }
}

/// What to make of one image file.
package struct ImageRequest: Sendable, Equatable {
    /// The most renditions of one request.
    package static let maxRenditions = 8

    /// The format of the input.
    package var format: ImageFormat
    /// The most pixels, width × height, that are decoded.
    package var maxPixels: Int
    /// The outputs, 1 … ``maxRenditions``.
    package var renditions: [ImageRendition]

    /// Creates a request.
    package init(format: ImageFormat, maxPixels: Int, renditions: [ImageRendition]) {
        self.format = format
        self.maxPixels = maxPixels
        self.renditions = renditions
    }
}

extension ImageRequest {
    /// The request as `roost-imaging` reads it (`protocol.h`).
    var message: String {
        var text = "image \(format.rawValue) \(maxPixels)\n"
        for rendition in renditions {
            let encoding =
                switch rendition.encoding {
                case .jpeg(let quality): "jpeg \(quality)"
                case .png: "png 1"
                case .webp(let quality): "webp \(quality)"
                }
            text += "rendition \(encoding) \(rendition.maxWidth) \(rendition.maxHeight)\n"
        }
        return text
    }
}
