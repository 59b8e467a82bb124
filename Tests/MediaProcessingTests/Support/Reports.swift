import Synchronization

/// Collects progress reports.
final class Reports: Sendable {
    struct Report: Sendable {
        var percent: Int
        var remaining: Duration?
    }

    private let reports = Mutex<[Report]>([])

    var all: [Report] { reports.withLock { $0 } }

    func append(_ percent: Int, _ remaining: Duration?) {
        reports.withLock { $0.append(Report(percent: percent, remaining: remaining)) }
    }
}
