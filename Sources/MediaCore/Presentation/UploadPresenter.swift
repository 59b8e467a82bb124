package import XMedia

/// Turns rows into the `data` of upload answers.
package struct UploadPresenter: Sendable {
    private let urls: MediaURLs

    /// Makes a presenter.
    package init(urls: MediaURLs) { self.urls = urls }

    /// The answer of initialize.
    package func initialized(_ media: MediaRecord, at now: Timestamp) -> UploadData {
        var data = UploadData(id: media.id, mediaKey: media.mediaKey)
        data.expiresAfterSecs = secondsLeft(of: media, at: now)
        return data
    }

    /// The answer of finalize and one-shot: `processing_info` only while, or because, the client must ask again.
    package func finalized(_ status: UploadStatus, viewer: UserID, at now: Timestamp) -> UploadData {
        var data = self.status(status, viewer: viewer, at: now)
        if status.media.isAnsweredAtOnce, status.media.state == .succeeded { data.processingInfo = nil }
        return data
    }

    /// The answer of status; `processing_info` always, also for images
    /// (clients loop or fail on X's 400 "Not found" for those).
    package func status(_ status: UploadStatus, viewer: UserID, at now: Timestamp) -> UploadData {
        let media = status.media
        var data = UploadData(id: media.id, mediaKey: media.mediaKey)
        data.size = media.size
        if media.state != .failed { data.expiresAfterSecs = secondsLeft(of: media, at: now) }
        if media.shared { data.shared = true }
        data.processingInfo = processingInfo(of: media, at: now)
        if media.state == .uploading {
            data.segments = status.segments.map { segment in
                UploadData.Segment(index: segment.index, size: segment.size, crc32c: segment.crc32c.hexadecimal)
            }
        }
        if let facts = media.facts {
            if facts.mediaType.isVideo {
                data.video = UploadData.Video(videoType: facts.mediaType.rawValue)
            } else if facts.mediaType.isImage, let width = facts.width, let height = facts.height {
                data.image = UploadData.Image(imageType: facts.mediaType.rawValue, width: width, height: height)
            }
        }
        if viewer == media.ownerID, let original = media.original, let size = media.size {
            data.original = UploadData.Original(
                url: urls.url(ofOriginal: media.id), size: size, sha256: original.sha256)
        }
        return data
    }

    /// The problems of failed media: one for each broken rule.
    package func problems(of media: MediaRecord) -> [Problem]? {
        guard media.state == .failed, let failure = media.failure else { return nil }
        let reasons = failure.reasons.isEmpty ? [Problem.Item(message: failure.error.message)] : failure.reasons
        return reasons.map { reason in
            var problem = Problem(
                type: failure.error.code == 2 ? ProblemType.internalError : ProblemType.invalidRequest,
                title: failure.error.name, detail: reason.message, status: failure.error.code == 2 ? 500 : 400)
            problem.parameter = "media"
            problem.value = reason.found ?? String(describing: media.id)
            problem.rule = reason.rule
            problem.found = reason.found
            problem.allowed = reason.allowed
            problem.fix = reason.fix
            return problem
        }
    }

    private func secondsLeft(of media: MediaRecord, at now: Timestamp) -> Int? {
        media.expiresAt.map { max(0, Int((($0 - now).milliseconds + 999) / 1000)) }
    }

    private func processingInfo(of media: MediaRecord, at now: Timestamp) -> ProcessingInfo {
        switch media.state {
        case .uploading, .deleting: ProcessingInfo(state: .uploading)
        case .pending: ProcessingInfo(state: .pending, checkAfterSecs: 1)
        case .inProgress:
            ProcessingInfo(
                state: .inProgress, checkAfterSecs: checkAfter(media, at: now), progressPercent: media.progress)
        case .succeeded: ProcessingInfo(state: .succeeded, progressPercent: 100)
        case .failed:
            ProcessingInfo(state: .failed, progressPercent: media.progress, error: media.failure?.error)
        }
    }

    /// Half of the expected remaining time, 1…30 s: a client that obeys sees the end soon and asks seldom.
    private func checkAfter(_ media: MediaRecord, at now: Timestamp) -> Int {
        guard let end = media.expectedEnd else { return 1 }
        return min(30, max(1, Int((end - now).inSeconds / 2)))
    }
}
