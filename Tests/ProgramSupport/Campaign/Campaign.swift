import Foundation
import NIOHTTP1
import RandomSupport

/// Clients that upload and post while the server is killed and started again, over and over.
///
/// The seed decides what each client tries to do in each life of the server, and when it is killed. It does not decide
/// which thread runs first: two runs of one seed go different ways, and a failure may need several to come again.
package struct Campaign {
    /// The data folder.
    package let data: String
    /// What `roost serve` gets beside the data folder.
    package var arguments: [String] = []
    package var environment: [String: String] = [:]
    /// What the clients know and what they complain of.
    package private(set) var clients: [CampaignClient]
    /// From starting the server to its first answer, once for each start.
    package private(set) var firstAnswers: [Duration] = []
    /// How often it was killed.
    package private(set) var kills = 0
    /// How many requests the kills left without an answer.
    package private(set) var interruptedRequests = 0
    /// How many uploads were being processed, or waited for it, at a kill.
    package private(set) var interruptedJobs = 0
    private let seed: UInt64
    private let token: String

    /// Makes a data folder and a token.
    package init(
        data: String, seed: UInt64, clients: Int = 4, arguments: [String] = [], environment: [String: String] = [:]
    ) throws {
        self.data = data
        self.seed = seed
        self.arguments = arguments
        self.environment = environment
        self.clients = (1...clients).map { CampaignClient(number: $0, seed: seed) }
        let made = try RoostProcess.run(
            ["token", "create", "--data", data, "--user", "alice"], environment: environment)
        guard made.status == 0 else { throw RoostProcess.Failure(description: made.errors) }
        token = made.output
    }

    /// What went wrong so far.
    package var violations: [String] { clients.flatMap(\.violations) }
    /// How many requests were answered with success.
    package var answers: Int { clients.reduce(0) { $0 + $1.acknowledged } }

    /// Starts the server, compares it with the answers of its earlier lives, lets the clients work and kills it.
    ///
    /// - Parameters:
    ///   - round: which of the campaign's lives this is, from 1.
    ///   - inspection: what is looked at after the comparison, while the server runs.
    package mutating func live(
        round: Int, inspection: (Campaign) async throws -> Void = { _ in }
    ) async throws {
        var random = SeededGenerator(seed, round)
        if random.chance(15) {
            try await RoostProcess.start(
                data: data, arguments: arguments, environment: environment,
                killedAfter: .milliseconds(Int.random(in: 0...150, using: &random)))
            kills += 1
        }
        let moment = KillMoment(using: &random)
        let server = try await serving { campaign, life in
            try await campaign.forEachClient { try await $0.check(on: life) }
            try await inspection(campaign)
            async let killed: Void = moment.kill(life)
            try await campaign.forEachClient { await $0.work(on: life, round: round) }
            try await killed
            campaign.interruptedRequests += life.interrupted
            campaign.interruptedJobs += campaign.clients.flatMap(\.uploads).count { $0.isClosed && $0.outcome == nil }
        }
        server.kill()
        kills += 1
    }

    /// Starts the server for the last time, finishes all uploads and stops it.
    package mutating func finish(inspection: (Campaign) async throws -> Void = { _ in }) async throws {
        let server = try await serving { campaign, life in
            try await campaign.forEachClient { try await $0.check(on: life) }
            try await campaign.forEachClient { try await $0.finish(on: life) }
            try await campaign.forEachClient { try await $0.waitForBackground(on: life) }
            try await inspection(campaign)
        }
        guard server.terminate() == 0 else { throw RoostProcess.Failure(description: server.logText) }
    }

    /// Starts the server and does something with it, after which no connection is left.
    private mutating func serving(
        _ body: (inout Campaign, ServerLife) async throws -> Void
    ) async throws -> RoostProcess {
        let start = ContinuousClock.now
        let server = try RoostProcess(data: data, arguments: arguments, environment: environment)
        let life = ServerLife(server, token: token)
        do {
            let answer = try await life.ask { try await $0.send(.GET, "/2/users/me") }
            firstAnswers.append(ContinuousClock.now - start)
            guard answer?.status == 200 else {
                throw RoostProcess.Failure(description: "the token is refused: \(answer?.text ?? "")")
            }
            try await body(&self, life)
        } catch {
            await life.end()
            throw error
        }
        await life.end()
        return server
    }

    /// Lets all clients do something at the same time.
    private mutating func forEachClient(
        _ body: @escaping @Sendable (inout CampaignClient) async throws -> Void
    ) async throws {
        clients = try await withThrowingTaskGroup(of: CampaignClient.self) { group in
            for client in clients {
                group.addTask {
                    var client = client
                    try await body(&client)
                    return client
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.number < $1.number }
        }
    }
}

/// When the server is killed.
private enum KillMoment {
    /// So long after so many answers.
    case answers(Int, Duration)
    /// So long after the clients began.
    case time(Duration)

    init(using random: inout SeededGenerator) {
        self =
            random.chance(60)
            ? .answers(Int.random(in: 1...60, using: &random), .microseconds(Int.random(in: 0...8000, using: &random)))
            : .time(.milliseconds(Int.random(in: 1...500, using: &random)))
    }

    func kill(_ life: ServerLife) async throws {
        switch self {
        case .time(let delay): try await Task.sleep(for: delay)
        case .answers(let count, let delay):
            let start = life.answers
            let deadline = ContinuousClock.now + .seconds(20)
            while life.answers < start + count, ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(1))
            }
            try await Task.sleep(for: delay)
        }
        await life.kill()
    }
}
