import MediaRules
import NIOCore
import Testing
import XMedia

@testable import MediaCore

@Suite("Bodies that are received at once", .timeLimit(.minutes(1)))
struct ReceptionsTests {
    /// Takes so many places for the time of `body`.
    private func taking(
        _ count: Int, of user: UserID, _ receptions: Receptions, _ body: () async throws -> Void
    ) async throws {
        guard count > 0 else { return try await body() }
        return try await receptions.during(of: user) {
            try await taking(count - 1, of: user, receptions, body)
        }
    }

    @Test("one user has a quarter, all users have all, and what ends makes room")
    func bounds() async throws {
        let receptions = Receptions(most: 40)
        let users = (1...5).map { UserID(rawValue: $0) }
        for _ in 0..<2 {
            try await taking(10, of: users[0], receptions) {
                await #expect(throws: ServiceError.tooManyReceptions) {
                    try await receptions.during(of: users[0]) {}
                }
                try await taking(10, of: users[1], receptions) {
                    try await taking(10, of: users[2], receptions) {
                        try await taking(10, of: users[3], receptions) {
                            await #expect(throws: ServiceError.tooManyReceptions) {
                                try await receptions.during(of: users[4]) {}
                            }
                        }
                    }
                }
            }
        }
        await #expect(throws: CancellationError.self) {
            try await receptions.during(of: users[0]) { throw CancellationError() }
        }
        try await taking(10, of: users[0], receptions) {}
    }

    @Test("a segment and a file in one request beyond the bound are refused before a byte is read")
    func refused() async throws {
        var settings = CoreSettings(rules: RuleBook(profile: .x))
        settings.receptionLimit = 1
        let rig = try await Rig(settings: settings)
        let upload = try await rig.initialize()
        _ = try await rig.uploads.append(to: upload) { writer in
            await #expect(throws: ServiceError.tooManyReceptions) {
                _ = try await rig.uploads.append(to: upload) { _ in
                    Issue.record("it was read")
                    return 0
                }
            }
            await #expect(throws: ServiceError.tooManyReceptions) {
                _ = try await rig.uploads.oneShot(owner: rig.bob) { _ in
                    Issue.record("it was read")
                    return InitializeRequest()
                }
            }
            try await writer.write(ByteBuffer(string: "a"))
            return 0
        }
        try await rig.append(upload, 1, "b")
    }
}
