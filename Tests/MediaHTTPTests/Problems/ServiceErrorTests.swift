import HTTPTypes
import MediaCore
import MediaRules
import Testing
import XMedia

@testable import MediaHTTP

@Suite("What a service refuses, as it goes over the wire (contract: X's frame)")
struct ServiceErrorTests {
    /// A service's refusal and what the client gets.
    struct Row: Sendable, CustomTestStringConvertible {
        let error: ServiceError
        let status: Int
        let text: String
        var parameters: [String: [String]]? = nil
        var testDescription: String { "\(error)" }
    }

    private static let id = MediaID(rawValue: 7)
    private static let rule = BrokenRule(
        "image.bytes", message: "The image is too large", found: "6 MB", allowed: "5 MB", fix: "Send a smaller one")

    /// 400 with X's frame; `text` is `errors[0].message`.
    static let invalid: [Row] = [
        Row(error: .mediaNotFound(id), status: 400, text: "BadRequest: Not found", parameters: ["media_id": ["7"]]),
        Row(
            error: .uploadClosed(id, .inProgress), status: 400,
            text: "Upload [7] is closed (in_progress); segments are accepted before finalize only",
            parameters: ["media_id": ["7"]]),
        Row(
            error: .segmentDiffers(id, index: 3), status: 400,
            text:
                "Upload [7] is closed and its segment 3 has other bytes; only a repetition of the same bytes is accepted "
                + "after finalize",
            parameters: ["segment_index": ["3"]]),
        Row(
            error: .segmentIndexOutOfRange(index: 1000, allowed: 0...999), status: 400,
            text: "The `segment_index` field value [1000] is not between 0 and 999",
            parameters: ["segment_index": ["1000"]]),
        Row(
            error: .segmentEmpty, status: 400, text: "The `media` field has no bytes; at least 1 is needed",
            parameters: ["media": [""]]),
        Row(error: .passwordRefused, status: 400, text: "A password has 8 to 1024 bytes"),
        Row(
            error: .redirectURIRefused("javascript:1"), status: 400,
            text: "No answer may go to the address [javascript:1]"),
        Row(error: .declarationRefused([rule]), status: 400, text: "The image is too large"),
        Row(
            error: .incomplete(id, .empty), status: 400, text: "No segment was received; send them with append first",
            parameters: ["media_id": ["7"]]),
        Row(
            error: .incomplete(id, .missing([2...3, 7...7], receivedBytes: 10_485_760, declaredBytes: 26_214_400)),
            status: 400, text: "segments 2–3 and 7 are missing; 10485760 of 26214400 bytes were received",
            parameters: ["media_id": ["7"]]),
        Row(
            error: .incomplete(id, .missing([0...0], receivedBytes: 5, declaredBytes: nil)), status: 400,
            text: "segment 0 is missing; 5 bytes were received", parameters: ["media_id": ["7"]]),
        Row(
            error: .incomplete(id, .missing([0...1], receivedBytes: 5, declaredBytes: nil)), status: 400,
            text: "segments 0–1 are missing; 5 bytes were received", parameters: ["media_id": ["7"]]),
        Row(
            error: .incomplete(
                id, .missing((0..<20).map { $0 * 2...$0 * 2 }, receivedBytes: 1, declaredBytes: nil)),
            status: 400,
            text: "segments 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38 and more are "
                + "missing; 1 bytes were received",
            parameters: ["media_id": ["7"]]),
        Row(
            error: .incomplete(id, .sizeMismatch(receivedBytes: 5, declaredBytes: 6, segments: 2)), status: 400,
            text: "2 segments have 5 bytes, but `total_bytes` is 6", parameters: ["media_id": ["7"]]),
        Row(
            error: .incomplete(id, .sizeMismatch(receivedBytes: 5, declaredBytes: 6, segments: 1)), status: 400,
            text: "1 segment has 5 bytes, but `total_bytes` is 6", parameters: ["media_id": ["7"]]),
        Row(
            error: .incomplete(id, .tooLarge(receivedBytes: 9, limit: 8)), status: 400,
            text: "9 bytes were received; this category allows 8", parameters: ["media_id": ["7"]]),
        Row(
            error: .notFinalized(id), status: 400,
            text: "Upload [7] is not finalized; metadata is accepted after finalize", parameters: ["id": ["7"]]),
        Row(
            error: .mediaFailed(id, .invalidMedia([rule.problemItem])), status: 400, text: "The image is too large"),
        Row(
            error: .mediaFailed(id, .internalError("no decoder")), status: 400, text: "no decoder",
            parameters: ["media_id": ["7"]]),
        Row(error: .metadataRefused("only one list"), status: 400, text: "only one list"),
        Row(
            error: .postTextRefused("The text is too long"), status: 400, text: "The text is too long",
            parameters: ["text": []]),
        Row(
            error: .postFieldsExclusive, status: 400,
            text: "You can only provide one of poll or quote_tweet_id or direct_message_deep_link or media or card_uri."
        ),
        Row(
            error: .postMediaInvalid([id]), status: 400, text: "Your media IDs are invalid.",
            parameters: ["media.media_ids": ["7"]]),
        Row(
            error: .postMediaMixed, status: 400,
            text: "These media do not go together; a post has up to 4 photos, or 1 GIF, or 1 video"),
        Row(
            error: .postTagsInvalid([UserID(rawValue: 9)]), status: 400, text: "Your tagged user IDs are invalid.",
            parameters: ["media.tagged_user_ids": ["9"]]),
    ]

