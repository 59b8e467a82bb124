package import CoreMetrics
package import Logging
import Synchronization

/// The server's metrics, kept in memory and shown in Prometheus' text format.
///
/// A backend for swift-metrics: counters end in `_total`, timers are histograms in `_seconds`. Gauges can also be
/// closures that are asked when somebody looks.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    /// One value of a gauge that is computed when somebody looks.
    package struct Sample: Sendable {
        let labels: [(String, String)]
        let value: Double

        /// Makes a sample.
        package init(_ value: Double, labels: [(String, String)] = []) {
            self.labels = labels
            self.value = value
        }
    }

    /// More label combinations of one name than this are counted together under `overflow="true"`.
    static let seriesLimit = 1000

    private enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private struct Family {
        let kind: Kind
        var series: [String: (labels: [(String, String)], series: any PrometheusSeries)] = [:]
    }

    private struct Question {
        let help: String
        let samples: @Sendable () async throws -> [Sample]
    }

    private struct State {
        var families: [String: Family] = [:]
        var questions: [String: Question] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Adds a gauge that is computed when somebody looks: open uploads, jobs by state, the length of a queue.
    package func gauge(
        _ name: String, help: String, samples: @escaping @Sendable () async throws -> [Sample]
    ) {
        state.withLock { $0.questions[PrometheusText.metricName(name)] = Question(help: help, samples: samples) }
    }

    /// All metrics in text format 0.0.4, ordered by name; a gauge that cannot be computed is left out and logged.
    package func exposition(logger: Logger) async -> String {
        let (families, questions) = state.withLock { ($0.families, $0.questions) }
        var blocks = families.map { name, family in (name, Self.block(name, family)) }
        for (name, question) in questions where families[name] == nil {
            do {
                var text =
                    "# HELP \(name) \(PrometheusText.escape(question.help, quotes: false))\n# TYPE \(name) gauge\n"
                for sample in try await question.samples() {
                    text += "\(name)\(PrometheusText.labels(sample.labels)) \(PrometheusText.number(sample.value))\n"
                }
                blocks.append((name, text))
            } catch {
                logger.warning("A gauge failed", metadata: ["gauge": .string(name), "error": .string("\(error)")])
            }
        }
        return blocks.sorted { $0.0 < $1.0 }.map(\.1).joined()
    }

    private static func block(_ name: String, _ family: Family) -> String {
        let series = family.series.sorted { $0.key < $1.key }.map(\.value)
        return "# TYPE \(name) \(family.kind.rawValue)\n"
            + series.map { $0.series.lines(name: name, labels: $0.labels) }.joined()
    }

    // MARK: swift-metrics

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, suffix: "_total", .counter, dimensions) { CounterSeries() }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, suffix: "_total", .counter, dimensions) { CounterSeries() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, suffix: "", .gauge, dimensions) { GaugeSeries() }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if !aggregate { return series(label, suffix: "", .gauge, dimensions) { GaugeSeries() } }
        return series(label, suffix: "", .histogram, dimensions) { HistogramSeries(bounds: HistogramSeries.amounts) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, suffix: "_seconds", .histogram, dimensions) { HistogramSeries(bounds: HistogramSeries.seconds) }
    }

    // A metric lives as long as the process: Prometheus expects counters that do not vanish.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// The series of this name and these labels, made when there is none.
    ///
    /// A name that already has another kind yields a series that is not shown: one name cannot have two types.
    private func series<Series: PrometheusSeries>(
        _ label: String, suffix: String, _ kind: Kind, _ dimensions: [(String, String)], make: () -> Series
    ) -> Series {
        var name = PrometheusText.metricName(label)
        if !name.hasSuffix(suffix) { name += suffix }
        return state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind)
            guard family.kind == kind else { return make() }
            var labels = dimensions.sorted { $0.0 < $1.0 }
            if family.series.count >= Self.seriesLimit, family.series[PrometheusText.labels(labels)] == nil {
                labels = [("overflow", "true")]
            }
            let key = PrometheusText.labels(labels)
            if let known = family.series[key] { return known.series as? Series ?? make() }
            let made = make()
            family.series[key] = (labels, made)
            state.families[name] = family
            return made
        }
    }
}
