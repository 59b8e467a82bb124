import FoundationEssentials
import MediaCore
import MediaRules
import NIOPosix
import XMedia

/// Judges videos and makes their renditions.
struct VideoProcessing: Sendable {
    let work: DecoderWork
    let rules: RuleBook

    private var task: ProcessingTask { work.task }

    /// Makes what the client waits for: a compliant video is remuxed, another one converted to the largest of its sizes.
    func judge(progress: @escaping ProgressReport) async throws(ProcessingError) -> ProcessedMedia {
        let (judgement, isUndecided) = try await VideoProbe(runner: work.runner).judgeHeaders(task, work.type, rules)
        if isUndecided { return try await remuxUnlessDecided(judgement, progress) }
        guard judgement.isCompliant else { return try await convert(judgement, progress) }
        return try await finish(try await copyStreams(judgement, progress), judgement)
    }

    /// What ends while the packets are looked at.
    private enum Step: Sendable {
        case decided(Result<VideoJudgement, ProcessingError>)
        case copied(Result<EncodingProgress, ProcessingError>)
    }

    /// Copies the streams while the packets are looked at, which mostly say that this was right.
    ///
    /// Each reads the file once, and what takes time is starting a decoder: together they take as long as one.
    private func remuxUnlessDecided(
        _ undecided: VideoJudgement, _ progress: @escaping ProgressReport
    ) async throws(ProcessingError) -> ProcessedMedia {
        let (decided, copied) = await withTaskGroup(of: Step.self) { group in
            group.addTask {
                .decided(
                    await Result { () async throws(ProcessingError) in
                        try await VideoProbe(runner: work.runner).decide(undecided, task, work.type, rules)
                    })
            }
            group.addTask {
                // Silent: it may turn out that nothing was done yet.
                .copied(
                    await Result { () async throws(ProcessingError) in try await copyStreams(undecided) { _, _ in } })
            }
            var decided: Result<VideoJudgement, ProcessingError>?
            var copied: Result<EncodingProgress, ProcessingError>?
            for await step in group {
                switch step {
                case .decided(let result):
                    decided = result
                    // The copy is of no use, so its decoder need not come to its end.
                    if (try? result.get().isCompliant) != true { group.cancelAll() }
                case .copied(let result): copied = result
                }
            }
            return (decided, copied)
        }
        guard let judgement = try decided?.get(), judgement.isCompliant, let reached = try copied?.get() else {
            let judgement = try decided?.get() ?? undecided
            await discardCopy()
            return try await convert(judgement, progress)
        }
        return try await finish(reached, judgement)
    }

    /// Leaves nothing of a copy that was given up, so that no half of it is taken for a result.
    private func discardCopy() async {
        let paths = [work.path(Remux.fileName), work.path(Encoding.stillName)]
        try? await work.runner.threadPool.runIfActive {
            for path in paths { try? FileManager.default.removeItem(atPath: path) }
        }
    }

    /// Copies the streams into an MP4 and takes the poster's frame.
    private func copyStreams(
        _ judgement: VideoJudgement, _ progress: @escaping ProgressReport
    ) async throws(ProcessingError) -> EncodingProgress {
        let rate = judgement.picture.averageFrameRate?.value ?? 0
        let remux = Remux(
            hasSound: judgement.facts.sound != nil, posterAt: judgement.posterAt,
            posterSpan: max(0.2, 3 / max(rate, 0.1)))
        return try await work.run(
            remux.arguments(input: work.input, folder: work.inside.output), seconds: judgement.seconds,
            longest: judgement.seconds, progress: progress)
    }

    /// Makes a medium of the copied streams.
    private func finish(
        _ reached: EncodingProgress, _ judgement: VideoJudgement
    ) async throws(ProcessingError) -> ProcessedMedia {
        let picture = judgement.picture
        let seconds = try measured(reached, judgement)
        let size = FrameSize(width: picture.width, height: picture.height)
        let mp4 = try await work.mp4(Remux.fileName, size, seconds: seconds)
        let poster = try await work.poster(size)
        return ProcessedMedia(
            facts: facts(judgement, seconds: seconds, placeholder: poster.placeholder),
            renditions: [mp4, poster.rendition], hasBackgroundWork: true)
    }

