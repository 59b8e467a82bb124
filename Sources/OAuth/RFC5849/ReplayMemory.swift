/// The signatures that were accepted, as long as their timestamps are.
///
/// A signature covers the app, the token, the timestamp, the nonce and the whole request, so it names the request: equal
/// signatures are a repetition, different ones are not, even if a client's nonces are small and meet (`xurl` draws from
/// a billion).
///
/// The memory is bounded. When it is full, the app that fills it loses its oldest second, and what is as old is refused
/// from then on: nothing is ever accepted twice, and no app does harm to another.
package struct ReplayMemory: Sendable {
    /// What becomes of a request with a valid signature.
    package enum Admission: Sendable, Equatable {
        /// It is the first.
        case fresh
        /// It was accepted before.
        case replayed
        /// Its timestamp is not one of which the memory still knows everything.
        case untimely
    }

    private struct App: Sendable {
        /// By timestamp, in seconds since 1970.
        var seconds: [Int64: Set<Fingerprint>] = [:]
        var count = 0
        /// Timestamps before this are refused.
        var floor: Int64 = .min
    }

    /// 16 bytes of a signature's 20, more than enough to tell requests apart.
    private struct Fingerprint: Hashable {
        private let high: UInt64
        private let low: UInt64

        init(_ signature: Signature) {
            high = signature.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
            low = signature.bytes.dropFirst(8).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// How far a timestamp may be from the server's clock, in seconds.
    package let window: Int64
    private let capacity: Int
    private var apps: [String: App] = [:]
    /// The signatures that are remembered.
    private(set) package var size = 0
    /// When what is too old was last forgotten.
    private var prunedAt: Int64 = .min

    /// Makes an empty memory.
    ///
    /// - Parameters:
    ///   - window: seconds; 300 is what OAuth 1.0a servers use, X's own number is not known.
    ///   - capacity: the most signatures; some 40 bytes each.
    package init(window: Int64 = 300, capacity: Int = 1 << 18) {
        self.window = window
        self.capacity = max(1, capacity)
    }

    /// Whether a timestamp can be accepted at all, asked before anything is computed.
    package func isTimely(_ timestamp: Int64, now: Int64) -> Bool {
        timestamp >= now - window && timestamp <= now + window
    }

    /// Accepts a request once.
    ///
    /// - Parameters:
    ///   - signature: the verified signature.
    ///   - consumerKey: names the app.
    ///   - timestamp: the request's, in seconds since 1970.
    ///   - now: the server's time, in seconds since 1970.
    /// - Returns: whether the request may have its effect.
    package mutating func admit(
        _ signature: Signature, consumerKey: String, timestamp: Int64, now: Int64
    ) -> Admission {
        prune(now: now)
        guard isTimely(timestamp, now: now), timestamp >= apps[consumerKey]?.floor ?? .min else { return .untimely }
        let isNew = apps[consumerKey, default: App()].seconds[timestamp, default: []]
            .insert(Fingerprint(signature)).inserted
        guard isNew else { return .replayed }
        apps[consumerKey]?.count += 1
        size += 1
        if size > capacity { makeRoom() }
        return .fresh
    }

    private mutating func prune(now: Int64) {
        guard now > prunedAt else { return }
        prunedAt = now
        let oldest = now - window
        for (key, app) in apps {
            let old = app.seconds.filter { $0.key < oldest }
            guard !old.isEmpty else { continue }
            let forgotten = old.reduce(0) { $0 + $1.value.count }
            for second in old.keys { apps[key]?.seconds[second] = nil }
            apps[key]?.count -= forgotten
            size -= forgotten
            // The floor is older than what the window refuses anyway.
            if apps[key]?.count == 0, app.floor < oldest { apps[key] = nil }
        }
    }

    /// Forgets the oldest second of the app that has the most.
    private mutating func makeRoom() {
        guard let key = apps.max(by: { $0.value.count < $1.value.count })?.key,
            let second = apps[key]?.seconds.keys.min()
        else { return }
        let forgotten = apps[key]?.seconds.removeValue(forKey: second)?.count ?? 0
        apps[key]?.count -= forgotten
        apps[key]?.floor = second + 1
        size -= forgotten
    }
}
