import MediaCore
import MediaRules
import Testing
import XMedia

/// Rows for the rules to work with; everything not given is of no importance to the rule.
enum Samples {
    static let now = Timestamp(rawValue: 1_700_000_000_000)
    static let rules = RuleBook(profile: .x)
    static let owner = UserID(rawValue: 100)
    static let stranger = UserID(rawValue: 200)

    static func upload(
        _ id: UInt64 = 1, owner: UserID = owner, additionalOwners: [UserID] = [],
        category: MediaCategory? = .tweetImage, declaredBytes: Int64? = nil,
        expiresAt: Timestamp? = now + .seconds(3600)
    ) -> MediaRecord {
        MediaRecord(
            id: MediaID(rawValue: id), mediaKeyPrefix: 3, ownerID: owner, additionalOwners: additionalOwners,
            category: category, declaredType: .jpeg, declaredBytes: declaredBytes, createdAt: now, expiresAt: expiresAt)
    }

    /// An attempt with a name of its own for each index and number.
    static func attempt(_ media: UInt64 = 1, index: Int = 0, number: Int = 0, size: Int64 = 10) throws -> NewSegment {
        let id = MediaID(rawValue: media)
        return NewSegment(
            mediaID: id, index: index,
            blob: try #require(BlobName(kind: .attempt, mediaID: id, unique: "b00t-\(index)x\(number)")),
            stored: StoredBlob(size: size, crc32c: UInt32.max - UInt32(index)))
    }

    static func original(_ media: UInt64 = 1, unique: String = "b00t-original") throws -> OriginalBlob {
        OriginalBlob(
            blob: try #require(BlobName(kind: .original, mediaID: MediaID(rawValue: media), unique: unique)),
            sha256: String(repeating: "ab", count: 32), crc32c: UInt32.max)
    }

    static func rendition(_ id: UInt64, of media: UInt64 = 1, role: Rendition.Role = .small) throws -> Rendition {
        let mediaID = MediaID(rawValue: media)
        let blob = try #require(BlobName(kind: .rendition, mediaID: mediaID, unique: "lease-\(id)"))
        return Rendition(
            id: RenditionID(rawValue: id), mediaID: mediaID, role: role, blob: role == .hlsMaster ? nil : blob,
            size: role == .hlsMaster ? 0 : 5, crc32c: 7, contentType: "image/jpeg", width: 20, height: 10, bitRate: nil,
            hls: role == .hlsStream
                ? HLSStream(
                    codecs: "avc1.64001f", frameRate: 29.97, initializationLength: 800,
                    segments: [.init(duration: 6.006, offset: 800, length: 4000)]) : nil)
    }

    static let photo = MediaFacts(
        kind: .photo, mediaType: .jpeg, width: 640, height: 480, placeholder: "1QcSHQRnh493V4dIh4eXh1h4kJUI")
    static let video = MediaFacts(kind: .video, mediaType: .mp4, width: 1280, height: 720, durationMs: 12_345)
    static let failure = MediaFailure.invalidMedia([
        .init(message: "too large", rule: "max_bytes", found: "9", allowed: "8")
    ])

    static func post(
        _ id: UInt64, author: UserID = owner, text: String = "hello", media: [UInt64] = [], preview: UInt64? = nil,
        at moment: Timestamp = now
    ) -> PostRecord {
        PostRecord(
            id: PostID(rawValue: id), authorID: author, text: text, mediaIDs: media.map(MediaID.init(rawValue:)),
            previewMediaID: preview.map(MediaID.init(rawValue:)),
            request: .object(["text": .string(text), "reply": .null, "weights": .array([.integer(1), .number(0.5)])]),
            createdAt: moment)
    }
}

extension UploadCatalog {
    /// The upload is in the catalog, whatever its owner has.
    func create(_ upload: MediaRecord) async throws(StoreError) {
        _ = try await create(upload, quota: .unlimited, claim: nil)
    }

    /// The attempt counts from now on, whatever the upload's owner has.
    func commitSegment(_ attempt: NewSegment, at now: Timestamp) async throws(StoreError) -> SegmentCommit {
        try await commitSegment(attempt, quota: .unlimited, at: now)
    }

    /// The id as the catalog has it.
    func media(_ id: UInt64) async throws -> MediaRecord {
        try #require(try await media(MediaID(rawValue: id)))
    }

    /// An upload with these segments, still open.
    func open(_ upload: MediaRecord = Samples.upload(), segments: Int = 1) async throws {
        try await create(upload)
        for index in 0..<segments {
            _ = try await commitSegment(Samples.attempt(upload.id.rawValue, index: index), at: Samples.now)
        }
    }

    /// Closes an upload.
    @discardableResult
    func close(
        _ id: UInt64 = 1, category: MediaCategory? = nil, at now: Timestamp = Samples.now, queueLimit: Int = 1000
    ) async throws -> FinalizeOutcome {
        try await finalize(
            MediaID(rawValue: id), category: category, at: now, expiresAt: Samples.now + .seconds(7200),
            rules: Samples.rules, queueLimit: queueLimit, quota: .unlimited)
    }
}

extension UploadCatalog where Self: JobQueue {
    /// The job leased for a minute; the lease's token is what names it.
    func leased(_ kind: JobKind? = nil, token: String = "t1", at now: Timestamp = Samples.now) async throws -> Job {
        let kinds = kind.map { [$0] } ?? JobKind.foreground
        return try #require(try await lease(kinds, token: token, at: now, until: now + .seconds(60)))
    }

    /// A closed upload whose foreground job is leased.
    func judging(_ upload: MediaRecord = Samples.upload(), segments: Int = 1, token: String = "t1") async throws -> Job
    {
        try await open(upload, segments: segments)
        try await close(upload.id.rawValue)
        return try await leased(token: token)
    }

    /// Media that succeeded, without renditions.
    func ready(_ upload: MediaRecord = Samples.upload(), facts: MediaFacts = Samples.photo) async throws {
        let job = try await judging(upload)
        let succeeded = try await succeed(job, facts: facts, renditions: [], followUp: nil, at: Samples.now)
        try #require(succeeded)
    }
}

/// Runs the body this many times at once and returns what each returned.
func concurrently<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: Result.self) { group in
        for number in 0..<count { group.addTask { try await body(number) } }
        var results: [Result] = []
        for try await result in group { results.append(result) }
        return results
    }
}
