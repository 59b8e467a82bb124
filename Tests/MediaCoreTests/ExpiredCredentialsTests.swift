import Logging
import MediaCore
import SQLCatalog
import Testing
import XMedia

@Suite("Expired credentials")
struct ExpiredCredentialsTests {
    @Test("go a day after they expired, all of them, and nothing earlier", .timeLimit(.minutes(1)))
    func sweep() async throws {
        let catalog = try await SQLCatalog.inMemory()
        let clock = ManualClock()
        let user = User(id: UserID(rawValue: 1), name: "Carol", username: "carol")
        _ = try await catalog.ensureUser(user, at: clock.now)
        let end = clock.now + .seconds(60)
        // More than one transaction takes.
        for number in 0..<600 {
            try await catalog.create(
                SessionRecord(digest: digest(number), user: user, createdAt: clock.now, expiresAt: end))
        }
        try await catalog.create(
            SessionRecord(digest: digest(1000), user: user, createdAt: clock.now, expiresAt: end + .seconds(1)))
        let sweeper = ExpiredCredentials(
            catalog: catalog, clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        clock.advance(by: .seconds(86400 + 60))
        try await sweeper.sweep()
        #expect(try await catalog.session(digest: digest(0)) != nil)
        clock.advance(by: .milliseconds(1))
        try await sweeper.sweep()
        for number in [0, 1, 300, 599] { #expect(try await catalog.session(digest: digest(number)) == nil) }
        #expect(try await catalog.session(digest: digest(1000)) != nil)
    }

    private func digest(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 255)] }
}
