package import Logging
import ServiceLifecycle
import XMedia

/// Erases what has expired, was removed, was superseded, or was left behind by a killed server.
///
/// Deleting follows rows, not absence: a row is marked and committed, then its blobs are unlinked, then the row goes;
/// each step can be repeated. Only names of earlier boots are taken without a row, and they are listed before rows are
/// looked up, so a blob that is about to be named is never taken.
package struct Sweeper: Service {
    private let catalog: any Catalog
    private let blobs: any BlobStore
    private let clock: any WallClock
    private let bootID: String
    private let discards: JobSignal
    private let interval: Duration
    private let logger: Logger

    /// Makes a sweeper.
    ///
    /// - Parameters:
    ///   - bootID: of this server; blobs that carry it are never taken for left behind.
    ///   - discards: given when something is to be erased soon.
    ///   - interval: between two looks for what has expired.
    package init(
        catalog: any Catalog, blobs: any BlobStore, clock: any WallClock, bootID: String, discards: JobSignal,
        interval: Duration = .seconds(10), logger: Logger
    ) {
        self.catalog = catalog
        self.blobs = blobs
        self.clock = clock
        self.bootID = bootID
        self.discards = discards
        self.interval = interval
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var nextListing: Timestamp? = clock.now
            while !Task.isCancelled {
                if let due = nextListing, clock.now >= due {
                    nextListing = clock.now + Self.listingInterval
                    await attempt("left-behind files") {
                        try await sweepLeftBehind()
                        nextListing = nil
                    }
                }
                // Each step has said what it could not do.
                try? await sweep()
                await discards.wait(atMost: interval, clock: clock)
                // What comes meanwhile is erased with it: a sweep costs about as much for one attempt as for a hundred.
                try? await clock.sleep(for: Self.gathering)
            }
        }
    }

    /// How long a sweep waits for more to erase.
    private static let gathering = Duration.milliseconds(250)

    /// How long the answer of a request with an `Idempotency-Key` is kept: a day.
    package static let keyLifetime = Duration.seconds(24 * 60 * 60)

    /// After how long left-behind files are looked for again when some could not be seen or erased: ten minutes, because
    /// it reads every folder.
    package static let listingInterval = Duration.seconds(10 * 60)

    /// Erases what rows say is to be erased, until nothing is left to do.
    ///
    /// A step that fails does not keep the others: what makes room goes on when rows cannot be written.
    ///
    /// - Throws: the first step's ``StoreError``; what was done stays done.
    package func sweep() async throws {
        let steps: [(what: String, work: () async throws -> Void)] = [
            ("expired media", { while try await catalog.markExpired(at: clock.now, limit: 500) == 500 {} }),
            ("marked media", eraseMarked),
            ("attempts", eraseAttempts),
            // The last: of all that is erased here, keys free the least.
            (
                "keys of requests",
                {
                    let moment = clock.now - Self.keyLifetime
                    while try await catalog.forgetKeys(claimedBefore: moment, limit: 500) == 500 {}
                }
            ),
        ]
        var failure: (any Error)?
        for step in steps {
            if let error = await attempt(step.what, step.work) { failure = failure ?? error }
        }
        if let failure { throw failure }
    }

    /// Erases media that is marked, in batches: a batch is unlinked, then its rows go in one transaction.
    ///
    /// A commit waits for the disk; were it one for each media, erasing would be slower than uploading. Goes on by id
    /// behind those that cannot be erased; they are tried again in the next sweep.
    private func eraseMarked() async throws {
        let most = 100
        var last: MediaID?
        while true {
            let deletions = try await catalog.deletions(after: last, limit: most)
            last = deletions.last?.id
            let erased = await erase(deletions, "media", \.blobs)
            if !erased.isEmpty { try await catalog.finishDeletion(of: erased.map(\.id)) }
            if deletions.count < most { break }
        }
    }

    /// Erases attempts that no longer count, as above: goes on behind those that cannot be erased.
    private func eraseAttempts() async throws {
        let most = 500
        var last: Segment?
        while true {
            let attempts = try await catalog.discardableAttempts(after: last, limit: most)
            last = attempts.last
            let erased = await erase(attempts, "attempt") { [$0.blob] }
            if !erased.isEmpty { try await catalog.forgetAttempts(erased.map(\.blob)) }
            if attempts.count < most { break }
        }
    }

    /// Unlinks the blobs of all items; when that fails, of each alone, so that one does not keep the others.
    ///
    /// - Returns: the items whose blobs are gone, all of them.
    private func erase<Item>(_ items: [Item], _ what: String, _ names: (Item) -> [BlobName]) async -> [Item] {
        if items.isEmpty { return [] }
        if (try? await blobs.delete(items.flatMap(names))) != nil { return items }
        var erased: [Item] = []
        for item in items {
            await attempt("\(what) \(names(item).first.map { "\($0.mediaID)" } ?? "")") {
                try await blobs.delete(names(item))
                erased.append(item)
            }
        }
        return erased
    }

    /// Erases blobs of earlier boots that no row names.
    ///
    /// What cannot be erased keeps nothing else from it.
    ///
    /// - Returns: how many.
    /// - Throws: ``StoreError`` when not everything was seen, or not everything erased.
    @discardableResult
    package func sweepLeftBehind() async throws -> Int {
        var count = 0
        var failure: StoreError?
        defer { if count > 0 { logger.info("left-behind files were erased", metadata: ["count": "\(count)"]) } }
        try await blobs.list { entries in
            let earlier = entries.map(\.name).filter { $0.bootID != bootID }
            if earlier.isEmpty { return }
            do throws(StoreError) {
                let named = try await catalog.named(among: earlier)
                let leftBehind = earlier.filter { !named.contains($0) }
                let erased = await erase(leftBehind, "left-behind file") { [$0] }
                count += erased.count
                if erased.count < leftBehind.count { failure = .unavailable("some files could not be erased") }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return count
    }

    /// Does the work, and logs why it failed; returns that too.
    @discardableResult
    private func attempt(_ what: String, _ work: () async throws -> Void) async -> (any Error)? {
        do {
            try await work()
            return nil
        } catch {
            if !(error is CancellationError) {
                logger.error("sweeping failed", metadata: ["what": "\(what)", "error": "\(error)"])
            }
            return error
        }
    }
}
