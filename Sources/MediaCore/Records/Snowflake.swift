import Synchronization

/// Source of ids that are unique and ordered by time: `(ms − 1288834974657) << 22 | worker << 12 | sequence`.
///
/// Timestamp, worker and sequence are named in https://docs.x.com/fundamentals/x-ids; epoch and widths are the ones of
/// Twitter's published Snowflake.
package final class SnowflakeSource: Sendable {
    private static let epoch: Int64 = 1_288_834_974_657

    private struct State {
        var lastMillisecond: Int64 = 0
        var sequence: UInt64 = 0
    }

    private let clock: any WallClock
    private let worker: UInt64
    private let state = Mutex(State())

    /// Makes a source for one worker.
    ///
    /// - Parameters:
    ///   - clock: gives the milliseconds.
    ///   - worker: 0…1023, different for every process that writes to the same catalog.
    package init(clock: any WallClock, worker: Int) {
        self.clock = clock
        self.worker = UInt64(worker & 0x3FF)
    }

    /// The next id, greater than every id given before, also when the clock is set back.
    package func next() -> UInt64 {
        let now = clock.now.rawValue
        return state.withLock { state in
            if now > state.lastMillisecond {
                state.lastMillisecond = now
                state.sequence = 0
            } else if state.sequence < 0xFFF {
                state.sequence += 1
            } else {
                // 4096 ids in a millisecond: borrow from the next one instead of waiting for it.
                state.lastMillisecond += 1
                state.sequence = 0
            }
            let milliseconds = UInt64(max(0, state.lastMillisecond - Self.epoch))
            return milliseconds << 22 | worker << 12 | state.sequence
        }
    }
}