    private func convert(
        _ judgement: VideoJudgement, _ progress: @escaping ProgressReport
    ) async throws(ProcessingError) -> ProcessedMedia {
        let size = judgement.ladder[0]
        let encoding = encoding(judgement, [size], posterAt: judgement.posterAt)
        let reached = try await work.run(
            encoding.arguments(input: work.input, folder: work.inside.output), seconds: judgement.seconds,
            longest: encoding.longestSeconds, progress: progress)
        let seconds = try measured(reached, judgement)
        let mp4 = try await work.mp4(Encoding.fileName(size), size, seconds: seconds)
        let stream = try await stream(of: encoding, size)
        let poster = try await work.poster(size)
        return ProcessedMedia(
            facts: facts(judgement, seconds: seconds, placeholder: poster.placeholder),
            renditions: [mp4, poster.rendition, stream], hasBackgroundWork: true)
    }

    /// Makes the smaller sizes in one decode, and all of HLS that is missing.
    func makeRenditions(progress: @escaping ProgressReport) async throws(ProcessingError) -> [ProducedRendition] {
        let judgement = try await VideoProbe(runner: work.runner).judge(task, work.type, rules)
        let picture = judgement.picture
        let sizes = judgement.isCompliant ? judgement.ladderBelow : Array(judgement.ladder.dropFirst())
        let encoding = encoding(judgement, sizes, posterAt: nil)
        var seconds = judgement.seconds
        var renditions: [ProducedRendition] = []
        if !sizes.isEmpty {
            let reached = try await work.run(
                encoding.arguments(input: work.input, folder: work.inside.output), seconds: seconds,
                longest: encoding.longestSeconds, nice: Self.backgroundNice, progress: progress)
            seconds = try measured(reached, judgement)
            for size in sizes {
                renditions.append(try await work.mp4(Encoding.fileName(size), size, seconds: seconds))
            }
        }
        if judgement.isCompliant {
            renditions.append(
                try await work.packageHLS(
                    FrameSize(width: picture.width, height: picture.height), hasSound: encoding.channels != nil,
                    frameRate: encoding.graph.frameRate.value, seconds: seconds, longest: encoding.longestSeconds,
                    nice: Self.backgroundNice))
        }
        for size in sizes { renditions.append(try await stream(of: encoding, size)) }
        return renditions + [DecoderWork.master]
    }

    private func stream(of encoding: Encoding, _ size: FrameSize) async throws(ProcessingError) -> ProducedRendition {
        try await work.stream(
            size, hasSound: encoding.channels != nil, frameRate: encoding.graph.frameRate.value)
    }

    private static let backgroundNice = 10

    private func encoding(_ judgement: VideoJudgement, _ sizes: [FrameSize], posterAt: Double?) -> Encoding {
        Encoding(
            graph: judgement.graph(sizes, posterAt: posterAt), channels: judgement.channels,
            longestSeconds: Double(judgement.limits.maxDurationMs) / 1000 + 1, threads: work.threads, hasHLS: true)
    }

    /// The duration that was really there, in seconds, judged again when the file did not say it or said something else.
    private func measured(
        _ reached: EncodingProgress, _ judgement: VideoJudgement
    ) throws(ProcessingError) -> Double {
        let tolerance = max(1, judgement.seconds / 10)
        if reached.seconds < judgement.seconds - tolerance {
            throw .refused([
                .incomplete(foundMs: Int64(reached.seconds * 1000), expectedMs: Int64(judgement.seconds * 1000))
            ])
        }
        if judgement.seconds > 0, reached.seconds <= judgement.seconds + tolerance { return judgement.seconds }
        var facts = judgement.facts
        facts.durationMs = Int64((reached.seconds * 1000).rounded())
        let broken = rules.judge(video: facts, bytes: task.size, category: task.category)
        guard !broken.refuses else { throw .refused(broken.refusals) }
        return reached.seconds
    }

    private func facts(_ judgement: VideoJudgement, seconds: Double, placeholder: String) -> MediaFacts {
        MediaFacts(
            kind: .video, mediaType: judgement.facts.container, width: judgement.picture.displayWidth,
            height: judgement.picture.displayHeight, durationMs: Int64((seconds * 1000).rounded()),
            placeholder: placeholder)
    }
}

extension Result {
    /// What the body returns or throws.
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
