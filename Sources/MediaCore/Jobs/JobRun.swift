import Logging
import MediaRules
import Metrics
import XMedia

/// One run of one job: compose, judge, make, publish.
struct JobRun: Sendable {
    let runner: JobRunner
    let job: Job
    let progress = JobProgress()
    private let logger: Logger

    init(runner: JobRunner, job: Job) {
        self.runner = runner
        self.job = job
        var logger = runner.logger
        logger[metadataKey: "media_id"] = "\(job.mediaID)"
        logger[metadataKey: "job"] = "\(job.kind.rawValue)"
        self.logger = logger
    }

    /// The stored bytes are not those that were received.
    private struct UnreadableOriginal: Error {
        let detail: String
    }

    /// The original, and whether its row says so already.
    private struct Original: Sendable {
        let blob: OriginalBlob
        let isRecorded: Bool
    }

    /// What a run brings.
    private struct Made: Sendable {
        let original: Original
        let facts: MediaFacts?
        let renditions: [Rendition]
        let followUp: JobKind?

        /// The blobs that no row names before it is published.
        var unnamed: [BlobName] { renditions.compactMap(\.blob) + (original.isRecorded ? [] : [original.blob.blob]) }
    }

    /// Does the job; every way out leaves the catalog in a state from which the work goes on.
    func perform() async -> JobOutcome {
        do {
            guard let media = try await runner.catalog.media(job.mediaID), media.state != .deleting else {
                return .lost
            }
            let folder = "\(runner.scratch)/\(job.leaseToken)"
            try await ScratchFolder.create(folder)
            do {
                let made = try await LeaseRenewal(runner: runner, job: job, progress: progress).during {
                    try await make(media, in: folder)
                } discard: { made in
                    try? await runner.blobs.delete(made.unnamed)
                }
                let outcome = try await publish(made)
                await ScratchFolder.remove(folder)
                return outcome
            } catch {
                await ScratchFolder.remove(folder)
                throw error
            }
        } catch is LeaseLost {
            return .lost
        } catch let error as UnreadableOriginal {
            let outcome = await end(with: .internalError("The stored bytes are not those that were received"))
            // Bytes that are gone because the media was erased meanwhile, or composed by another run, are none that
            // were lost: then nothing was written just now.
            if outcome == .failed {
                Counter(label: "roost_corrupt_originals").increment()
                logger.critical(
                    "stored bytes are not those that were received", metadata: ["detail": "\(error.detail)"])
            }
            return outcome
        } catch let error as ProcessingError {
            return await end(after: error)
        } catch {
            return await handBack(because: "\(error)")
        }
    }

    // MARK: Compose

    /// Everything but publishing.
    private func make(_ media: MediaRecord, in folder: String) async throws -> Made {
        let original = try await composedOriginal(of: media)
        do {
            return try await process(media, original, folder)
        } catch {
            // Whatever the file is like, it is what was uploaded.
            if !original.isRecorded { try await record(original.blob) }
            throw error
        }
    }

    /// The original as one blob, composed now if it was not before.
    private func composedOriginal(of media: MediaRecord) async throws -> Original {
        if let original = media.original { return Original(blob: original, isRecorded: true) }
        let segments = try await runner.catalog.segments(of: media.id)
        let parts = segments.map { BlobPart(name: $0.blob, stored: StoredBlob(size: $0.size, crc32c: $0.crc32c)) }
        let name = runner.namer.name(.original, of: media.id)
        let composed: ComposedBlob
        do {
            composed = try await runner.blobs.compose(parts, into: name)
        } catch let mismatch as BlobMismatch {
            throw UnreadableOriginal(detail: "segment \(mismatch.part): \(String(describing: mismatch.found))")
        }
        let original = OriginalBlob(blob: name, sha256: composed.sha256, crc32c: composed.stored.crc32c)
        // An image's is recorded with its result, which comes soon. Gigabytes are not to be composed again because a
        // server was stopped while it transcoded.
        let isRecorded = job.kind != .judge
        if isRecorded { try await record(original) }
        return Original(blob: original, isRecorded: isRecorded)
    }

    private func record(_ original: OriginalBlob) async throws {
        let record = try await writing { try await runner.catalog.recordOriginal(original, for: job) }
        guard record.value else {
            if record.tries == 1 { try? await runner.blobs.delete([original.blob]) }
            throw LeaseLost()
        }
        runner.discards.notify()
    }

    // MARK: Process

    private func process(_ media: MediaRecord, _ original: Original, _ folder: String) async throws -> Made {
        switch job.kind {
        case .judge, .judgeVideo:
            let result = try await processing(media, original.blob, folder) { task in
                try await runner.processor.judge(task) { progress.report($0, $1) }
            }
            return Made(
                original: original, facts: result.facts, renditions: try await adopt(result.renditions),
                followUp: result.hasBackgroundWork ? .renditions : nil)
        case .renditions:
            let produced = try await processing(media, original.blob, folder) { task in
                try await runner.processor.makeRenditions(task) { progress.report($0, $1) }
            }
            return Made(original: original, facts: nil, renditions: try await adopt(produced), followUp: nil)
        }
    }

    private func publish(_ made: Made) async throws -> JobOutcome {
        let original = made.original.isRecorded ? nil : made.original.blob
        let publication = try await writing {
            try await runner.catalog.succeed(
                job, original: original, facts: made.facts, renditions: made.renditions, followUp: made.followUp,
                at: runner.clock.now)
        }
        guard publication.value else {
            // After an error the first try may have published them all the same.
            if publication.tries == 1 { try? await runner.blobs.delete(made.unnamed) }
            throw LeaseLost()
        }
        if original != nil { runner.discards.notify() }
        if let followUp = made.followUp { runner.jobs.notify(followUp) }
        return .succeeded
    }

