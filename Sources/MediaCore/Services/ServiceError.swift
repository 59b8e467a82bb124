package import MediaRules
package import XMedia

/// Everything for which a service refuses a request; the edge maps each case to a problem document.
package enum ServiceError: Error, Sendable, Equatable {
    /// No such upload or media for this user: unknown, somebody else's, expired or being deleted; not told apart.
    case mediaNotFound(MediaID)
    /// The upload is closed; segments are no longer accepted.
    case uploadClosed(MediaID, UploadState)
    /// A segment with these bytes is not the one that was received before finalize.
    case segmentDiffers(MediaID, index: Int)
    /// The index is not within the upload's range.
    case segmentIndexOutOfRange(index: Int, allowed: ClosedRange<Int>)
    /// A segment has more bytes than one segment may have.
    case segmentTooLarge(limit: Int64)
    /// A segment has no bytes.
    case segmentEmpty
    /// A file in one request has more bytes than may be sent so.
    case oneShotTooLarge(limit: Int64, category: MediaCategory)
    /// What was declared breaks rules.
    case declarationRefused([BrokenRule])
    /// Finalize cannot succeed yet.
    case incomplete(MediaID, SegmentManifest.Fault)
    /// The upload is not finalized, so metadata cannot be set.
    case notFinalized(MediaID)
    /// Processing refused the file; the reasons are those that status gives.
    case mediaFailed(MediaID, MediaFailure)
    /// `geo_restrictions` must have exactly one list with entries.
    case metadataRefused(String)
    /// The post's text cannot be posted: empty without media, or too long.
    case postTextRefused(String)
    /// More than one of the fields that exclude each other.
    case postFieldsExclusive
    /// These media cannot be posted.
    case postMediaInvalid([MediaID])
    /// These media do not go together.
    case postMediaMixed
    /// These tagged users do not exist.
    case postTagsInvalid([UserID])
    /// The video is longer than may be posted.
    case postVideoTooLong(limitMinutes: Int)
    /// The same was posted a short while ago.
    case postDuplicate
    /// No such post of this user.
    case postNotFound(PostID)
    /// A password is too short or too long; see ``PasswordHasher/lengths``.
    case passwordRefused
    /// No answer to an authorization request may go to this address.
    case redirectURIRefused(String)
    /// Too many jobs wait.
    case overloaded
    /// Too many bodies are being received, by all or by this user.
    case tooManyReceptions
    /// The user may not have so much.
    case overQuota(UserQuota.Excess)
    /// Too many wrong secrets were given; this one was not looked at.
    case tooManyGuesses(retryAfter: Duration)
    /// The key of a request that is to be done once was used for another request.
    case idempotencyKeyReused
    /// Less than the reserve of space is free.
    case storageFull
    /// A store failed; the text is for the log.
    case storeFailed(String)
}

extension ServiceError {
    /// What a store's failure means for the request.
    package init(_ error: StoreError) {
        switch error {
        case .full: self = .storageFull
        case .unavailable(let text), .corrupt(let text): self = .storeFailed(text)
        case .notFound: self = .storeFailed("a blob that a row names is not there")
        }
    }

    /// What an error of a service's own steps means: refusals pass unchanged, a store's failure is translated.
    init(wrapping error: any Error) {
        switch error {
        case let error as ServiceError: self = error
        case let error as StoreError: self = ServiceError(error)
        case let error as GuessLimiter.TooMany: self = .tooManyGuesses(retryAfter: error.retryAfter)
        default: self = .storeFailed("\(error)")
        }
    }
}
