package import Logging
import ServiceLifecycle

/// Takes away sessions, codes and tokens a day after they expired, every hour.
///
/// A day, so that a code that is used again is recognized for as long as somebody may try.
package struct ExpiredCredentials: Service {
    private let catalog: any GrantCatalog
    private let clock: any WallClock
    private let logger: Logger

    /// Makes the service.
    package init(catalog: any GrantCatalog, clock: any WallClock, logger: Logger) {
        self.catalog = catalog
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await sweep()
                    try await clock.sleep(for: .seconds(3600))
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("expired credentials were not removed", metadata: ["error": "\(error)"])
                    try? await clock.sleep(for: .seconds(3600))
                }
            }
        }
    }

    /// Removes what is due, in transactions of some hundred rows.
    package func sweep() async throws {
        while try await catalog.forgetExpired(before: clock.now - .seconds(86400), limit: 256) > 0 {
            try Task.checkCancellation()
        }
    }
}
