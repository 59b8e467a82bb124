import Foundation
import RandomSupport
import XMedia

/// One client of a campaign: uploads and posts at random, and remembers every answer.
package struct CampaignClient: Sendable {
    /// Its uploads, the oldest first.
    package internal(set) var uploads: [TrackedUpload] = []
    /// Its posts, the oldest first.
    package internal(set) var posts: [TrackedPost] = []
    /// What the server did that it must not do.
    package internal(set) var violations: [String] = []
    /// How many requests were answered with success.
    package internal(set) var acknowledged = 0
    let number: Int
    let seed: UInt64
    var random: SeededGenerator
    var serial = 0

    /// Makes a client; `number` sets it apart from the others of the same seed.
    package init(number: Int, seed: UInt64) {
        self.number = number
        self.seed = seed
        random = SeededGenerator(seed, number)
    }

    /// Works until the server is killed.
    ///
    /// - Parameter round: which life of the server this is; what is done depends on it and on the seed.
    package mutating func work(on server: ServerLife, round: Int) async {
        random = SeededGenerator(seed, round, number)
        while !server.isOver {
            do {
                try await step(on: server)
            } catch {
                violations.append("client \(number): \(error)")
                return
            }
        }
    }

    private mutating func step(on server: ServerLife) async throws {
        let open = uploads.indices.filter { uploads[$0].isOpen }
        let ready = uploads.indices.filter { uploads[$0].outcome == .succeeded }
        let waiting = uploads.indices.filter { uploads[$0].isClosed && uploads[$0].outcome == nil }
        let die = Int.random(in: 0..<100, using: &random)
        if die < 12, let upload = ready.suffix(8).randomElement(using: &random) {
            try await describe(upload, on: server)
        } else if die < 26, !ready.isEmpty {
            try await post(ready.suffix(8), on: server)
        } else if die < 30, let post = posts.indices.suffix(4).randomElement(using: &random) {
            try await deletePost(post, on: server)
        } else if die < 45, let upload = waiting.randomElement(using: &random) {
            try await look(at: upload, on: server)
        } else if die < 52 {
            try await sendWhole(on: server)
        } else if open.count < 3, die < 65 || open.isEmpty {
            try await initialize(on: server)
        } else if let upload = open.randomElement(using: &random) {
            try await advance(upload, on: server)
        }
    }

    /// Remembers a violation.
    mutating func complain(_ text: String) { violations.append("client \(number): \(text)") }

    /// Counts an answer, and complains when it is not the one that must come.
    ///
    /// - Returns: whether it is a success; nil when no answer came.
    mutating func succeeded(_ answer: APIClient.Answer?, _ what: String, status: Int = 200) -> Bool? {
        guard let answer else { return nil }
        guard answer.status == status else {
            complain("\(what) was answered \(answer.status): \(answer.text)")
            return false
        }
        acknowledged += 1
        return true
    }
}

extension APIClient.Answer {
    /// The `data` member.
    func data<Value: Codable & Sendable>(_ type: Value.Type = Value.self) throws -> Value {
        try json(DataEnvelope<Value>.self).data.orThrow(text)
    }
}
