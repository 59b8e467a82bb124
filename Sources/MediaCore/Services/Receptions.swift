import Synchronization
import XMedia

/// Counts the bodies that are being received and refuses those beyond a bound.
///
/// Each of them holds a block of memory, buffers and two open files for as long as its client likes to send slowly, so
/// their number bounds what the server needs. One user cannot take all of it.
final class Receptions: Sendable {
    private let most: Int
    private let mostOfUser: Int
    private let counts = Mutex<(all: Int, ofUsers: [UserID: Int])>((0, [:]))

    /// - Parameter most: of all users, 1 or more; one user may have a quarter of them, but eight in any case.
    init(most: Int) {
        self.most = max(1, most)
        mostOfUser = min(self.most, max(8, self.most / 4))
    }

    /// Runs `body` as one of them.
    ///
    /// - Throws: ``ServiceError/tooManyReceptions`` before `body` begins, or what it throws.
    func during<Result>(of user: UserID, _ body: () async throws -> Result) async throws -> Result {
        let isTaken = counts.withLock { counts in
            let ofUser = counts.ofUsers[user, default: 0]
            guard counts.all < most, ofUser < mostOfUser else { return false }
            counts.all += 1
            counts.ofUsers[user] = ofUser + 1
            return true
        }
        guard isTaken else { throw ServiceError.tooManyReceptions }
        defer {
            counts.withLock { counts in
                counts.all -= 1
                let ofUser = counts.ofUsers[user, default: 1] - 1
                counts.ofUsers[user] = ofUser > 0 ? ofUser : nil
            }
        }
        return try await body()
    }
}
