import MediaCore
import OAuth

/// What a user is asked for.
struct Consent: Sendable {
    /// Who asks.
    let app: AppRecord
    /// What the app could do, in words.
    let rights: [String]
    /// Where the answer goes; nil when it is shown here, as a PIN.
    let destination: RedirectURI?

    /// What scopes mean, in words, in the order of the scopes' declaration.
    static func rights(of scopes: Set<Scope>) -> [String] {
        Scope.allCases.filter(scopes.contains).map(words)
    }

    /// What a permission of OAuth 1.0a means, in words.
    static func rights(of permission: AppPermission) -> [String] { rights(of: permission.scopes) }

    private static func words(_ scope: Scope) -> String {
        switch scope {
        case .mediaWrite: "Upload photos, GIFs and videos for you"
        case .tweetRead: "See posts and media that you can see"
        case .tweetWrite: "Post and delete posts for you"
        case .usersRead: "See your name and your username"
        case .offlineAccess: "Keep this access when you are not there, until it is taken back"
        case .blockRead: "See whom you have blocked"
        case .blockWrite: "Block and unblock accounts for you"
        case .bookmarkRead: "See your bookmarks"
        case .bookmarkWrite: "Change your bookmarks"
        case .broadcastRead: "See your broadcasts"
        case .broadcastWrite: "Manage broadcasts for you"
        case .developerRead: "See your apps' settings"
        case .developerWrite: "Change your apps' settings"
        case .dmRead: "Read your direct messages"
        case .dmWrite: "Send direct messages for you"
        case .followsRead: "See whom you follow and who follows you"
        case .followsWrite: "Follow and unfollow accounts for you"
        case .likeRead: "See what you have liked"
        case .likeWrite: "Like and unlike posts for you"
        case .listRead: "See your lists"
        case .listWrite: "Change your lists"
        case .muteRead: "See whom you have muted"
        case .muteWrite: "Mute and unmute accounts for you"
        case .spaceRead: "See Spaces that you can see"
        case .timelineRead: "See your timelines"
        case .tweetModerateWrite: "Hide and show replies to your posts"
        }
    }
}
