/// How many requests somebody may make within a window of time.
package struct RateLimit: Sendable, Hashable {
    /// Requests within a window, at least 1.
    package let requests: Int
    /// The window's length in seconds, at least 1.
    package let seconds: Int

    /// Makes a limit of that many requests within that many seconds.
    package init(_ requests: Int, per seconds: Int) {
        self.requests = requests
        self.seconds = seconds
    }

    /// Reads `100/900`, 100 requests within 900 seconds; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let requests = Int(parts[0]), let seconds = Int(parts[1]),
            (1...1_000_000_000).contains(requests), (1...31_536_000).contains(seconds)
        else { return nil }
        self.init(requests, per: seconds)
    }

    fileprivate static func perQuarter(_ requests: Int) -> RateLimit { RateLimit(requests, per: 15 * 60) }
    fileprivate static func perDay(_ requests: Int) -> RateLimit { RateLimit(requests, per: 24 * 60 * 60) }
}

/// Which endpoints have limits, and which.
package struct RateLimits: Sendable, Equatable {
    /// An endpoint and its limits.
    package struct Row: Sendable, Equatable {
        /// Names the row in a settings file.
        package let name: String
        /// Method and path pattern of each route that the row counts together.
        package let endpoints: [String]
        /// What one user may ask for through one app; nil for no limit.
        package var perUser: RateLimit?
        /// What one app may ask for; nil for no limit.
        package var perApp: RateLimit?
        /// Whether the app's limit counts the requests of its users too.
        ///
        /// X: limits of an app "apply with Bearer Token (app-only)". A route that takes no such token can only count users'.
        package let countsUsersForApp: Bool
    }

    /// All rows.
    package private(set) var rows: [Row]

    /// Whether nothing is limited.
    package var isEmpty: Bool { rows.allSatisfy { $0.perUser == nil && $0.perApp == nil } }

    /// No limits.
    package static let off = RateLimits(
        rows: table.map { row in
            var row = row
            row.perUser = nil
            row.perApp = nil
            return row
        })

    /// X's limits: https://docs.x.com/x-api/fundamentals/rate-limits, read 2026-11-21.
    ///
    /// Media lookup stands in no row of X's table, so it has no limit. The command form counts as the route that it uses.
    package static let x = RateLimits(rows: table)

    private static let table: [Row] = [
        Row(
            name: "upload", endpoints: ["POST /2/media/upload"], perUser: .perQuarter(500), perApp: .perDay(50_000),
            countsUsersForApp: true),
        Row(
            name: "upload_status", endpoints: ["GET /2/media/upload"], perUser: .perQuarter(1000),
            perApp: .perDay(100_000), countsUsersForApp: true),
        Row(
            name: "initialize", endpoints: ["POST /2/media/upload/initialize"], perUser: .perQuarter(1875),
            perApp: .perDay(180_000), countsUsersForApp: true),
        Row(
            name: "append", endpoints: ["POST /2/media/upload/{id}/append"], perUser: .perQuarter(1875),
            perApp: .perDay(180_000), countsUsersForApp: true),
        Row(
            name: "finalize", endpoints: ["POST /2/media/upload/{id}/finalize"], perUser: .perQuarter(1875),
            perApp: .perDay(180_000), countsUsersForApp: true),
        Row(
            name: "metadata", endpoints: ["POST /2/media/metadata"], perUser: .perQuarter(500),
            perApp: .perDay(50_000), countsUsersForApp: true),
        Row(
            name: "subtitles", endpoints: ["POST /2/media/subtitles", "DELETE /2/media/subtitles"],
            perUser: .perQuarter(100), perApp: .perDay(10_000), countsUsersForApp: true),
        Row(
            name: "create_post", endpoints: ["POST /2/tweets"], perUser: .perQuarter(100), perApp: .perDay(10_000),
            countsUsersForApp: true),
        Row(
            name: "delete_post", endpoints: ["DELETE /2/tweets/{id}"], perUser: .perQuarter(50), perApp: nil,
            countsUsersForApp: true),
        Row(
            name: "posts", endpoints: ["GET /2/tweets"], perUser: .perQuarter(5000), perApp: .perQuarter(3500),
            countsUsersForApp: false),
        Row(
            name: "post", endpoints: ["GET /2/tweets/{id}"], perUser: .perQuarter(900), perApp: .perQuarter(450),
            countsUsersForApp: false),
        Row(
            name: "user_posts", endpoints: ["GET /2/users/{id}/tweets"], perUser: .perQuarter(900),
            perApp: .perQuarter(10_000), countsUsersForApp: false),
        Row(
            name: "me", endpoints: ["GET /2/users/me"], perUser: .perQuarter(75), perApp: nil, countsUsersForApp: true),
    ]
}

extension RateLimits {
    /// The keys that ``override(_:with:)`` takes: the row's name and `user` or `app`.
    package static let keys: [String] = table.flatMap { ["\($0.name).user", "\($0.name).app"] }

    /// An override that cannot be used; says what would be.
    package struct InvalidOverride: Error, CustomStringConvertible {
        package let description: String
    }

    /// Sets one limit: `100/900` for 100 requests within 900 seconds, `off` for none.
    package mutating func override(_ key: String, with text: String) throws(InvalidOverride) {
        let parts = key.split(separator: ".")
        guard parts.count == 2, let index = rows.firstIndex(where: { $0.name == parts[0] }),
            parts[1] == "user" || parts[1] == "app"
        else { throw InvalidOverride(description: "there is no such rate limit") }
        let limit = RateLimit(text)
        guard limit != nil || text == "off" else {
            throw InvalidOverride(description: "it must be off, or requests/seconds as in 100/900")
        }
        if parts[1] == "user" { rows[index].perUser = limit } else { rows[index].perApp = limit }
    }
}
