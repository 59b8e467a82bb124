import MediaCore
import Synchronization
import Testing

@Suite("Guesses at secrets")
struct GuessLimiterTests {
    private let clock = ManualClock()

    /// Whether a guess is let through, and if so, what the secret says to it.
    private func attempt(
        _ limiter: GuessLimiter, _ account: String = "user:alice", from address: String, right: Bool = false
    ) -> Bool {
        guard let attempt = try? limiter.begin(account: account, address: address) else { return false }
        if right { limiter.succeeded(attempt) }
        return true
    }

    @Test(
        "10,000 guesses from one address: ten are looked at; elsewhere the owner gets in at once, and here after a while"
    )
    func oneAddress() {
        let limiter = GuessLimiter(clock: clock)
        let looked = (0..<10_000).count { _ in attempt(limiter, from: "6.6.6.6") }
        #expect(looked == 10)
        #expect(attempt(limiter, from: "192.0.2.1", right: true))
        #expect(!attempt(limiter, from: "6.6.6.6", right: true))
        clock.advance(by: .seconds(60))
        #expect(attempt(limiter, from: "6.6.6.6", right: true))
    }

    @Test("10,000 guesses from 10,000 addresses: fifty are looked at; the owner gets in from where he came in before")
    func manyAddresses() {
        let limiter = GuessLimiter(clock: clock)
        #expect(attempt(limiter, from: "192.0.2.1", right: true))
        let looked = (0..<10_000).count { attempt(limiter, from: "10.0.\($0 / 256).\($0 % 256)") }
        #expect(looked == 50)
        #expect(attempt(limiter, from: "192.0.2.1", right: true))
        #expect(!attempt(limiter, from: "192.0.2.2", right: true))
        #expect(attempt(limiter, "user:bob", from: "192.0.2.2", right: true))
    }

    @Test("10,000 guesses within a day, as fast as they are let through: fewer than 1,600")
    func patient() {
        let limiter = GuessLimiter(clock: clock)
        var looked = 0
        for number in 0..<10_000 {
            if attempt(limiter, from: "10.0.\(number / 256).\(number % 256)") { looked += 1 }
            clock.advance(by: .milliseconds(8640))
        }
        #expect(looked < 1600)
        #expect(looked > 1000)
    }

    @Test("one address against many accounts is stopped; others are not concerned")
    func spraying() {
        let limiter = GuessLimiter(clock: clock)
        let looked = (0..<10_000).count { attempt(limiter, "user:\($0)", from: "6.6.6.6") }
        #expect(looked == 200)
        #expect(attempt(limiter, "user:5000", from: "192.0.2.1", right: true))
    }

    @Test("whoever came in from an address before does so also when others there guess at all accounts")
    func neighbours() {
        let limiter = GuessLimiter(clock: clock)
        #expect(attempt(limiter, "user:alice", from: "6.6.6.6", right: true))
        for number in 0..<1000 { _ = attempt(limiter, "user:\(number)", from: "6.6.6.6") }
        #expect(!attempt(limiter, "user:bob", from: "6.6.6.6", right: true))
        #expect(attempt(limiter, "user:alice", from: "6.6.6.6", right: true))
    }

    @Test("guesses at the same moment are counted before their secret is looked at")
    func concurrent() async {
        let limiter = GuessLimiter(clock: clock)
        let looked = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<1000 { group.addTask { attempt(limiter, from: "6.6.6.6") } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(looked == 10)
    }

    @Test("whoever knows the secret is never kept waiting")
    func rightOnes() {
        let limiter = GuessLimiter(clock: clock)
        for _ in 0..<10_000 { #expect(attempt(limiter, "client:app", from: "192.0.2.1", right: true)) }
    }

    @Test("the refusal tells when one more is allowed, and letters' case does not make another account")
    func retryAfter() {
        let limiter = GuessLimiter(clock: clock)
        for number in 0..<10 { #expect(attempt(limiter, number % 2 == 0 ? "user:Alice" : "USER:alice", from: "a")) }
        do throws(GuessLimiter.TooMany) {
            _ = try limiter.begin(account: "user:alice", address: "a")
            Issue.record("let through")
        } catch {
            #expect(error.retryAfter == .seconds(60))
            clock.advance(by: error.retryAfter)
        }
        #expect(attempt(limiter, from: "a"))
        #expect(!attempt(limiter, from: "a"))
    }

    @Test("a check that fails for another reason costs nothing; a wrong secret does, a right one does not")
    func attempts() async throws {
        struct Overloaded: Error {}
        let limiter = GuessLimiter(clock: clock)
        for _ in 0..<100 {
            await #expect(throws: Overloaded.self) {
                _ = try await limiter.attempt(account: "a", address: "b") { () -> Int? in throw Overloaded() }
            }
        }
        for _ in 0..<10 { #expect(try await limiter.attempt(account: "a", address: "b") { nil as Int? } == nil) }
        await #expect(throws: GuessLimiter.TooMany.self) {
            _ = try await limiter.attempt(account: "a", address: "b") { 1 }
        }
        for _ in 0..<100 { #expect(try await limiter.attempt(account: "c", address: "b") { 1 } == 1) }
    }

    @Test("memory is bounded, and invented accounts do not make an attacked one's budget forgotten")
    func bounded() {
        var limits = GuessLimiter.Limits()
        limits.most = 1000
        let limiter = GuessLimiter(limits, clock: clock)
        while attempt(limiter, from: "6.6.6.6") {}
        for number in 0..<20_000 {
            _ = attempt(limiter, "user:\(number)", from: "10.\(number / 65_536).\(number / 256 % 256).\(number % 256)")
            #expect(limiter.rememberedCount <= 2000)
        }
        #expect(!attempt(limiter, from: "6.6.6.6"))
        for number in 0..<5000 { _ = attempt(limiter, "user:b\(number)", from: "192.0.2.1", right: true) }
        #expect(limiter.rememberedCount <= 2000)
    }
}
