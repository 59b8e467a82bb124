import Foundation

/// Which cases of a campaign are run: a seeded sample in `make test`, more of them when the environment asks for it.
///
/// `ROOST_CAMPAIGN_N` says how many, `all` for all; `ROOST_CAMPAIGN_SEED` repeats a run.
package struct CaseSample: Sendable {
    /// How many cases; nil for all there are.
    package let count: Int?
    /// From which all random numbers of the run come.
    package let seed: UInt64

    /// Reads the environment.
    ///
    /// - Parameter count: how many cases when the environment says nothing.
    package init(count: Int) {
        let environment = ProcessInfo.processInfo.environment
        let wanted = environment["ROOST_CAMPAIGN_N"]
        self.count = wanted == "all" ? nil : wanted.flatMap(Int.init) ?? count
        seed = environment["ROOST_CAMPAIGN_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999_999)
    }

    /// The sample of the cases 1…`total`, in order.
    package func cases(of total: Int) -> [Int] {
        var generator = SeededGenerator(seed)
        let all = Array(1...max(1, total))
        guard let count, count < total else { return all }
        return all.shuffled(using: &generator).prefix(count).sorted()
    }
}
