import MediaCore
import Testing
import XMedia

@testable import CatalogConformance

/// Where one upload, its job and a post that shows it stand before two methods meet.
///
/// There are also a user, a token, and a second medium that is ready, so that a post has two.
enum Fixture: String, CaseIterable, Sendable {
    /// Two segments, one of them replaced.
    case open
    /// Closed; the judge job is free.
    case pending
    /// The judge job is leased.
    case judging
    /// The judge job is leased and has composed the original.
    case composed
    /// Succeeded; the renditions job is free.
    case ready
    /// Succeeded; the renditions job is leased.
    case rendering
    /// A post shows both media.
    case posted
    /// Marked while its judge job was leased.
    case deleting
    /// No upload; what a user allowed an app, and what is about to become more of it.
    case granted

    /// Those in which methods of uploads, media, jobs and posts meet.
    static let uploads = allCases.filter { $0 != .granted }

    static let media = MediaID(rawValue: 1)
    static let post: UInt64 = 50
    static let token = "fixture"
    static let leaseToken = "t1"
    /// When methods are called: the fixture's lease is good.
    static let now = Samples.now + .seconds(10)
    /// The fixture's lease has run out.
    static let late = Samples.now + .seconds(600)
    /// All media have expired that can.
    static let far = Samples.now + .seconds(100_000)

    /// The kind of the job that publishing methods name.
    var kind: JobKind { self == .rendering ? .renditions : .judge }

    /// Brings an empty catalog there.
    func build(_ catalog: some Catalog) async throws {
        if self == .granted { return try await Self.grant(catalog) }
        let user = User(id: Samples.owner, name: "Demo", username: "demo")
        _ = try await catalog.ensureUser(user, at: Samples.now)
        try await catalog.create(
            TokenRecord(
                id: Self.token, digest: [1], userID: user.id, username: nil, scopes: [], createdAt: Samples.now))
        try await catalog.ready(Samples.upload(2))
        try await catalog.open(Samples.upload(1, category: nil), segments: 2)
        _ = try await catalog.commitSegment(Samples.attempt(index: 0, number: 1), at: Samples.now)
        if self == .open { return }
        try await catalog.close(1, category: .tweetImage)
        if self == .pending { return }
        let job = try await catalog.leased(token: Self.leaseToken)
        if self == .judging { return }
        _ = try await catalog.recordOriginal(Samples.original(), for: job)
        if self == .composed { return }
        if self == .deleting {
            _ = try await catalog.markDeleting(Self.media, owner: nil, onlyUnfinished: false)
            return
        }
        _ = try await catalog.succeed(
            job, facts: Samples.photo, renditions: [Samples.rendition(8)], followUp: .renditions, at: Samples.now)
        if self == .rendering { _ = try await catalog.leased(.renditions, token: Self.leaseToken) }
        if self == .posted {
            let post = Samples.post(Self.post, media: [1, 2])
            try #require(try await catalog.create(post, duplicatesSince: Samples.now) == .created)
        }
    }
}
