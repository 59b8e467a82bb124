import Synchronization

/// A moment: milliseconds since 1970-01-01T00:00:00Z, as the catalog stores it.
package struct Timestamp: RawRepresentable, Hashable, Comparable, Sendable {
    /// Milliseconds since 1970.
    package let rawValue: Int64

    /// Makes the moment of its milliseconds since 1970.
    package init(rawValue: Int64) { self.rawValue = rawValue }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { rawValue / 1000 }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.rawValue < right.rawValue }

    package static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(rawValue: moment.rawValue + duration.milliseconds)
    }

    package static func - (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(rawValue: moment.rawValue - duration.milliseconds)
    }

    package static func - (later: Timestamp, earlier: Timestamp) -> Duration {
        .milliseconds(later.rawValue - earlier.rawValue)
    }
}

extension Duration {
    /// The duration in whole milliseconds, rounded towards zero.
    package var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    /// The duration in seconds.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

/// The time of day, and waiting; an argument everywhere, so that rules about time are tested without waiting.
package protocol WallClock: Sendable {
    /// The present moment.
    var now: Timestamp { get }

    /// Returns after at least this duration; throws `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}