    private func processing<Result: Sendable>(
        _ media: MediaRecord, _ original: OriginalBlob, _ folder: String,
        _ body: @escaping @Sendable (ProcessingTask) async throws -> Result
    ) async throws -> Result {
        do {
            return try await runner.blobs.withLocalFile(original.blob) { path in
                try await body(
                    ProcessingTask(
                        mediaID: media.id, original: path, size: media.size ?? 0,
                        category: media.category ?? .tweetImage, declaredType: media.declaredType, scratch: folder))
            }
        } catch StoreError.notFound {
            throw UnreadableOriginal(detail: "\(original.blob) is not there")
        }
    }

    private func adopt(_ produced: [ProducedRendition]) async throws -> [Rendition] {
        let names = produced.map { $0.path == nil ? nil : runner.namer.name(.rendition, of: job.mediaID) }
        let files = zip(produced, names).compactMap { output, name in
            output.path.flatMap { path in name.map { FinishedFile(path: path, name: $0) } }
        }
        var stored = files.isEmpty ? [] : try await runner.blobs.adopt(files)[...]
        return zip(produced, names).map { output, name in
            let file = name == nil ? nil : stored.popFirst()
            return Rendition(
                id: RenditionID(rawValue: runner.ids.next()), mediaID: job.mediaID, role: output.role, blob: name,
                size: file?.size ?? 0, crc32c: file?.crc32c ?? 0, contentType: output.contentType,
                width: output.width, height: output.height, bitRate: output.bitRate, hls: output.hls)
        }
    }

    // MARK: Ends without a result

    private func end(after error: ProcessingError) async -> JobOutcome {
        switch error {
        case .refused(let rules):
            return await end(with: .invalidMedia(rules.map(\.problemItem)))
        case .unsupported(let rules):
            return await end(with: .unsupportedMedia(rules.map(\.problemItem)))
        case .decoderFailed(let text):
            logger.warning("the decoder failed", metadata: ["detail": "\(text)", "strikes": "\(job.strikes + 1)"])
            if job.strikes + 1 >= JobRunner.maxStrikes {
                let reason = Problem.Item(
                    message: text, rule: "media.decodable", found: "\(JobRunner.maxStrikes) failed attempts",
                    allowed: "a file that can be decoded", fix: "Encode the file anew and upload it again")
                return await end(with: .invalidMedia([reason]))
            }
            // What killed it may be over soon: tries at once would all fall into the same bad second.
            let moment = runner.clock.now + JobRunner.pause(afterStrikes: job.strikes + 1)
            return await closing {
                try await runner.catalog.handBack(job, asStrike: true, notBefore: moment) ? .struck : .lost
            }
        case .unavailable(let text):
            return await handBack(because: text)
        case .cancelled:
            return await handBack(because: "cancelled", after: .zero)
        }
    }

    private func end(with failure: MediaFailure) async -> JobOutcome {
        let rules = failure.reasons.compactMap(\.rule).joined(separator: " ")
        logger.notice("the media failed", metadata: ["error": "\(failure.error.message)", "rules": "\(rules)"])
        return await closing {
            try await runner.catalog.fail(job, failure: failure, at: runner.clock.now) ? .failed : .lost
        }
    }

    private func handBack(because text: String) async -> JobOutcome {
        // Twice as long each time, up to five minutes: the machinery may need hours, and others wait behind this job.
        let seconds = min(300, 1 << min(job.interruptions, 9))
        return await handBack(because: text, after: Task.isCancelled ? .zero : .seconds(seconds))
    }

    private func handBack(because text: String, after pause: Duration) async -> JobOutcome {
        logger.notice("the job is handed back", metadata: ["reason": "\(text)", "pause": "\(pause)"])
        let moment = pause == .zero ? nil : runner.clock.now + pause
        return await closing {
            try await runner.catalog.handBack(job, asStrike: false, notBefore: moment) ? .handedBack : .lost
        }
    }

    /// Writes the end of the run also when the run was cancelled; if that fails, the lease runs out.
    private func closing(_ write: @escaping @Sendable () async throws -> JobOutcome) async -> JobOutcome {
        do {
            return try await writing(write).value
        } catch {
            logger.error("the end of a job could not be written", metadata: ["error": "\(error)"])
            return .lost
        }
    }

    /// Writes what the work before has brought: when the catalog fails again and again, for as long as the lease may last.
    ///
    /// A cancelled run writes too, but once only. The lease's token guards each write, so that a late one changes nothing.
    ///
    /// - Returns: what the write returned, and how many tries it took: one that failed may have been committed.
    private func writing<Value: Sendable>(
        _ write: @escaping @Sendable () async throws -> Value
    ) async throws -> (value: Value, tries: Int) {
        let end = runner.clock.now + JobRunner.leaseDuration
        var pause = Duration.milliseconds(100)
        var tries = 1
        while true {
            do {
                // The catalog finishes what a cancelled task asks of it.
                return (try await write(), tries)
            } catch {
                guard runner.clock.now + pause < end, !Task.isCancelled else { throw error }
                logger.warning("a job's result could not be written yet", metadata: ["error": "\(error)"])
            }
            try? await runner.clock.sleep(for: pause)
            pause = min(pause * 2, .seconds(2))
            tries += 1
        }
    }
}
