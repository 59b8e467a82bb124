import MediaCore
import MediaRules
import NIOPosix
import SystemPackage
import XMedia

/// Makes pictures with the warm image workers.
struct ImageProcessing: Sendable {
    let pool: ImagingPool
    /// Where they are put.
    let scratch: String
    /// Where the disk is looked at.
    let threadPool: NIOThreadPool

    /// The largest side that a worker is asked for; images are judged smaller.
    private static let largestSide = 65_535

    /// Makes pictures of one file, which is decoded once.
    ///
    /// - Parameters:
    ///   - sizes: one or more.
    ///   - path: the file.
    ///   - format: its format, as sniffed.
    ///   - hasAlpha: whether pixels can be transparent: PNG then, as JPEG has no transparency.
    ///   - maxPixels: as its header says; what turns out larger is not decoded.
    /// - Returns: the renditions in the order of the sizes, and what the decoder found: the size upright, the placeholder.
    /// - Throws: as ``ProcessingError/init(_:_:)`` translates.
    func make(
        _ sizes: [PictureSize], from path: String, _ format: ImageFormat, hasAlpha: Bool, maxPixels: Int
    ) async throws(ProcessingError) -> (renditions: [ProducedRendition], picture: ImageResult) {
        let type: MediaType = hasAlpha ? .png : .jpeg
        let outputs = sizes.map { "\(scratch)/\($0.role.rawValue).\(hasAlpha ? "png" : "jpg")" }
        let request = ImageRequest(
            format: format, maxPixels: maxPixels,
            renditions: sizes.map { size in
                let side = min(size.side, Self.largestSide)
                return ImageRendition(maxWidth: side, maxHeight: side, encoding: hasAlpha ? .png : .jpeg(quality: 85))
            })
        let result: ImageResult
        do {
            result = try await pool.process(request, input: FilePath(path), outputs: outputs.map { FilePath($0) })
        } catch .internalFault(let text) where FreeSpace.isBlamed(in: text) {
            // Not believed of a helper that a file has taken over, see ``FreeSpace``.
            throw try await threadPool.isShortOfSpace(in: scratch)
                ? .unavailable("no space left in \(scratch)")
                : .decoderFailed("The image decoder could not write its output.")
        } catch {
            throw ProcessingError(error, format)
        }
        let renditions = zip(sizes, zip(outputs, result.renditions)).map { size, made in
            ProducedRendition(
                role: size.role, path: made.0, contentType: type.rawValue, width: made.1.width, height: made.1.height)
        }
        return (renditions, result)
    }
}

extension ImageFormat {
    /// The decoder for a sniffed type; nil for a type that is no image.
    init?(_ type: SniffedType) {
        switch type {
        case .jpeg: self = .jpeg
        case .png: self = .png
        case .webp: self = .webp
        case .gif: self = .gif
        case .tiff: self = .tiff
        case .bmp: self = .bmp
        default: return nil
        }
    }
}

extension ProcessingError {
    /// What a failure of the image workers means for the media.
    init(_ error: ImagingError, _ format: ImageFormat) {
        switch error {
        case .truncated(let text), .corrupt(let text), .unsupported(let text):
            self = .refused([.undecodable(image: format, text)])
        case .tooLarge: self = .refused([.undecodable(image: format, "more pixels than its header says")])
        case .outOfMemory: self = .decoderFailed("Decoding the image needed more memory than allowed.")
        case .timedOut: self = .decoderFailed("Decoding the image took too long.")
        case .helperDied(.signaled(let signal)):
            self = .decoderFailed("The image decoder \(DecoderExit.meaning(ofSignal: signal)).")
        case .helperDied(.exited(let status)): self = .decoderFailed("The image decoder gave up (status \(status)).")
        case .cancelled: self = .cancelled
        // The fault may be ours, but what does not go well with this file must not be tried for ever.
        case .internalFault: self = .decoderFailed("The image decoder failed.")
        case .helperUnavailable(let text): self = .unavailable("no image worker could be started: \(text)")
        case .file(let path, let errno): self = .unavailable("\(path): \(errno)")
        case .busy: self = .unavailable("too many images wait already")
        case .stopped: self = .unavailable("the image workers are stopped")
        }
    }
}

extension BrokenRule {
    /// The decoder cannot make a picture of the file.
    ///
    /// The reason is the worker's text, printable ASCII and bounded (`protocol.h`).
    fileprivate static func undecodable(image format: ImageFormat, _ reason: String) -> BrokenRule {
        BrokenRule(
            "image.decodable", message: "The \(format.rawValue) image cannot be decoded: \(reason).", found: reason,
            allowed: "a complete \(format.rawValue) image",
            fix: "Open the picture in a program that shows it, save it again, and upload the result.")
    }
}
