/// How a request is done once: its key, and how its effect is answered.
package struct Once<Effect: Sendable>: Sendable {
    /// The key.
    package let key: IdempotencyKey
    /// Makes the answer of the effect, before the effect is there.
    package let answer: @Sendable (Effect) throws -> StoredAnswer

    package init(key: IdempotencyKey, answer: @escaping @Sendable (Effect) throws -> StoredAnswer) {
        self.key = key
        self.answer = answer
    }

    /// The claim for an effect that is about to be.
    func claim(for effect: Effect, at now: Timestamp) throws -> IdempotencyClaim {
        IdempotencyClaim(key: key, answer: try answer(effect), at: now)
    }
}

/// What a request that is done once brought.
package enum OnceOutcome<Effect: Sendable>: Sendable {
    /// It was done now.
    case done(Effect)
    /// It had been done before.
    case repeated(StoredAnswer)
}

extension EarlierAnswer {
    /// The answer to give again.
    ///
    /// - Throws: ``ServiceError/idempotencyKeyReused``.
    func answer() throws(ServiceError) -> StoredAnswer {
        switch self {
        case .same(let answer): answer
        case .otherRequest: throw .idempotencyKeyReused
        }
    }
}
