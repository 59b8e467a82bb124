import Logging
import Metrics
import ServiceLifecycle
import XMedia

/// Leases jobs and does them, as many at once as there are slots.
///
/// One slot is kept free of background work, so that a client's first MP4 never waits for other heights, and one more
/// takes only images and subtitles, whose clients wait in finalize: videos in all other slots do not delay them.
/// On graceful shutdown and on cancellation the running jobs are handed back.
package struct JobRunner: CoreMember, Service {
    let context: CoreContext
    let processor: any MediaProcessor
    let slots: Int
    let scratch: String

    /// How long a lease lasts without renewal.
    static let leaseDuration = Duration.seconds(30)
    /// How often a lease is renewed and progress stored.
    static let renewal = Duration.seconds(1)
    /// The strikes after which a job is failed.
    static let maxStrikes = 3
    /// How long a job rests after a strike: a second after the first, then ten.
    static func pause(afterStrikes strikes: Int) -> Duration { .seconds(strikes < 2 ? 1 : 10) }

    /// Makes a runner.
    ///
    /// - Parameters:
    ///   - processor: what makes renditions of originals.
    ///   - slots: how many jobs run at once, at least 2, beside the one for images and subtitles.
    ///   - scratch: a local folder in which each job gets a folder of its own.
    package init(
        context: CoreContext, processor: any MediaProcessor, slots: Int, scratch: String
    ) {
        self.context = context
        self.processor = processor
        self.slots = max(2, slots)
        self.scratch = scratch
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await lookAgain() }
                group.addTask { await work(on: [.judge]) }
                group.addTask { await work(on: JobKind.foreground) }
                for _ in 1..<slots { group.addTask { await work(on: JobKind.allCases) } }
            }
        }
    }

    private func work(on kinds: [JobKind]) async {
        while !Task.isCancelled {
            let found: Bool
            do {
                found = try await runNext(kinds)
            } catch {
                logger.error("a job could not be leased", metadata: ["error": "\(error)"])
                found = false
            }
            if !found { await jobs.wait(for: kinds) }
        }
    }

    /// Wakes all that wait, each second.
    ///
    /// Another process may have queued a job without a signal here, and a lease may have run out. One timer for all, which
    /// a job does not set and cancel.
    private func lookAgain() async {
        while !Task.isCancelled {
            try? await clock.sleep(for: .seconds(1))
            jobs.notify()
        }
    }

    /// Does the next job; false when there is none or the runner should pause.
    ///
    /// - Throws: ``StoreError`` when the catalog is out of reach.
    package func runNext(_ kinds: [JobKind]) async throws -> Bool {
        let now = clock.now
        let token = namer.leaseToken()
        guard let job = try await catalog.lease(kinds, token: token, at: now, until: now + Self.leaseDuration) else {
            return false
        }
        let outcome = await JobRun(runner: self, job: job).perform()
        outcomes.announce(job.mediaID)
        let labels = [("kind", job.kind.rawValue), ("outcome", outcome.rawValue)]
        Metrics.Timer(label: "roost_processing", dimensions: labels)
            .recordMilliseconds((clock.now - now).milliseconds)
        return outcome != .handedBack
    }
}

/// How a run ended.
enum JobOutcome: String {
    case succeeded
    case failed
    case struck
    case handedBack = "handed_back"
    case lost
}
