import MediaRules
package import XMedia

extension UploadService {
    /// A new upload of this user.
    ///
    /// What was not declared is settled later: the size at finalize, category and type from the bytes.
    ///
    /// - Throws: ``ServiceError/declarationRefused(_:)``, ``ServiceError/overQuota(_:)``, ``ServiceError/storageFull``,
    ///   ``ServiceError/storeFailed(_:)``.
    package func initialize(_ request: InitializeRequest, owner: UserID) async throws(ServiceError) -> MediaRecord {
        guard case .done(let upload) = try await create(request, owner: owner, once: nil) else {
            throw .storeFailed("a request without a key was answered before")
        }
        return upload
    }

    /// A new upload of this user, once: the same request under the same key makes no other and is answered alike.
    ///
    /// - Throws: as above, and ``ServiceError/idempotencyKeyReused``.
    package func initialize(
        _ request: InitializeRequest, owner: UserID, once: Once<MediaRecord>
    ) async throws(ServiceError) -> OnceOutcome<MediaRecord> {
        do {
            // Before anything is judged: what was accepted once is not refused by a later state of the server.
            if let earlier = try await catalog.earlierAnswer(to: once.key) { return .repeated(try earlier.answer()) }
        } catch {
            throw ServiceError(wrapping: error)
        }
        return try await create(request, owner: owner, once: once)
    }

    private func create(
        _ request: InitializeRequest, owner: UserID, once: Once<MediaRecord>?
    ) async throws(ServiceError) -> OnceOutcome<MediaRecord> {
        let upload = try await judged(request, owner: owner, id: MediaID(rawValue: ids.next()))
        do {
            let claim = try once?.claim(for: upload, at: upload.createdAt)
            switch try await catalog.create(upload, quota: settings.quota, claim: claim) {
            case .created: return .done(upload)
            case .answeredBefore(let earlier): return .repeated(try earlier.answer())
            case .overQuota(let excess): throw ServiceError.overQuota(excess)
            }
        } catch {
            throw ServiceError(wrapping: error)
        }
    }

    /// The upload that is asked for, if its declaration keeps the rules and there is room.
    func judged(_ request: InitializeRequest, owner: UserID, id: MediaID) async throws(ServiceError) -> MediaRecord {
        let category = request.mediaCategory ?? request.mediaType?.defaultCategory
        // When neither was declared there is nothing to judge yet. A type without a category is one that none takes.
        if category != nil || request.mediaType != nil {
            let broken = settings.rules.judgeDeclaration(
                category: category ?? .tweetImage, mediaType: request.mediaType, totalBytes: request.totalBytes)
            if !broken.isEmpty { throw .declarationRefused(broken) }
        }
        try await space.check()
        let now = clock.now
        return MediaRecord(
            id: id,
            // Nothing declared: most such uploads are images. The key keeps its prefix whatever the bytes turn out to be.
            mediaKeyPrefix: (category ?? .tweetImage).mediaKeyPrefix,
            ownerID: owner, additionalOwners: request.additionalOwners ?? [],
            category: category, declaredType: request.mediaType,
            declaredBytes: request.totalBytes.flatMap { $0 > 0 ? $0 : nil },
            shared: request.shared ?? false, createdAt: now, expiresAt: now + settings.uploadLifetime)
    }
}
