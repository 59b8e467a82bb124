import MediaCore
import Synchronization

/// What was answered, and in which order: the material of the judgement.
final class History: Sendable {
    /// An append that was acknowledged.
    struct Acknowledged: Sendable {
        let index: Int
        let version: Int
        /// When it was sent and when it was answered, in ticks of ``History``.
        let sent: Int
        let answered: Int
    }

    private struct State {
        var tick = 0
        var appends: [Acknowledged] = []
        var done: [Schedule.Action] = []
        var complaints: [String] = []
    }

    private let state = Mutex(State())

    /// The moment now; each is later than the one before.
    func tick() -> Int {
        state.withLock { state in
            state.tick += 1
            return state.tick
        }
    }

    func acknowledge(index: Int, version: Int, sent: Int) {
        let answered = tick()
        state.withLock {
            $0.appends.append(Acknowledged(index: index, version: version, sent: sent, answered: answered))
        }
    }

    /// The action was answered with success.
    func succeeded(_ action: Schedule.Action) { state.withLock { $0.done.append(action) } }

    /// Something was answered that never may be.
    func complain(_ text: String) { state.withLock { $0.complaints.append(text) } }

    var complaints: [String] { state.withLock { $0.complaints } }

    func has(_ action: Schedule.Action) -> Bool { state.withLock { $0.done.contains(action) } }

    /// The indices of which a segment was acknowledged.
    var acknowledgedIndices: Set<Int> { state.withLock { Set($0.appends.map(\.index)) } }

    /// The versions of an index that may count in the end: acknowledged, and not answered before another version of the
    /// index was even sent that was acknowledged too.
    func possibleVersions(of index: Int) -> Set<Int> {
        let appends = state.withLock { $0.appends.filter { $0.index == index } }
        let last = appends.filter { append in
            !appends.contains { $0.version != append.version && $0.sent > append.answered }
        }
        return Set(last.map(\.version))
    }
}
