import Synchronization

/// Refuses new bytes while less than a reserve is free, so that finalizing and deleting keep working.
final class SpaceGuard: Sendable {
    private let blobs: any BlobStore
    private let reserve: Int64
    private let clock: any WallClock
    private let last = Mutex<(available: Int64?, at: Timestamp)?>(nil)

    init(blobs: any BlobStore, reserve: Int64, clock: any WallClock) {
        self.blobs = blobs
        self.reserve = reserve
        self.clock = clock
    }

    /// Returns when there is room; the measurement is at most a second old.
    ///
    /// - Throws: ``ServiceError/storageFull``.
    func check() async throws(ServiceError) {
        let now = clock.now
        let known = last.withLock { last in
            last.flatMap { now - $0.at < .seconds(1) && $0.at <= now ? $0 : nil }
        }
        let available: Int64?
        if let known {
            available = known.available
        } else {
            do {
                available = try await blobs.availableBytes()
            } catch {
                throw .storeFailed("free space: \(error)")
            }
            last.withLock { $0 = (available, now) }
        }
        if let available, available < reserve { throw .storageFull }
    }
}
