import MediaCore
import MediaRules
import XMedia

/// Turns animated GIFs into silent MP4s that players loop.
struct GIFProcessing: Sendable {
    let work: DecoderWork
    let header: ImageHeader

    /// A browser shows no more frames of a GIF: a delay of a hundredth of a second or less counts as a tenth.
    private static let mostFramesPerSecond = 50

    /// Makes the MP4; `nice` is 0…19.
    func make(nice: Int = 0, progress: @escaping ProgressReport) async throws(ProcessingError) -> ProducedRendition {
        let probe = VideoProbe(runner: work.runner)
        guard let picture = try await probe.facts(of: work.task.original, .gif).picture else {
            throw .refused([.undecodable(.gif)])
        }
        let size = FrameSize.fitting(
            width: header.width, height: header.height, shortSide: .max, longSide: .max)
        // Counted from all frames by our own reader; a delay of nothing counts as a tenth of a second.
        let seconds = Double(header.durationMs ?? 100) / 1000
        let graph = FilterGraph(
            hasAlpha: header.hasAlpha, holdsLastFrame: true,
            frameRate: FrameRate.target(picture, limit: Self.mostFramesPerSecond), sizes: [size])
        let encoding = Encoding(graph: graph, channels: nil, longestSeconds: seconds, threads: work.threads)
        _ = try await work.run(
            encoding.arguments(input: work.input, folder: work.inside.output), seconds: seconds, longest: seconds,
            nice: nice, progress: progress)
        return try await work.mp4(Encoding.fileName(size), size, seconds: seconds)
    }
}
