import Foundation
import RandomSupport

/// How long a campaign is and where it begins: a seeded sample in `make test`, more when the environment asks for it.
///
/// `ROOST_CAMPAIGN_N` says how many of what the campaign counts (kills, rounds, cases), `all` for all there are;
/// `ROOST_CAMPAIGN_SEED` repeats a run.
package struct CampaignSettings: Sendable {
    /// How many; `Int.max` for all there are.
    package let count: Int
    /// From which all its random numbers come.
    package let seed: UInt64

    /// Whether more was asked for than what every run of the tests does.
    package static var isLong: Bool { ProcessInfo.processInfo.environment["ROOST_CAMPAIGN_N"] != nil }

    /// Whether nothing is left out.
    package var isWhole: Bool { count == .max }

    /// Reads the environment; without a seed each run takes a new one.
    ///
    /// - Parameter count: how many when the environment says nothing.
    package init(count: Int) {
        let environment = ProcessInfo.processInfo.environment
        let wanted = environment["ROOST_CAMPAIGN_N"]
        self.count = wanted == "all" ? .max : wanted.flatMap(Int.init) ?? count
        seed = environment["ROOST_CAMPAIGN_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999_999)
    }

    /// The sample of the cases 1, 2, …, of which each has a kind: as many of each kind as there are, or as can be.
    package func cases(ofKinds kinds: [UInt8]) -> [Int] {
        guard count < kinds.count else { return Array(1...max(1, kinds.count)) }
        var generator = SeededGenerator(seed)
        var groups = Dictionary(grouping: 1...kinds.count) { kinds[$0 - 1] }.sorted { $0.key < $1.key }.map {
            $0.value.shuffled(using: &generator)
        }
        groups.shuffle(using: &generator)
        var chosen: [Int] = []
        while chosen.count < count {
            for group in groups.indices where chosen.count < count {
                if let next = groups[group].popLast() { chosen.append(next) }
            }
        }
        return chosen.sorted()
    }
}
