import Logging
import MediaCore
import MediaRules
import NIOPosix
import XMedia

/// The runs of ffmpeg for one task.
struct DecoderWork: Sendable {
    let task: ProcessingTask
    let type: SniffedType
    let runner: DecoderRunner
    let imaging: ImagingPool
    let threads: Int
    let logger: Logger

    /// How the original and the scratch folder are called inside.
    var inside: Sandbox.Inside { runner.sandbox.inside(input: task.original, output: task.scratch) }

    /// The options that open the original.
    var input: [String] { DecoderInput.options(type, path: inside.input) ?? [] }

    /// Returns the path of an output.
    func path(_ name: String) -> String { "\(task.scratch)/\(name)" }

    /// Runs ffmpeg.
    ///
    /// - Parameters:
    ///   - arguments: all of ffmpeg's.
    ///   - seconds: the duration of the output as far as it is known, 0 when not.
    ///   - longest: the duration that is bounded by, in seconds.
    ///   - nice: 0…19.
    ///   - progress: told percents up to 99.
    /// - Returns: how far it came.
    /// - Throws: `refused` when ffmpeg gave up on the file or found no frame in it; as ``DecoderRunner/run(_:onLine:)``.
    func run(
        _ arguments: [String], seconds: Double, longest: Double, nice: Int = 0, progress: @escaping ProgressReport
    ) async throws(ProcessingError) -> EncodingProgress {
        let meter = ProgressMeter(expectedSeconds: seconds, report: progress)
        let limits = DecoderLimits.rendering(
            mediaSeconds: seconds > 0 ? seconds : longest, inputBytes: task.size, threads: threads, nice: nice)
        let command = DecoderCommand(
            program: runner.sandbox.tools.ffmpeg, arguments: arguments, input: task.original, output: task.scratch,
            limits: limits)
        let result = try await runner.run(command) { meter.append(line: $0) }
        if !result.complaint.isEmpty {
            logger.debug(
                "ffmpeg complained",
                metadata: ["media_id": "\(task.mediaID)", "exit": "\(result.exit)", "stderr": "\(result.complaint)"])
        }
        guard result.exit == .succeeded else {
            throw try await runner.failure(result, of: task.original, type, scratch: task.scratch)
        }
        guard meter.progress.frames > 0 else { throw .refused([.undecodable(type)]) }
        return meter.progress
    }

    /// Returns the MP4 of a size as a rendition.
    func mp4(_ name: String, _ size: FrameSize, seconds: Double) async throws(ProcessingError) -> ProducedRendition {
        guard let bytes = try await runner.threadPool.size(of: path(name)), bytes > 0 else {
            throw .refused([.undecodable(type)])
        }
        return ProducedRendition(
            role: .mp4, path: path(name), contentType: MediaType.mp4.rawValue, width: size.width, height: size.height,
            bitRate: Int64((Double(bytes) * 8 / max(seconds, 0.001)).rounded()))
    }

    /// Makes the poster from the still that a run took; where the wanted time had no frame, from the first frame.
    ///
    /// - Returns: the rendition, and its placeholder.
    func poster(_ size: FrameSize) async throws(ProcessingError) -> (rendition: ProducedRendition, placeholder: String)
    {
        let path = path(Encoding.stillName)
        if try await runner.threadPool.size(of: path) ?? 0 == 0 {
            let filter = "scale=\(size.width):\(size.height):out_range=pc,format=yuvj420p"
            let arguments =
                FFmpeg.common + ["-threads", "1"] + input + ["-map", "0:V:0", "-vf", filter] + FFmpeg.still
                + ["\(inside.output)/\(Encoding.stillName)"]
            _ = try await run(arguments, seconds: 1, longest: 1) { _, _ in }
            guard try await runner.threadPool.size(of: path) ?? 0 > 0 else { throw .refused([.undecodable(type)]) }
        }
        let images = ImageProcessing(pool: imaging, scratch: task.scratch, threadPool: runner.threadPool)
        let pixels = size.width * size.height
        let made = try await images.make([.poster], from: path, .jpeg, hasAlpha: false, maxPixels: pixels)
        return (made.renditions[0], made.picture.blurHash)
    }
}