    /// Everything else; `text` is `detail`.
    static let others: [Row] = [
        Row(
            error: .segmentTooLarge(limit: 8_388_608), status: 413,
            text: "A segment may have at most 8388608 bytes; send the rest as further segments."),
        Row(
            error: .oneShotTooLarge(limit: 67_108_864, category: .tweetVideo), status: 413,
            text: "A tweet_video in one request may have at most 67108864 bytes; larger files go in segments: "
                + "/2/media/upload/initialize, append, finalize."),
        Row(
            error: .postVideoTooLong(limitMinutes: 20), status: 403,
            text: "This user is not allowed to post a video longer than 20 minutes."),
        Row(
            error: .postDuplicate, status: 403,
            text: "You are not allowed to create a Tweet with duplicate content."),
        Row(error: .postNotFound(PostID(rawValue: 5)), status: 404, text: "Could not find tweet with id: [5]."),
        Row(error: .overloaded, status: 503, text: "Too many jobs wait; nothing was changed by this request."),
        Row(
            error: .tooManyReceptions, status: 503,
            text: "Too many uploads are being received; send fewer at once."),
        Row(
            error: .overQuota(.bytes(taken: 90, asked: 20, limit: 100)), status: 403,
            text: "Your quota of 100 bytes has no room for 20 more."),
        Row(
            error: .overQuota(.openUploads(limit: 2)), status: 403,
            text: "You have 2 open uploads, and may not have more."),
        Row(
            error: .overQuota(.waitingJobs(limit: 3)), status: 503,
            text: "3 of your media wait for processing, which is your share of the queue; nothing was changed by this "
                + "request."),
        Row(
            error: .tooManyGuesses(retryAfter: .milliseconds(59_001)), status: 429,
            text: "Too many attempts; the next one is possible in 60 seconds."),
        Row(
            error: .idempotencyKeyReused, status: 422,
            text: "The Idempotency-Key was used for a request with another body; a new request needs a new key."),
        Row(
            error: .storageFull, status: 507,
            text:
                "There is too little free space for new uploads; open uploads can still be finalized, and media deleted."
        ),
        Row(
            error: .storeFailed("/secret"), status: 503, text: "A store did not answer; the request can be repeated."),
    ]

    @Test("Faults of the request", arguments: invalid)
    func invalidRequest(row: Row) throws {
        let answer = HTTPProblem(row.error)
        #expect(answer.status.code == row.status)
        #expect(answer.problem.status == row.status)
        #expect(answer.problem.type == "https://api.x.com/2/problems/invalid-request")
        #expect(answer.problem.title == "Invalid Request")
        #expect(answer.problem.detail == "One or more parameters to your request was invalid.")
        let item = try #require(answer.problem.errors?.first)
        #expect(item.message == row.text)
        #expect(item.parameters == row.parameters)
    }

    @Test("All other refusals", arguments: others)
    func statusNamed(row: Row) {
        let answer = HTTPProblem(row.error)
        #expect(answer.status.code == row.status)
        #expect(answer.problem.status == row.status)
        #expect(answer.problem.detail == row.text)
        #expect(answer.problem.title.isEmpty == false)
        #expect((answer.headers[.retryAfter] != nil) == [429, 503].contains(row.status))
    }

