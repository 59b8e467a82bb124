package import XMedia

/// Requests that are to have one effect however often they are sent.
///
/// A key is claimed in the transaction of the effect, see ``UploadCatalog/create(_:quota:claim:)`` and
/// ``PostCatalog/create(_:duplicatesSince:claim:)``: there is never an effect without its answer, nor an answer without.
package protocol IdempotencyCatalog: Sendable {
    /// The answer that was given under the key; nil when there was none.
    func earlierAnswer(to key: IdempotencyKey) async throws(StoreError) -> EarlierAnswer?

    /// At most `limit` of the keys that were claimed before a moment are free again; returns how many.
    func forgetKeys(claimedBefore moment: Timestamp, limit: Int) async throws(StoreError) -> Int
}

/// The key that a client gave to a request, and what the request asked for.
package struct IdempotencyKey: Sendable, Equatable {
    /// Whose request it is: each user has keys of their own.
    package let userID: UserID
    /// Which operation was asked for: each has keys of its own.
    package let operation: String
    /// The key as the client made it.
    package let text: String
    /// SHA-256 of the request's body, 64 hexadecimal digits.
    package let digest: String

    package init(userID: UserID, operation: String, text: String, digest: String) {
        self.userID = userID
        self.operation = operation
        self.text = text
        self.digest = digest
    }
}

/// A key and the answer that is to be given again under it.
package struct IdempotencyClaim: Sendable, Equatable {
    /// The key.
    package let key: IdempotencyKey
    /// The answer.
    package let answer: StoredAnswer
    /// When it is claimed.
    package let at: Timestamp

    package init(key: IdempotencyKey, answer: StoredAnswer, at: Timestamp) {
        self.key = key
        self.answer = answer
        self.at = at
    }
}

/// An answer as it was given.
package struct StoredAnswer: Sendable, Equatable {
    /// The HTTP status.
    package let status: Int
    /// The JSON body.
    package let body: String

    package init(status: Int, body: String) {
        self.status = status
        self.body = body
    }
}

/// What was answered under a key before.
package enum EarlierAnswer: Sendable, Equatable {
    /// The same request was made: this is its answer.
    case same(StoredAnswer)
    /// The key was used for another request.
    case otherRequest
}
