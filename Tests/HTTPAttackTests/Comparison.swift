import Foundation

/// How others are served without and with an attack, measured in turns: what else the machine does comes and goes in both.
struct Comparison {
    private(set) var without: [Latency] = []
    private(set) var with: [Latency] = []

    /// Measures once.
    ///
    /// - Parameters:
    ///   - measure: how others are served now.
    ///   - attack: begins an attack, measures how others are served, and ends it.
    mutating func addRound(_ measure: () throws -> Latency, during attack: () throws -> Latency) throws {
        without.append(try measure())
        with.append(try attack())
    }

    /// Rounds: one in `make test`, enough for a median by `make attack-http`.
    static let rounds = Size.of(sample: 1, full: 5)

    /// The medians of the rounds' 99th percentiles in ms.
    private var medians: (without: Double, with: Double) { (Self.median(without), Self.median(with)) }

    private static func median(_ latencies: [Latency]) -> Double {
        let sorted = latencies.map(\.p99).sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }

    /// Whether others are served during the attack.
    ///
    /// A sample of one round on a machine that has other work too only tells a server that serves from one that hangs; the
    /// median of a full run is bound to ten times what is aimed at.
    var isServed: Bool { medians.with <= (Size.isFull ? 20 * max(medians.without, 5) : 5000) }

    /// Prints what came out.
    func report(_ attack: String) {
        let (before, during) = medians
        let worst = with.map(\.worst).max() ?? .nan
        print(
            "attack: \(attack): p99 "
                + String(
                    format: "%.1f ms without, %.1f ms with, ratio %.1f, worst %.0f ms", before, during, during / before,
                    worst)
                + " (\(with.count) rounds)")
    }
}
