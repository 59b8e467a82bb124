/// A right that a token carries.
///
/// All names of https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code (read 2026-11-21): clients ask
/// for more than media needs, and would be refused when a name were unknown here.
package enum Scope: String, Sendable, CaseIterable {
    case mediaWrite = "media.write"
    case tweetRead = "tweet.read"
    case tweetWrite = "tweet.write"
    case usersRead = "users.read"
    /// The client also gets a refresh token.
    case offlineAccess = "offline.access"

    case blockRead = "block.read"
    case blockWrite = "block.write"
    case bookmarkRead = "bookmark.read"
    case bookmarkWrite = "bookmark.write"
    case broadcastRead = "broadcast.read"
    case broadcastWrite = "broadcast.write"
    case developerRead = "developer.read"
    case developerWrite = "developer.write"
    case dmRead = "dm.read"
    case dmWrite = "dm.write"
    case followsRead = "follows.read"
    case followsWrite = "follows.write"
    case likeRead = "like.read"
    case likeWrite = "like.write"
    case listRead = "list.read"
    case listWrite = "list.write"
    case muteRead = "mute.read"
    case muteWrite = "mute.write"
    case spaceRead = "space.read"
    case timelineRead = "timeline.read"
    case tweetModerateWrite = "tweet.moderate.write"

    /// Those that Roost's routes ask for; the others are granted and open nothing.
    package static let effective: Set<Scope> = [.mediaWrite, .tweetRead, .tweetWrite, .usersRead]

    /// Those among ``effective`` that change nothing: all that an app-only bearer, or a read-only app, can have.
    package static let reading: Set<Scope> = [.tweetRead, .usersRead]
}

extension Set<Scope> {
    /// The names in alphabetical order with a space between each, as RFC 6749 §3.3 writes a scope.
    package var text: String { map(\.rawValue).sorted().joined(separator: " ") }

    /// The scopes that a text names; names that this program does not know grant nothing.
    package init(known text: String) {
        self.init(text.split(separator: " ").compactMap { Scope(rawValue: String($0)) })
    }
}
