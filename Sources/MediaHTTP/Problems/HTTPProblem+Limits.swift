import HTTPTypes
import MediaCore
import XMedia

/// Refusals by what a user may have, and by keys.
extension HTTPProblem {
    /// 403 for what stays until something is deleted, 503 for what passes by itself.
    static func overQuota(_ excess: UserQuota.Excess) -> HTTPProblem {
        switch excess {
        case .bytes(let taken, let asked, let limit):
            HTTPProblem(
                .forbidden, detail: "Your quota of \(limit) bytes has no room for \(asked) more.",
                errors: [
                    Problem.Item(
                        message: "\(taken) bytes are stored or reserved; \(asked) more exceed the quota",
                        rule: "quota.bytes", found: "\(taken + asked)", allowed: "\(limit)",
                        fix: "Delete posts or abort uploads, or wait until media expires.")
                ])
        case .openUploads(let limit):
            HTTPProblem(
                .forbidden, detail: "You have \(limit) open uploads, and may not have more.",
                errors: [
                    Problem.Item(
                        message: "\(limit) uploads are not finalized", rule: "quota.open_uploads",
                        found: "\(limit + 1)", allowed: "\(limit)",
                        fix: "Finalize or abort (DELETE /2/media/upload/{id}) one of them.")
                ])
        case .waitingJobs(let limit):
            .unavailable(
                "\(limit) of your media wait for processing, which is your share of the queue; nothing was changed by "
                    + "this request.", retryAfter: 10)
        }
    }

    /// 429: too many wrong secrets; whether this one was right is not told.
    static func tooManyGuesses(retryAfter: Duration) -> HTTPProblem {
        let seconds = max(1, Int(retryAfter.inSeconds.rounded(.up)))
        return HTTPProblem(
            .tooManyRequests, detail: "Too many attempts; the next one is possible in \(seconds) seconds.",
            headers: [.retryAfter: "\(seconds)"])
    }

    /// 422: the key was given to another request
    /// (https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07, 2.7).
    static let idempotencyKeyReused = HTTPProblem(
        .unprocessableContent,
        detail: "The Idempotency-Key was used for a request with another body; a new request needs a new key.",
        errors: [
            Problem.Item(
                message: "The Idempotency-Key was used for a request with another body", rule: "idempotency_key",
                fix: "Send a new key.")
        ])
}
