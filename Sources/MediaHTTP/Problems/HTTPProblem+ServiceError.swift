import HTTPTypes
package import MediaCore
import MediaRules
import XMedia

/// What a service refuses, as it goes over the wire.
///
/// Where a text of X's live service is recorded it is used to the letter, because clients compare it; the others are in
/// Roost's words, with the value found and what would be accepted.
extension HTTPProblem {
    /// The answer for a service's refusal.
    package init(_ error: ServiceError) {
        self =
            switch error {
            case .mediaNotFound(let id): .mediaNotFound(id)
            case .uploadClosed(let id, let state):
                .invalidRequest(
                    "Upload [\(id)] is closed (\(state.rawValue)); segments are accepted before finalize only",
                    parameters: ["media_id": ["\(id)"]])
            case .segmentDiffers(let id, let index):
                .invalidRequest(
                    "Upload [\(id)] is closed and its segment \(index) has other bytes; only a repetition of the same "
                        + "bytes is accepted after finalize",
                    parameters: ["segment_index": ["\(index)"]])
            case .segmentIndexOutOfRange(let index, let allowed):
                .invalidRequest(
                    "The `segment_index` field value [\(index)] is not between \(allowed.lowerBound) and "
                        + "\(allowed.upperBound)",
                    parameters: ["segment_index": ["\(index)"]])
            case .segmentTooLarge(let limit):
                .contentTooLarge("A segment may have at most \(limit) bytes; send the rest as further segments.")
            case .segmentEmpty:
                .invalidRequest("The `media` field has no bytes; at least 1 is needed", parameters: ["media": [""]])
            case .oneShotTooLarge(let limit, let category):
                .contentTooLarge(
                    category.mediaClass == .video
                        ? "A \(category.rawValue) in one request may have at most \(limit) bytes; larger files go in "
                            + "segments: /2/media/upload/initialize, append, finalize."
                        : "A \(category.rawValue) may have at most \(limit) bytes.")
            case .declarationRefused(let rules): .invalidRequest(rules.map(\.problemItem))
            case .incomplete(let id, let fault): .incomplete(id, fault)
            case .notFinalized(let id):
                .invalidRequest(
                    "Upload [\(id)] is not finalized; metadata is accepted after finalize",
                    parameters: ["id": ["\(id)"]])
            case .mediaFailed(let id, let failure): .mediaFailed(id, failure)
            case .metadataRefused(let complaint): .invalidRequest(complaint)
            case .postTextRefused(let complaint): .invalidRequest(complaint, parameters: ["text": []])
            case .postFieldsExclusive:
                .invalidRequest(
                    "You can only provide one of poll or quote_tweet_id or direct_message_deep_link or media or "
                        + "card_uri.")
            case .postMediaInvalid(let ids):
                .invalidRequest(
                    "Your media IDs are invalid.", parameters: ["media.media_ids": ids.map(\.description)])
            case .postMediaMixed:
                .invalidRequest("These media do not go together; a post has up to 4 photos, or 1 GIF, or 1 video")
            case .postTagsInvalid(let ids):
                .invalidRequest(
                    "Your tagged user IDs are invalid.",
                    parameters: ["media.tagged_user_ids": ids.map(\.description)])
            case .postVideoTooLong(let minutes):
                HTTPProblem(
                    .forbidden, detail: "This user is not allowed to post a video longer than \(minutes) minutes.")
            case .postDuplicate:
                HTTPProblem(
                    .forbidden, detail: "You are not allowed to create a Tweet with duplicate content.")
            case .postNotFound(let id): .postNotFound(id)
            case .passwordRefused:
                .invalidRequest(
                    "A password has \(PasswordHasher.lengths.lowerBound) to \(PasswordHasher.lengths.upperBound) bytes")
            case .redirectURIRefused(let uri):
                .invalidRequest("No answer may go to the address [\(uri.prefix(200))]")
            case .overloaded: .unavailable("Too many jobs wait; nothing was changed by this request.", retryAfter: 10)
            case .tooManyReceptions:
                .unavailable("Too many uploads are being received; send fewer at once.", retryAfter: 5)
            case .overQuota(let excess): .overQuota(excess)
            case .tooManyGuesses(let retryAfter): .tooManyGuesses(retryAfter: retryAfter)
            case .idempotencyKeyReused: .idempotencyKeyReused
            case .storageFull: .insufficientStorage
            case .storeFailed: .unavailable("A store did not answer; the request can be repeated.", retryAfter: 5)
            }
    }

    /// The live service says no more than `BadRequest: Not found` (github.com/xdevplatform/xurl issue 18).
    private static func mediaNotFound(_ id: MediaID) -> HTTPProblem {
        invalidRequest([
            Problem.Item(
                message: "BadRequest: Not found", parameters: ["media_id": ["\(id)"]],
                fix: "Use the id that initialize returned, with a token of the same user, before it expires.")
        ])
    }

    private static func mediaFailed(_ id: MediaID, _ failure: MediaFailure) -> HTTPProblem {
        guard failure.reasons.isEmpty else { return invalidRequest(failure.reasons) }
        return invalidRequest(
            failure.error.message, parameters: ["media_id": ["\(id)"]])
    }

    private static func postNotFound(_ id: PostID) -> HTTPProblem {
        var answer = HTTPProblem(
            .notFound, type: ProblemType.resourceNotFound, title: "Not Found Error",
            detail: "Could not find tweet with id: [\(id)].")
        answer.problem.resourceType = "tweet"
        answer.problem.resourceID = "\(id)"
        answer.problem.parameter = "id"
        answer.problem.value = "\(id)"
        return answer
    }

    private static func incomplete(_ id: MediaID, _ fault: SegmentManifest.Fault) -> HTTPProblem {
        let parameters = ["media_id": ["\(id)"]]
        switch fault {
        case .empty:
            return invalidRequest("No segment was received; send them with append first", parameters: parameters)
        case .missing(let gaps, let received, let declared):
            let bytes = declared.map { "\(received) of \($0) bytes were" } ?? "\(received) bytes were"
            let isOne = gaps.count == 1 && gaps[0].count == 1
            let which = isOne ? "segment \(gaps[0].lowerBound) is" : "segments \(list(gaps)) are"
            return invalidRequest("\(which) missing; \(bytes) received", parameters: parameters)
        case .sizeMismatch(let received, let declared, let segments):
            let have = segments == 1 ? "1 segment has" : "\(segments) segments have"
            return invalidRequest(
                "\(have) \(received) bytes, but `total_bytes` is \(declared)", parameters: parameters)
        case .tooLarge(let received, let limit):
            return invalidRequest(
                "\(received) bytes were received; this category allows \(limit)", parameters: parameters)
        }
    }

    /// `2–3 and 7`; a list that was cut at 20 ranges ends in `and more`.
    private static func list(_ ranges: [ClosedRange<Int>]) -> String {
        var parts = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
        if parts.count == 20 { parts.append("more") }
        let last = parts.removeLast()
        return parts.isEmpty ? last : parts.joined(separator: ", ") + " and " + last
    }
}
