package import MediaRules
import Synchronization
package import XMedia

/// Counts requests in windows, as X does: a window begins with its first request and ends after its length.
///
/// Kept in this process: each node of several counts for itself, and a restart forgets. The memory is bounded: when there
/// are too many windows, those that end first are forgotten, which forgives requests and refuses none.
package final class RateLimiter: Sendable {
    /// A window as its subject sees it.
    package struct Window: Sendable, Equatable {
        /// Requests that the window has.
        package let limit: Int
        /// Requests that are left.
        package let remaining: Int
        /// When the window ends.
        package let resetsAt: Timestamp

        package init(limit: Int, remaining: Int, resetsAt: Timestamp) {
            self.limit = limit
            self.remaining = remaining
            self.resetsAt = resetsAt
        }
    }

    /// What became of a request.
    package struct Verdict: Sendable, Equatable {
        /// The window that the client is told of: the user's, for an app-only token the app's, and for a refused request
        /// the one that refuses.
        package let window: Window
        /// The app's window beside the user's.
        package let appWindow: Window?
        /// Whether the request is refused; it is not counted then.
        package let isRefused: Bool
    }

    private enum Subject: Hashable {
        case user(UserID, app: String?)
        case app(String?)
    }

    private struct Key: Hashable {
        let row: Int
        let subject: Subject
    }

    private struct Count {
        var used: Int
        let end: Timestamp
    }

    private let limits: RateLimits
    private let clock: any WallClock
    private let mostWindows: Int
    private let rowOfEndpoint: [String: Int]
    private let counts = Mutex<[Key: Count]>([:])

    /// Makes a limiter that has counted nothing.
    ///
    /// - Parameter mostWindows: how many windows are remembered, at least 4; each takes some 100 bytes.
    package init(_ limits: RateLimits, clock: any WallClock, mostWindows: Int = 100_000) {
        self.limits = limits
        self.clock = clock
        self.mostWindows = max(4, mostWindows)
        var rows: [String: Int] = [:]
        for (index, row) in limits.rows.enumerated() where row.perUser != nil || row.perApp != nil {
            for endpoint in row.endpoints { rows[endpoint] = index }
        }
        rowOfEndpoint = rows
    }

    /// Counts a request, or refuses it when one of its windows is used up.
    ///
    /// - Parameters:
    ///   - endpoint: method and path pattern, `GET /2/tweets/{id}`.
    ///   - user: whose token it is; nil for an app-only token.
    ///   - app: the app that the token was given to; nil for tokens that the operator made, which together are one app.
    /// - Returns: nil when nothing limits it.
    package func take(_ endpoint: String, user: UserID?, app: String?) -> Verdict? {
        guard let index = rowOfEndpoint[endpoint] else { return nil }
        let row = limits.rows[index]
        let now = clock.now
        let ofUser = user.flatMap { user in row.perUser.map { (Key(row: index, subject: .user(user, app: app)), $0) } }
        let ofApp =
            user == nil || row.countsUsersForApp
            ? row.perApp.map { (Key(row: index, subject: .app(app)), $0) } : nil
        return counts.withLock { counts in
            let wanted = [ofUser, ofApp].compactMap { $0 }
            var windows: [Window] = []
            for (key, limit) in wanted {
                let count = Self.current(counts[key], limit, now)
                if count.used >= limit.requests {
                    return Verdict(
                        window: Window(limit: limit.requests, remaining: 0, resetsAt: count.end), appWindow: nil,
                        isRefused: true)
                }
                windows.append(
                    Window(
                        limit: limit.requests, remaining: limit.requests - count.used - 1, resetsAt: count.end))
            }
            guard let first = windows.first else { return nil }
            for (key, limit) in wanted {
                var count = Self.current(counts[key], limit, now)
                count.used += 1
                if counts[key] == nil { Self.makeRoom(in: &counts, for: mostWindows, at: now) }
                counts[key] = count
            }
            let appWindow = ofUser != nil && ofApp != nil ? windows.last : nil
            return Verdict(window: first, appWindow: appWindow, isRefused: false)
        }
    }

    /// How many windows are remembered now.
    package var windowCount: Int { counts.withLock { $0.count } }

    private static func current(_ count: Count?, _ limit: RateLimit, _ now: Timestamp) -> Count {
        let fresh = Count(used: 0, end: now + .seconds(limit.seconds))
        // A clock that was set back must not leave windows that never end.
        guard let count, count.end > now, count.end <= fresh.end else { return fresh }
        return count
    }

    private static func makeRoom(in counts: inout [Key: Count], for most: Int, at now: Timestamp) {
        guard counts.count >= most else { return }
        counts = counts.filter { $0.value.end > now }
        guard counts.count >= most else { return }
        let ends = counts.values.map(\.end).sorted()
        let border = ends[ends.count / 4]
        counts = counts.filter { $0.value.end > border }
        // All may end at the same moment.
        if counts.count >= most { counts.removeAll(keepingCapacity: true) }
    }
}
