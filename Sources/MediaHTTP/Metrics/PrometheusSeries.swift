import CoreMetrics
import Synchronization

/// One line or, for a histogram, one block of the exposition.
protocol PrometheusSeries: AnyObject, Sendable {
    /// The lines for a metric of this name with these labels, each with its newline.
    func lines(name: String, labels: [(String, String)]) -> String
}

/// A sum that only grows.
final class CounterSeries: PrometheusSeries, CounterHandler, FloatingPointCounterHandler {
    private let value = Mutex<Double>(0)

    func increment(by amount: Int64) { increment(by: Double(amount)) }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        value.withLock { $0 += amount }
    }

    func reset() { value.withLock { $0 = 0 } }

    func lines(name: String, labels: [(String, String)]) -> String {
        "\(name)\(PrometheusText.labels(labels)) \(PrometheusText.number(value.withLock { $0 }))\n"
    }
}

/// A value that is set, or goes up and down.
final class GaugeSeries: PrometheusSeries, RecorderHandler, MeterHandler {
    private let value = Mutex<Double>(0)

    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }

    func lines(name: String, labels: [(String, String)]) -> String {
        "\(name)\(PrometheusText.labels(labels)) \(PrometheusText.number(value.withLock { $0 }))\n"
    }
}

/// How often values fell into fixed buckets.
final class HistogramSeries: PrometheusSeries, RecorderHandler, TimerHandler {
    /// Seconds, from a lookup's millisecond to a large segment on a slow line.
    static let seconds: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
    ]
    /// Amounts of any kind.
    static let amounts: [Double] = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]

    private struct Counts {
        var buckets: [UInt64]
        var sum: Double = 0
        var count: UInt64 = 0
    }

    private let bounds: [Double]
    private let counts: Mutex<Counts>

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Mutex(Counts(buckets: Array(repeating: 0, count: bounds.count)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 }
        counts.withLock { counts in
            if let bucket { counts.buckets[bucket] += 1 }
            counts.sum += value
            counts.count += 1
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func lines(name: String, labels: [(String, String)]) -> String {
        let counts = counts.withLock { $0 }
        var text = ""
        var below: UInt64 = 0
        for (bound, count) in zip(bounds, counts.buckets) {
            below += count
            let labels = PrometheusText.labels(labels + [("le", PrometheusText.number(bound))])
            text += "\(name)_bucket\(labels) \(below)\n"
        }
        text += "\(name)_bucket\(PrometheusText.labels(labels + [("le", "+Inf")])) \(counts.count)\n"
        text += "\(name)_sum\(PrometheusText.labels(labels)) \(PrometheusText.number(counts.sum))\n"
        text += "\(name)_count\(PrometheusText.labels(labels)) \(counts.count)\n"
        return text
    }
}
