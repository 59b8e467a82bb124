import HTTPTypes
import MediaCore
import Testing
import XMedia

@testable import MediaHTTP

@Suite("Guessing passwords and client secrets")
struct GuessTests {
    @Test("10,000 passwords: ten are looked at; the owner gets in from elsewhere at once, and here after a minute")
    func passwords() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let accounts = server.oauth.accounts
            var wrong = 0
            for number in 0..<10_000 {
                let isLooked = await isLookedAt {
                    try await accounts.signIn(username: "carol", password: "\(number)", from: "6.6.6.6") == nil
                }
                if isLooked { wrong += 1 }
            }
            #expect(wrong == 10)
            let right = "correct horse"
            #expect(try await accounts.signIn(username: "carol", password: right, from: "192.0.2.1") != nil)
            // The right one, where too many were wrong, is not looked at either.
            await #expect(throws: ServiceError.tooManyGuesses(retryAfter: .seconds(60))) {
                _ = try await accounts.signIn(username: "CAROL", password: right, from: "6.6.6.6")
            }
            server.clock.advance(by: .seconds(60))
            #expect(try await accounts.signIn(username: "carol", password: right, from: "6.6.6.6") != nil)
        }
    }

    @Test("10,000 passwords from as many addresses: the owner gets in from where the owner was before")
    func manyAddresses() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let accounts = server.oauth.accounts
            let right = "correct horse"
            #expect(try await accounts.signIn(username: "carol", password: right, from: "192.0.2.1") != nil)
            var looked = 0
            for number in 0..<10_000 {
                let address = "10.0.\(number / 256).\(number % 256)"
                let isLooked = await isLookedAt {
                    try await accounts.signIn(username: "carol", password: "\(number)", from: address) == nil
                }
                if isLooked { looked += 1 }
            }
            #expect(looked == 50)
            #expect(try await accounts.signIn(username: "carol", password: right, from: "192.0.2.1") != nil)
        }
    }

    @Test("the page says so, with 429 and the time to wait, alike for names that there are and that there are not")
    func page() async throws {
        try await RouteFixture.run { server in
            try await server.addCarol()
            let app = try await server.addApp()
            for name in ["carol", "nobody"] {
                var browser = Browser(server, query: server.query(app))
                try await browser.open()
                var statuses: [Int] = []
                for _ in 0..<12 {
                    try await browser.press("sign_in", [("username", name), ("password", "x")])
                    statuses.append(browser.page?.status ?? 0)
                }
                #expect(statuses == Array(repeating: 403, count: 10) + [429, 429])
                #expect(browser.page?.headers[.retryAfter] == "60")
                #expect(browser.page?.text.contains("Too many wrong passwords") == true)
                // The form is there again.
                #expect(browser.proof != nil)
            }
        }
    }

    @Test("10,000 client secrets: ten are looked at; the app itself gets its tokens from everywhere")
    func clientSecrets() async throws {
        try await RouteFixture.run { server in
            let app = try await server.addApp()
            let apps = server.oauth.apps
            let secret = try #require(app.clientSecret)
            #expect(try await apps.authenticate(clientID: app.clientID, secret: secret, from: "192.0.2.1") != nil)
            var looked = 0
            for number in 0..<10_000 {
                let isLooked = await isLookedAt {
                    try await apps.authenticate(clientID: app.clientID, secret: "\(number)", from: "6.6.6.6") == nil
                }
                if isLooked { looked += 1 }
            }
            #expect(looked == 10)
            #expect(try await apps.authenticate(clientID: app.clientID, secret: secret, from: "192.0.2.1") != nil)
            let fields = ["grant_type": "client_credentials"]
            var statuses: [Int] = []
            var last: Answer?
            for number in 0..<12 {
                let headers: HTTPFields = [.authorization: server.basic(app.clientID, "\(number)")]
                let answer = try await server.send(
                    .post, "/2/oauth2/token", .form("grant_type=client_credentials"), token: .none, headers: headers)
                statuses.append(answer.status)
                last = answer
            }
            #expect(statuses == Array(repeating: 401, count: 10) + [429, 429])
            // In the form of RFC 6749, as every other refusal here.
            #expect(last?.isOAuthError("temporarily_unavailable", status: 429) == true)
            #expect(last?.headers[.contentType]?.hasPrefix("application/json") == true)
            #expect(last?.headers[.retryAfter] == "60")
            #expect(try await server.post("/2/oauth2/token", fields, as: app).status == 200)
            #expect(try await apps.authenticate(clientID: app.clientID, secret: secret, from: "6.6.6.6") != nil)
        }
    }

    @Test("signing in, allowing, exchanging, revoking stand in the user's log, and no secret does")
    func audit() async throws {
        try await RouteFixture.run { server in
            let carol = try await server.addCarol()
            let app = try await server.addApp()
            var browser = Browser(server, query: server.query(app))
            try await browser.open()
            try await browser.press("sign_in", [("username", "carol"), ("password", "wrong horse")])
            try await browser.signIn()
            try await browser.press("allow")
            let code = try #require(browser.answered["code"])
            let tokens = try await server.redeem(code, as: app)
            let (access, refresh) = (
                try #require(tokens.member("access_token")), try #require(tokens.member("refresh_token"))
            )
            let own = try await server.send(
                .get, "/roost/audit", token: .none, headers: [.authorization: "Bearer \(access)"])
            #expect(own.status == 200)
            let next = try await server.post(["grant_type": "refresh_token", "refresh_token": refresh], as: app)
            #expect(next.status == 200)
            #expect(try await server.redeem(code, as: app).status == 400)
            _ = try await server.post("/2/oauth2/revoke", ["token": refresh], as: app)
            let entries = try await server.catalog.auditEntries(of: carol.id, olderThan: nil, limit: 100)
            let events = entries.reversed().map(\.event)
            #expect(events == [.signInFailed, .signedIn, .grantGiven, .tokenCreated, .tokenRefreshed, .tokenReused])
            #expect(entries.allSatisfy { $0.event == .signInFailed || $0.event == .signedIn || $0.app == app.clientID })
            let text = "\(entries)" + own.text
            for secret in [
                code, access, refresh, next.member("access_token") ?? "-", next.member("refresh_token") ?? "-",
                "correct horse", "wrong horse", app.clientSecret ?? "-", browser.cookie ?? "-",
            ] {
                #expect(!text.contains(secret))
            }
            // What an app gets for itself is about no user, and in the operator's log.
            #expect(try await server.post(["grant_type": "client_credentials"], as: app).status == 200)
            let newest = try await server.catalog.auditEntries(named: nil, olderThan: nil, limit: 1).first
            #expect(newest?.event == .tokenCreated && newest?.app == app.clientID && newest?.userID == nil)
            // Invented names fill nothing.
            try await browser.open()
            try await browser.press("sign_out")
            try await browser.open()
            try await browser.press("sign_in", [("username", "nobody"), ("password", "x")])
            #expect(try await server.catalog.auditEntries(named: "nobody", olderThan: nil, limit: 1).isEmpty)
            #expect(
                try await server.catalog.auditEntries(of: carol.id, olderThan: nil, limit: 1).first?.event == .signedOut
            )
        }
    }

    /// Whether a wrong secret was looked at, and not refused before.
    private func isLookedAt(_ attempt: () async throws -> Bool) async -> Bool {
        do {
            let isWrong = try await attempt()
            #expect(isWrong)
            return true
        } catch {
            #expect(error as? ServiceError == .tooManyGuesses(retryAfter: .seconds(60)))
            return false
        }
    }
}
