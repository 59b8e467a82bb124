import ProgramSupport
import Testing

/// The built program is killed with -9 at random moments; nothing that it has acknowledged is lost.
///
/// Repeats with `ROOST_CAMPAIGN_SEED`, goes on longer with `ROOST_CAMPAIGN_N`; see ``Campaign`` for what a seed decides.
@Suite("Killed with -9 at random moments", .serialized)
struct CrashTests {
    @Test("every acknowledged fact holds after each restart, nothing is stuck, nothing lies around")
    func campaign() async throws {
        let settings = CampaignSettings(count: 60)
        let name = "ROOST_CAMPAIGN_SEED=\(settings.seed) ROOST_CAMPAIGN_N=\(settings.count)"
        print("crash campaign: \(name)")
        let folder = try TemporaryFolder()
        var campaign = try Campaign(data: "\(folder.path)/data", seed: settings.seed)
        var round = 0
        while campaign.kills < settings.count {
            round += 1
            let isAudited = round.isMultiple(of: 10)
            do {
                try await campaign.live(round: round) { campaign in
                    guard isAudited else { return }
                    let left = try await campaign.audit()
                    #expect(left.isEmpty, "\(name), round \(round)")
                }
            } catch {
                Issue.record("\(name), round \(round): \(error)")
                return
            }
            try #require(campaign.violations.isEmpty, "\(name), round \(round)")
        }
        try await campaign.finish { campaign in
            let left = try await campaign.audit()
            #expect(left.isEmpty, "\(name), at the end")
        }
        #expect(campaign.violations.isEmpty, "\(name), at the end")
        try summarize(campaign)
    }

    private func summarize(_ campaign: Campaign) throws {
        let uploads = campaign.clients.flatMap(\.uploads)
        let median = try #require(campaign.firstAnswers.median)
        let slowest = try #require(campaign.firstAnswers.max())
        print(
            """
            crash campaign: \(campaign.kills) kills in \(campaign.interruptedRequests) requests and \
            \(campaign.interruptedJobs) jobs, \(campaign.answers) answers that must hold, \(uploads.count) uploads, \
            \(uploads.count { $0.outcome == .succeeded }) succeeded, \(campaign.clients.flatMap(\.posts).count) posts; first answer after \(median) in the median, \(slowest) at most
            """)
        // The promise is a second on a machine that does nothing else; this only catches a hang.
        #expect(slowest < .seconds(10))
        #expect(campaign.interruptedRequests > 0)
        #expect(uploads.contains { $0.outcome == .succeeded && $0.media.kind == .video })
    }
}
