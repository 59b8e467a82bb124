import Foundation

/// How long a campaign is and where it begins, as the environment says.
package struct CampaignSettings: Sendable {
    /// What is counted depends on the campaign: kills, rounds.
    package let count: Int
    /// From which all its random numbers come.
    package let seed: UInt64

    /// Whether more was asked for than what every run of the tests does.
    package static var isLong: Bool { ProcessInfo.processInfo.environment["ROOST_CAMPAIGN_N"] != nil }

    /// Reads `ROOST_CAMPAIGN_N` and `ROOST_CAMPAIGN_SEED`; without a seed each run takes a new one.
    package init(count: Int) {
        let environment = ProcessInfo.processInfo.environment
        self.count = environment["ROOST_CAMPAIGN_N"].flatMap(Int.init) ?? count
        seed = environment["ROOST_CAMPAIGN_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...999_999_999)
    }
}
