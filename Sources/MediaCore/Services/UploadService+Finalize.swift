import MediaRules
import NIOCore
package import XMedia

/// What finalize, one-shot and status report.
package struct UploadStatus: Sendable, Equatable {
    /// The row.
    package let media: MediaRecord
    /// The received segments, while the upload is open.
    package let segments: [Segment]

    package init(media: MediaRecord, segments: [Segment] = []) {
        self.media = media
        self.segments = segments
    }
}

extension UploadService {
    /// The upload is closed and its job queued; for images and subtitles, this waits for the outcome.
    ///
    /// A further finalize is answered alike and queues nothing. When the caller goes away only the wait ends.
    ///
    /// - Throws: ``ServiceError/incomplete(_:_:)`` naming what is missing, ``ServiceError/mediaFailed(_:_:)`` when an
    ///   image's outcome is known and bad, ``ServiceError/overloaded``, ``ServiceError/mediaNotFound(_:)``,
    ///   ``ServiceError/storeFailed(_:)``.
    package func finalize(_ id: MediaID, by user: UserID) async throws(ServiceError) -> UploadStatus {
        let upload = try await ownUpload(id, of: user)
        if upload.state == .uploading { try await close(upload) }
        return try await outcome(of: id)
    }

    private func close(_ upload: MediaRecord) async throws(ServiceError) {
        let now = clock.now
        let outcome: FinalizeOutcome
        do {
            var category = upload.category
            if category == nil {
                guard let found = try await categoryFromBytes(of: upload) else { return }
                category = found
            }
            outcome = try await catalog.finalize(
                upload.id, category: category, at: now, expiresAt: now + settings.mediaLifetime, rules: settings.rules,
                queueLimit: settings.jobQueueLimit, quota: settings.quota)
        } catch {
            throw ServiceError(wrapping: error)
        }
        try announce(outcome, of: upload.id)
    }

    /// Wakes a worker when there is a job, and says why when there is none.
    func announce(_ outcome: FinalizeOutcome, of id: MediaID) throws(ServiceError) {
        switch outcome {
        case .closed(let closed, let byThisCall):
            if byThisCall { jobs.notify(closed.foregroundJob) }
        case .incomplete(_, let fault):
            throw .incomplete(id, fault)
        case .overloaded:
            throw .overloaded
        case .overQuota(let excess):
            throw .overQuota(excess)
        case .gone:
            throw .mediaNotFound(id)
        }
    }

    /// Refuses while too many clients wait for their media, before bytes are received; finalize has the last word.
    ///
    /// Work in the background does not count.
    ///
    /// - Throws: ``ServiceError/overloaded``, ``ServiceError/storeFailed(_:)``.
    func checkQueue() async throws(ServiceError) {
        do {
            let waiting = try await catalog.jobCounts().reduce(0) { sum, jobs in
                jobs.kind.isForeground && !jobs.isLeased ? sum + jobs.count : sum
            }
            if waiting >= settings.jobQueueLimit { throw ServiceError.overloaded }
        } catch {
            throw ServiceError(wrapping: error)
        }
    }

    /// What an undeclared upload is for, judged by its first bytes; images when they say nothing, nil when the upload was
    /// closed meanwhile.
    private func categoryFromBytes(of upload: MediaRecord) async throws -> MediaCategory? {
        var first = try await catalog.segments(of: upload.id).first
        while let segment = first, segment.index == 0 {
            do {
                return try await category(of: segment.blob, size: segment.size)
            } catch StoreError.notFound {
                // Erased since its row was read: with the media, when another call closed the upload, or replaced.
                guard let now = try await record(upload.id) else { throw ServiceError.mediaNotFound(upload.id) }
                if now.state != .uploading { return nil }
                first = try await catalog.segments(of: upload.id).first
                if first == segment { throw StoreError.notFound }
            }
        }
        return .tweetImage
    }

    /// What a file is for, judged by its first bytes.
    func category(of blob: BlobName, size: Int64) async throws -> MediaCategory {
        var head: [UInt8] = []
        for try await buffer in try await blobs.read(blob, range: 0..<min(size, 64 << 10)) {
            head.append(contentsOf: buffer.readableBytesView)
        }
        return try Sniffer.sniff(ArrayByteSource(head)).mediaType?.defaultCategory ?? .tweetImage
    }

    /// The status now, or for media whose answer is final, the status when it is known or the wait is over.
    func outcome(of id: MediaID) async throws(ServiceError) -> UploadStatus {
        let deadline = clock.now + settings.finalizeWait
        let result: Result<UploadStatus, ServiceError> = await outcomes.watching(id) { signal in
            do throws(ServiceError) {
                while true {
                    guard let media = try await record(id) else { throw .mediaNotFound(id) }
                    if media.state == .failed, media.isAnsweredAtOnce, let failure = media.failure {
                        throw .mediaFailed(id, failure)
                    }
                    let isSettled = media.state == .succeeded || media.state == .failed
                    if isSettled || !media.isAnsweredAtOnce || clock.now >= deadline || Task.isCancelled {
                        return .success(UploadStatus(media: media))
                    }
                    // Another process may do the job: it cannot signal, so look again every half second.
                    await signal.wait(atMost: .milliseconds(500), clock: clock)
                }
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