    @Test("Who is over a quota is told by how much, and how to come below it")
    func quotas() throws {
        let bytes = HTTPProblem(ServiceError.overQuota(.bytes(taken: 90, asked: 20, limit: 100))).problem
        let item = try #require(bytes.errors?.first)
        #expect(item.rule == "quota.bytes" && item.found == "110" && item.allowed == "100" && item.fix != nil)
        let uploads = try #require(HTTPProblem(ServiceError.overQuota(.openUploads(limit: 2))).problem.errors?.first)
        #expect(uploads.rule == "quota.open_uploads" && uploads.found == "3" && uploads.allowed == "2")
    }

    @Test("Every refusal has a row here")
    func complete() {
        let rows = Self.invalid + Self.others
        // A new case does not compile until it is named here; and what is named must be in a row.
        func name(_ error: ServiceError) -> String {
            switch error {
            case .mediaNotFound, .uploadClosed, .segmentDiffers, .segmentIndexOutOfRange, .segmentTooLarge,
                .segmentEmpty,
                .oneShotTooLarge, .declarationRefused, .incomplete, .notFinalized, .mediaFailed, .metadataRefused,
                .postTextRefused, .postFieldsExclusive, .postMediaInvalid, .postMediaMixed, .postTagsInvalid,
                .postVideoTooLong, .postDuplicate, .postNotFound, .passwordRefused, .redirectURIRefused, .overloaded,
                .tooManyReceptions, .overQuota, .tooManyGuesses, .idempotencyKeyReused, .storageFull, .storeFailed:
                String("\(error)".prefix { $0 != "(" })
            }
        }
        #expect(Set(rows.map { name($0.error) }).count == 29)
    }

    @Test("Broken rules keep what was found, what is allowed and the fix")
    func rules() throws {
        let item = try #require(HTTPProblem(.declarationRefused([Self.rule])).problem.errors?.first)
        #expect(item.rule == "image.bytes")
        #expect(item.found == "6 MB")
        #expect(item.allowed == "5 MB")
        #expect(item.fix == "Send a smaller one")
    }

    @Test("507 is called Insufficient Storage, a post that is not there has resource members")
    func frames() {
        #expect(HTTPProblem(.storageFull).problem.title == "Insufficient Storage")
        let missing = HTTPProblem(.postNotFound(PostID(rawValue: 5))).problem
        #expect(missing.type == "https://api.x.com/2/problems/resource-not-found")
        #expect(missing.title == "Not Found Error")
        #expect(missing.resourceType == "tweet" && missing.resourceID == "5")
    }
}

@Suite("Problem documents")
struct HTTPProblemTests {
    @Test(
        "The recorded texts of X's live service",
        arguments: [
            (HTTPProblem.bodyIsNotJSON, "Request body is not valid JSON."),
            (HTTPProblem.bodyIsNoObject, "Request body must be a JSON object."),
            (HTTPProblem.wrongContentType, "Requests with bodies must have content-type of application/json."),
            (
                HTTPProblem.invalidQuery("id", value: "x", "is not valid"),
                "The `id` query parameter value [x] is not valid"
            ),
            (HTTPProblem.missingQuery("id"), "The `id` query parameter can not be empty"),
        ])
    func texts(problem: HTTPProblem, text: String) {
        #expect(problem.status == .badRequest)
        #expect(problem.problem.errors?.first?.message == text)
    }

    @Test("Departures from a schema name the member and its value")
    func violations() {
        let answer = HTTPProblem.invalidRequest([
            SchemaViolation(path: "media.media_ids", value: "x", message: "a"),
            SchemaViolation(path: "id", value: nil, message: "b"),
            SchemaViolation(path: "", value: "1", message: "c"),
        ])
        #expect(answer.problem.errors?.map(\.parameters) == [["media.media_ids": ["x"]], ["id": []], nil])
    }

    @Test("429 has X's headers and Retry-After")
    func rateLimit() {
        let answer = HTTPProblem.tooManyRequests(limit: 500, reset: 1_700_000_900, retryAfter: 12)
        #expect(answer.status == .tooManyRequests)
        #expect(
            answer.problem
                == Problem(
                    type: "about:blank", title: "Too Many Requests", detail: "Too Many Requests", status: 429))
        #expect(answer.headers[.rateLimitLimit] == "500")
        #expect(answer.headers[.rateLimitRemaining] == "0")
        #expect(answer.headers[.rateLimitReset] == "1700000900")
        #expect(answer.headers[.retryAfter] == "12")
    }
}
