package import MediaCore
package import MediaRules

/// What the routes work with; made by the composition root.
package struct RouteServices: Sendable {
    let uploads: UploadService
    let media: MediaService
    let posts: PostService
    let identity: IdentityService
    let audit: AuditLog
    let blobs: any BlobStore
    let clock: any WallClock
    let rules: RuleBook
    let urls: MediaURLs
    let oauth: OAuthServices
    /// Whether `POST /2/media/upload` takes `command=INIT|APPEND|FINALIZE`.
    let commandForm: Bool

    /// Gathers the services.
    ///
    /// - Parameters:
    ///   - uploads: uploads from initialize to the outcome.
    ///   - media: lookup, metadata, what is served.
    ///   - posts: posts and timelines.
    ///   - identity: the users.
    ///   - audit: what was done to them.
    ///   - blobs: where the bytes of renditions and originals are read.
    ///   - clock: tells what is left until things expire.
    ///   - rules: the limits that bound a body before it is read.
    ///   - urls: under which addresses the server is reached.
    ///   - oauth: signing in.
    ///   - commandForm: whether the command form is on.
    package init(
        uploads: UploadService, media: MediaService, posts: PostService, identity: IdentityService, audit: AuditLog,
        blobs: any BlobStore, clock: any WallClock, rules: RuleBook, urls: MediaURLs, oauth: OAuthServices,
        commandForm: Bool = true
    ) {
        self.uploads = uploads
        self.media = media
        self.posts = posts
        self.identity = identity
        self.audit = audit
        self.blobs = blobs
        self.clock = clock
        self.rules = rules
        self.urls = urls
        self.oauth = oauth
        self.commandForm = commandForm
    }
}
