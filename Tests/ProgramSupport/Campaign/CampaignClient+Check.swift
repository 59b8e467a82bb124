import Foundation
import NIOHTTP1
import RandomSupport
import XMedia

/// What is checked between the lives of the server, and at the end.
extension CampaignClient {
    /// Compares everything that was touched since the last time, and some of what was not.
    package mutating func check(on server: ServerLife) async throws {
        random = SeededGenerator(seed, uploads.count, number)
        let old = uploads.indices.filter { !uploads[$0].isTouched }.shuffled(using: &random).prefix(6)
        for position in uploads.indices where uploads[position].isTouched || old.contains(position) {
            try await inspect(position, on: server)
            // One whose processing goes on is looked at again.
            let isFinal = uploads[position].outcome != nil || !uploads[position].isClosed
            uploads[position].isTouched = !isFinal
        }
        for position in posts.indices.suffix(12) { try await inspectPost(position, on: server) }
        try await inspectTimeline(on: server)
    }

    /// Finishes what was begun and compares everything.
    ///
    /// - Throws: when an upload or a job is stuck.
    package mutating func finish(on server: ServerLife) async throws {
        for position in uploads.indices {
            try await look(at: position, on: server)
            while uploads[position].isOpen { try await advance(position, on: server) }
            uploads[position].isTouched = true
        }
        for position in uploads.indices where uploads[position].isClosed {
            try await wait(for: "\(uploads[position].id) is stuck") { client in
                try await client.look(at: position, on: server)
                return client.uploads[position].outcome != nil
            }
            try await inspect(position, on: server)
        }
        for position in posts.indices { try await inspectPost(position, on: server) }
        try await inspectTimeline(on: server)
    }

    /// Waits until no work is left in the background: each video has its playlist.
    package mutating func waitForBackground(on server: ServerLife) async throws {
        for upload in uploads where upload.outcome == .succeeded && upload.media.kind == .video {
            try await wait(for: "\(upload.id) gets no playlist") { client in
                let answer = try await server.ask {
                    try await $0.send(.GET, "/2/media/\(upload.key)?media.fields=variants")
                }
                let media = try answer?.json(DataEnvelope<Media>.self).data
                return media?.variants?.contains { $0.contentType == "application/x-mpegURL" } == true
            }
        }
    }

    /// Asks again and again; the deadline only catches what never comes.
    private mutating func wait(
        for failure: String, until isDone: (inout CampaignClient) async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(90)
        while try await !isDone(&self) {
            if ContinuousClock.now > deadline { throw RoostProcess.Failure(description: failure) }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private mutating func inspectPost(_ position: Int, on server: ServerLife) async throws {
        let post = posts[position]
        guard let id = post.id else { return }
        let answer = try await server.ask { try await $0.send(.GET, "/2/tweets/\(id)") }
        guard succeeded(answer, "post \(id)") == true, let answer else { return }
        let found = try answer.json(DataEnvelope<Post>.self).data
        if found == nil ? !post.mayBeAbsent : !post.mayExist {
            complain("post \(id) is \(found == nil ? "lost" : "there although it was deleted")")
        }
        posts[position].mayExist = found != nil
        posts[position].mayBeAbsent = found == nil
        if let found { compare(post, with: found) }
    }

    private mutating func compare(_ post: TrackedPost, with found: Post) {
        let keys = found.attachments?.mediaKeys.map(\.description)
        if keys != post.mediaKeys || !found.text.hasPrefix(post.text) {
            complain("post \(found.id) is \(found.text) with \(String(describing: keys)), not \(post)")
        }
    }

    /// Finds the posts whose answers did not come, and complains of those that nobody made.
    private mutating func inspectTimeline(on server: ServerLife) async throws {
        let me = try await server.ask { try await $0.send(.GET, "/2/users/me") }
        guard succeeded(me, "the user") == true, let user = try me?.data(User.self) else { return }
        let path = "/2/users/\(user.id)/tweets?max_results=100"
        let answer = try await server.ask { try await $0.send(.GET, path) }
        guard succeeded(answer, "the timeline") == true, let answer else { return }
        for found in try answer.json(DataEnvelope<[Post]>.self).data ?? [] {
            if posts.contains(where: { $0.id == found.id.description }) { continue }
            let mine = posts.indices.first { posts[$0].id == nil && found.text.hasPrefix(posts[$0].text) }
            if let mine {
                posts[mine].id = found.id.description
                posts[mine].mayBeAbsent = false
                compare(posts[mine], with: found)
            } else if found.text.hasPrefix("post \(number).") {
                complain("post \(found.id), \(found.text), was never made")
            }
        }
        // What did not happen by now never happens: whoever sent it is gone.
        posts.removeAll { $0.id == nil }
    }
}
