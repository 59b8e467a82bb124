import Synchronization

/// Keeps guessable secrets (passwords, client secrets, PINs) from being guessed, while whoever knows them gets in.
///
/// Every attempt takes from several budgets before the secret is looked at, so that attempts at the same moment count
/// too; a right one gives back what it took. The budgets:
///
/// - of a *place* (account and address together): somebody who tries one account from one address;
/// - of an *account*, for all addresses from which nobody has given its secret yet: many addresses against one account.
///   Whoever came in from an address before is not concerned, so nobody can lock the rightful owner out;
/// - of an *address*, for all accounts: one address against many accounts.
///
/// A budget fills again slowly. Memory is bounded: when there are too many budgets, the fullest are forgotten, which say
/// the least. Kept in this process; a restart fills all budgets, and forgets the known addresses.
package final class GuessLimiter: Sendable {
    /// How many wrong guesses in a row a budget allows, and how fast it fills again.
    package struct Budget: Sendable, Equatable {
        /// Guesses at once.
        package var guesses: Int
        /// The time in which one more is allowed.
        package var interval: Duration

        package init(guesses: Int, interval: Duration) {
            self.guesses = guesses
            self.interval = interval
        }
    }

    /// All budgets.
    ///
    /// With these, an account that is attacked from everywhere is tried some 1,500 times a day.
    package struct Limits: Sendable {
        /// Of a place from which nobody came in yet.
        package var place = Budget(guesses: 10, interval: .seconds(60))
        /// Of a place from which somebody came in: a program may ask many times at once.
        package var knownPlace = Budget(guesses: 100, interval: .seconds(20))
        /// Of an account, for all places that are not known.
        package var account = Budget(guesses: 50, interval: .seconds(60))
        /// Of an address, for all accounts.
        package var address = Budget(guesses: 200, interval: .seconds(5))
        /// The most budgets, and the most known places, that are remembered.
        package var most = 50_000

        package init() {}
    }

    /// An attempt that was let through; its outcome is told with ``GuessLimiter/succeeded(_:)`` when it was right.
    package struct Attempt: Sendable {
        fileprivate let place: Key
        fileprivate let taken: [(key: Key, interval: Int64)]
    }

    /// Too many wrong guesses were made; the secret was not looked at.
    package struct TooMany: Error, Equatable {
        /// After this time one more is allowed.
        package let retryAfter: Duration
    }

    fileprivate enum Key: Hashable {
        case place(account: Int, address: Int)
        case knownPlace(account: Int, address: Int)
        case account(Int)
        case address(Int)
    }

    /// For each budget the moment at which it is full again, in milliseconds; one that is not here is full.
    private struct State {
        var fullAt: [Key: Int64] = [:]
        /// When somebody came in last from a place.
        var known: [Key: Int64] = [:]
    }

    private let limits: Limits
    private let clock: any WallClock
    private let state = Mutex(State())

    /// Makes a limiter with full budgets.
    package init(_ limits: Limits = Limits(), clock: any WallClock) {
        self.limits = limits
        self.clock = clock
    }

    /// Lets an attempt through, before its secret is looked at.
    ///
    /// - Parameters:
    ///   - account: what is tried: `user:alice`, `client:abc`. Need not exist: unknown ones must not be told apart.
    ///   - address: where from; of IPv6 the first 64 bits, as one household has them all.
    /// - Throws: ``TooMany``; answered with 429 and `Retry-After`.
    package func begin(account: String, address: String) throws(TooMany) -> Attempt {
        // Names of any length cost the same; the hash has a seed of this process, so nobody can make two collide.
        let (account, address) = (account.lowercased().hashValue, address.hashValue)
        let place = Key.place(account: account, address: address)
        let now = clock.now.rawValue
        let result: Result<Attempt, TooMany> = state.withLock { state in
            // Who came in from an address before does so again, whatever others there, or elsewhere, try.
            let wanted: [(Key, Budget)] =
                state.known[place] != nil
                ? [(.knownPlace(account: account, address: address), limits.knownPlace)]
                : [(.address(address), limits.address), (place, limits.place), (.account(account), limits.account)]
            var wait: Int64 = 0
            for (key, budget) in wanted {
                let interval = budget.interval.milliseconds
                let fullAt = max(state.fullAt[key] ?? now, now) + interval
                wait = max(wait, fullAt - now - Int64(budget.guesses) * interval)
            }
            guard wait <= 0 else { return .failure(TooMany(retryAfter: .milliseconds(wait))) }
            if state.fullAt.count + wanted.count > limits.most {
                Self.forget(&state.fullAt, below: now, atMost: limits.most - wanted.count)
            }
            for (key, budget) in wanted {
                state.fullAt[key] = max(state.fullAt[key] ?? now, now) + budget.interval.milliseconds
            }
            return .success(
                Attempt(place: place, taken: wanted.map { ($0, $1.interval.milliseconds) }))
        }
        return try result.get()
    }

    /// Runs the check of a secret as one attempt.
    ///
    /// - Parameters:
    ///   - account: as for ``begin(account:address:)``.
    ///   - address: as for ``begin(account:address:)``.
    ///   - check: what the secret opens; nil when it is wrong. When it throws, the secret was not looked at.
    /// - Throws: ``TooMany``, and what `check` throws.
    package func attempt<Result>(
        account: String, address: String, _ check: () async throws -> Result?
    ) async throws -> Result? {
        let attempt = try begin(account: account, address: address)
        do {
            guard let result = try await check() else { return nil }
            succeeded(attempt)
            return result
        } catch {
            giveBack(attempt)
            throw error
        }
    }

    /// The secret was not looked at: the attempt costs nothing.
    package func giveBack(_ attempt: Attempt) {
        state.withLock { Self.giveBack(attempt, to: &$0) }
    }

    private static func giveBack(_ attempt: Attempt, to state: inout State) {
        for (key, interval) in attempt.taken {
            if let fullAt = state.fullAt[key] { state.fullAt[key] = fullAt - interval }
        }
    }

    /// The secret was right: the attempt costs nothing, and its place is known from now on.
    package func succeeded(_ attempt: Attempt) {
        let now = clock.now.rawValue
        state.withLock { state in
            Self.giveBack(attempt, to: &state)
            if state.known.count >= limits.most { Self.forget(&state.known, below: 0, atMost: limits.most - 1) }
            state.known[attempt.place] = now
        }
    }

    /// How many budgets and known places are remembered now.
    package var rememberedCount: Int { state.withLock { $0.fullAt.count + $0.known.count } }

    /// Forgets what is at or below a value, and a quarter more, from the lowest on, when that is not enough.
    private static func forget(_ values: inout [Key: Int64], below border: Int64, atMost most: Int) {
        values = values.filter { $0.value > border }
        guard values.count > most else { return }
        let sorted = values.values.sorted()
        let quarter = sorted[sorted.count / 4]
        values = values.filter { $0.value > quarter }
        // All may be the same.
        if values.count > most { values.removeAll(keepingCapacity: true) }
    }
}
