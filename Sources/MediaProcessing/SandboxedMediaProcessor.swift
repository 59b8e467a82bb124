package import Logging
package import MediaCore
package import MediaRules
package import NIOPosix
import XMedia

/// Judges and processes media with decoders that run in a sandbox.
///
/// Progress comes from ffmpeg (`-progress`): percents are the media time done of the media time announced, and the remaining
/// time is the media time left divided by ffmpeg's speed so far. Work shorter than half a second reports nothing.
package struct SandboxedMediaProcessor: MediaProcessor {
    private let runner: DecoderRunner
    private let imaging: ImagingPool
    private let rules: RuleBook
    private let threads: Int
    private let logger: Logger

    /// Makes a processor.
    ///
    /// - Parameters:
    ///   - sandbox: from ``Sandbox/detect(_:tools:)``.
    ///   - imaging: a pool that runs, its command from ``Sandbox/imagingCommand``.
    ///   - rules: the limits in force.
    ///   - threads: threads of one decoder and of each encoder, 1 or more; the machine's cores for one job at a time.
    ///   - threadPool: for reading files.
    ///   - logger: told what decoders complain about, at level debug.
    package init(
        sandbox: Sandbox, imaging: ImagingPool, rules: RuleBook, threads: Int, threadPool: NIOThreadPool, logger: Logger
    ) {
        self.runner = DecoderRunner(sandbox: sandbox, threadPool: threadPool)
        self.imaging = imaging
        self.rules = rules
        self.threads = max(1, threads)
        self.logger = logger
    }

    package func judge(
        _ task: ProcessingTask, progress: @escaping ProgressReport
    ) async throws(ProcessingError) -> ProcessedMedia {
        let (type, header) = try await look(task)
        switch task.category.mediaClass {
        case .video:
            return try await VideoProcessing(work: work(task, type), rules: rules).judge(progress: progress)
        case .subtitles: return try await judgeSubtitles(task, type)
        case .image, .gif: return try await judgeImage(task, type, judged(header, of: task, type), progress)
        }
    }

    package func makeRenditions(
        _ task: ProcessingTask, progress: @escaping ProgressReport
    ) async throws(ProcessingError) -> [ProducedRendition] {
        let (type, read) = try await look(task)
        switch task.category.mediaClass {
        case .video:
            return try await VideoProcessing(work: work(task, type), rules: rules).makeRenditions(progress: progress)
        case .image where type == .gif:
            // An animated GIF as an image: its pictures were made at once, its MP4 follows.
            let header = try judged(read, of: task, type)
            guard header.isAnimated else { return [] }
            return [try await GIFProcessing(work: work(task, type), header: header).make(nice: 10, progress: progress)]
        case .image, .gif, .subtitles: return []
        }
    }

    /// Finds the type from the bytes, and reads the header of an image, before any pixel is decoded.
    ///
    /// - Throws: `unsupported` when the category does not take the type, or when it is not the declared one.
    private func look(
        _ task: ProcessingTask
    ) async throws(ProcessingError) -> (type: SniffedType, header: Result<ImageHeader, HeaderError>) {
        let isImage = [.image, .gif].contains(task.category.mediaClass)
        // Once to a thread and back for both.
        let (type, header) = try await runner.threadPool.withFile(task.original) { source in
            let type = try Sniffer.sniff(source)
            let header = Result { () throws(HeaderError) in
                guard isImage else { throw .unsupported(type) }
                return try ImageHeader.read(source, type: type)
            }
            return (type, header)
        }
        let broken = rules.judge(type: type, declared: task.declaredType, category: task.category)
        guard broken.isEmpty else { throw .unsupported(broken) }
        return (type, header)
    }

    private func work(_ task: ProcessingTask, _ type: SniffedType) -> DecoderWork {
        DecoderWork(task: task, type: type, runner: runner, imaging: imaging, threads: threads, logger: logger)
    }

    /// The header of an image that keeps the rules.
    private func judged(
        _ read: Result<ImageHeader, HeaderError>, of task: ProcessingTask, _ type: SniffedType
    ) throws(ProcessingError) -> ImageHeader {
        switch read {
        case .success(let header):
            let broken = rules.judge(image: header, type: type, bytes: task.size, category: task.category)
            guard broken.isEmpty else { throw .refused(broken) }
            return header
        // That we cannot read it says nothing about the file.
        case .failure(.source(let error)): throw .unavailable("cannot read \(task.original): \(error)")
        case .failure(let error): throw .refused(rules.judge(damaged: error, type: type))
        }
    }

    /// Makes the pictures of an image; of an animated GIF its poster, and its MP4 where the category is for GIFs.
    ///
    /// As an image it is answered at once, and its MP4 follows.
    private func judgeImage(
        _ task: ProcessingTask, _ type: SniffedType, _ header: ImageHeader, _ progress: @escaping ProgressReport
    ) async throws(ProcessingError) -> ProcessedMedia {
        guard let format = ImageFormat(type), let mediaType = type.mediaType else {
            throw .refused([.undecodable(type)])
        }
        let images = ImageProcessing(pool: imaging, scratch: task.scratch, threadPool: runner.threadPool)
        let longSide = max(header.displayWidth, header.displayHeight)
        let made = try await images.make(
            header.isAnimated ? [.poster] : PictureSize.sizes(longSide: longSide), from: task.original, format,
            hasAlpha: header.hasAlpha && !header.isAnimated, maxPixels: header.width * header.height)
        var renditions = made.renditions
        if header.isAnimated, task.category.mediaClass == .gif {
            renditions.insert(
                try await GIFProcessing(work: work(task, type), header: header).make(progress: progress), at: 0)
        }
        return ProcessedMedia(
            facts: MediaFacts(
                kind: header.isAnimated ? .animatedGIF : .photo, mediaType: mediaType, width: made.picture.width,
                height: made.picture.height, durationMs: header.isAnimated ? header.durationMs : nil,
                placeholder: made.picture.blurHash),
            renditions: renditions, hasBackgroundWork: header.isAnimated && task.category.mediaClass == .image)
    }

    private func judgeSubtitles(
        _ task: ProcessingTask, _ type: SniffedType
    ) async throws(ProcessingError) -> ProcessedMedia {
        let broken = rules.judge(subtitles: type, bytes: task.size)
        guard broken.isEmpty, let mediaType = type.mediaType else { throw .refused(broken) }
        let isText = try await runner.threadPool.withFile(task.original) { source in
            // Bounded: the size was judged just now.
            String(validating: try source.read(at: 0, count: Int(source.size)), as: UTF8.self) != nil
        }
        guard isText else { throw .refused([.notUTF8]) }
        return ProcessedMedia(
            facts: MediaFacts(kind: nil, mediaType: mediaType), renditions: [], hasBackgroundWork: false)
    }
}

extension BrokenRule {
    /// Subtitles in another encoding.
    fileprivate static let notUTF8 = BrokenRule(
        "subtitles.encoding", message: "The subtitles are not encoded in UTF-8.", found: "bytes that are not UTF-8",
        allowed: "UTF-8", fix: "Save the file as UTF-8 in a text editor.")
}
