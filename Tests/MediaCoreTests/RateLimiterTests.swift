import MediaCore
import MediaRules
import Testing
import XMedia

@Suite("Rate limits")
struct RateLimiterTests {
    private let clock = ManualClock()
    private let alice = UserID(rawValue: 1)
    private let bob = UserID(rawValue: 2)

    private func limiter(user: String = "3/60", app: String = "off", most: Int = 100) throws -> RateLimiter {
        var limits = RateLimits.off
        try limits.override("create_post.user", with: user)
        try limits.override("create_post.app", with: app)
        return RateLimiter(limits, clock: clock, mostWindows: most)
    }

    @Test("a window begins with its first request, ends after its length, and then begins anew")
    func window() throws {
        let limiter = try limiter()
        let end = clock.now + .seconds(60)
        for left in [2, 1, 0] {
            let verdict = try #require(limiter.take("POST /2/tweets", user: alice, app: nil))
            #expect(verdict.window == .init(limit: 3, remaining: left, resetsAt: end))
            #expect(!verdict.isRefused)
            clock.advance(by: .seconds(1))
        }
        let refused = try #require(limiter.take("POST /2/tweets", user: alice, app: nil))
        #expect(refused.isRefused)
        #expect(refused.window == .init(limit: 3, remaining: 0, resetsAt: end))
        clock.advance(by: .seconds(56))
        #expect(limiter.take("POST /2/tweets", user: alice, app: nil)?.isRefused == true)
        clock.advance(by: .seconds(1))
        let anew = try #require(limiter.take("POST /2/tweets", user: alice, app: nil))
        #expect(anew.window == .init(limit: 3, remaining: 2, resetsAt: clock.now + .seconds(60)))
    }

    @Test("users, their apps and endpoints are counted apart")
    func apart() throws {
        let limiter = try limiter(user: "1/60")
        #expect(limiter.take("POST /2/tweets", user: alice, app: "a")?.isRefused == false)
        #expect(limiter.take("POST /2/tweets", user: alice, app: "a")?.isRefused == true)
        #expect(limiter.take("POST /2/tweets", user: alice, app: "b")?.isRefused == false)
        #expect(limiter.take("POST /2/tweets", user: alice, app: nil)?.isRefused == false)
        #expect(limiter.take("POST /2/tweets", user: bob, app: "a")?.isRefused == false)
        #expect(limiter.take("DELETE /2/tweets/{id}", user: alice, app: "a") == nil)
    }

    @Test("an app's window counts all its users; a refused request is counted nowhere")
    func app() throws {
        let limiter = try limiter(user: "2/60", app: "3/3600")
        let first = try #require(limiter.take("POST /2/tweets", user: alice, app: "a"))
        #expect(first.window.remaining == 1)
        #expect(first.appWindow?.remaining == 2)
        _ = limiter.take("POST /2/tweets", user: alice, app: "a")
        // Refused by the user's window: the app's has one left for bob.
        #expect(limiter.take("POST /2/tweets", user: alice, app: "a")?.window.limit == 2)
        #expect(limiter.take("POST /2/tweets", user: bob, app: "a")?.appWindow?.remaining == 0)
        let refused = try #require(limiter.take("POST /2/tweets", user: bob, app: "a"))
        #expect(refused.isRefused)
        #expect(refused.window.limit == 3)
        #expect(refused.window.resetsAt == clock.now + .seconds(3600))
        #expect(limiter.take("POST /2/tweets", user: bob, app: "b")?.isRefused == false)
    }

    @Test("an app-only token is counted in the app's window, and users where the route takes such tokens are not")
    func appOnly() throws {
        let limiter = RateLimiter(.x, clock: clock)
        let app = try #require(limiter.take("GET /2/tweets/{id}", user: nil, app: "a"))
        #expect(app.window.limit == 450)
        #expect(app.appWindow == nil)
        let user = try #require(limiter.take("GET /2/tweets/{id}", user: alice, app: "a"))
        #expect(user.window.limit == 900)
        #expect(user.appWindow == nil)
        #expect(limiter.take("GET /2/tweets/{id}", user: nil, app: "a")?.window.remaining == 448)
        #expect(limiter.take("GET /2/users/me", user: nil, app: "a") == nil)
    }

    @Test("X's numbers as its page has them")
    func numbers() throws {
        let rows = Dictionary(
            uniqueKeysWithValues: RateLimits.x.rows.flatMap { row in row.endpoints.map { ($0, row) } })
        let expected: [(String, user: RateLimit?, app: RateLimit?)] = [
            ("POST /2/media/upload", RateLimit(500, per: 900), RateLimit(50_000, per: 86_400)),
            ("GET /2/media/upload", RateLimit(1000, per: 900), RateLimit(100_000, per: 86_400)),
            ("POST /2/media/upload/initialize", RateLimit(1875, per: 900), RateLimit(180_000, per: 86_400)),
            ("POST /2/media/upload/{id}/append", RateLimit(1875, per: 900), RateLimit(180_000, per: 86_400)),
            ("POST /2/media/upload/{id}/finalize", RateLimit(1875, per: 900), RateLimit(180_000, per: 86_400)),
            ("POST /2/media/metadata", RateLimit(500, per: 900), RateLimit(50_000, per: 86_400)),
            ("DELETE /2/media/subtitles", RateLimit(100, per: 900), RateLimit(10_000, per: 86_400)),
            ("POST /2/tweets", RateLimit(100, per: 900), RateLimit(10_000, per: 86_400)),
            ("GET /2/users/me", RateLimit(75, per: 900), nil),
        ]
        for (endpoint, user, app) in expected {
            #expect(rows[endpoint]?.perUser == user)
            #expect(rows[endpoint]?.perApp == app)
        }
        #expect(RateLimits.off.isEmpty)
    }

    @Test("memory is bounded: windows that end first are forgotten", arguments: [true, false])
    func bounded(atOneMoment: Bool) throws {
        let limiter = try limiter(user: "1/60", most: 100)
        for number in 0..<10_000 {
            #expect(limiter.take("POST /2/tweets", user: UserID(rawValue: UInt64(number)), app: nil) != nil)
            if !atOneMoment { clock.advance(by: .milliseconds(1)) }
            #expect(limiter.windowCount <= 100)
        }
        #expect(limiter.take("POST /2/tweets", user: UserID(rawValue: 9999), app: nil)?.isRefused == true)
    }

    @Test("a clock that is set back leaves no window that lasts for ever")
    func clockSetBack() throws {
        let limiter = try limiter(user: "1/60")
        clock.advance(by: .seconds(1_000_000))
        _ = limiter.take("POST /2/tweets", user: alice, app: nil)
        clock.advance(by: .seconds(-900_000))
        #expect(limiter.take("POST /2/tweets", user: alice, app: nil)?.isRefused == false)
    }

    @Test(
        "an own value is requests/seconds, or off",
        arguments: ["", "5", "0/5", "5/0", "-1/5", "5/5/5", "a/b", "1/99999999999"])
    func invalid(text: String) {
        var limits = RateLimits.x
        #expect(throws: RateLimits.InvalidOverride.self) { try limits.override("posts.user", with: text) }
        #expect(throws: RateLimits.InvalidOverride.self) { try limits.override("nothing.user", with: "1/1") }
        #expect(throws: RateLimits.InvalidOverride.self) { try limits.override("posts.nobody", with: "1/1") }
        #expect(limits == .x)
    }
}
