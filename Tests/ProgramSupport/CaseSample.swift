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
        var generator = SeededGenerator(seed: seed)
        let all = Array(1...max(1, total))
        guard let count, count < total else { return all }
        return all.shuffled(using: &generator).prefix(count).sorted()
    }
}

/// SplitMix64 (https://prng.di.unimi.it/splitmix64.c): the same numbers for the same seed on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
