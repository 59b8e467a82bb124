import Foundation
import NIOHTTP1
import XMedia

/// The steps after an upload.
extension CampaignClient {
    /// Sets the alternative text.
    mutating func describe(_ position: Int, on server: ServerLife) async throws {
        serial += 1
        let (id, text) = (uploads[position].id, "description \(number).\(serial)")
        uploads[position].isTouched = true
        uploads[position].altTexts.insert(text)
        let answer = try await server.ask {
            try await $0.json(
                .POST, "/2/media/metadata", #"{"id":"\#(id)","metadata":{"alt_text":{"text":"\#(text)"}}}"#)
        }
        if succeeded(answer, "metadata of \(id)") == true { uploads[position].altTexts = [text] }
    }

    /// Posts one video, or one to four pictures.
    mutating func post(_ ready: some Collection<Int>, on server: ServerLife) async throws {
        guard let first = ready.randomElement(using: &random) else { return }
        var chosen = [first]
        if uploads[first].media.kind == .picture {
            let others = ready.filter { $0 != first && uploads[$0].media.kind == .picture }
            chosen += others.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random))
        }
        serial += 1
        let text = "post \(number).\(serial)."
        let ids = chosen.map { #""\#(uploads[$0].id)""# }.joined(separator: ",")
        var post = TrackedPost(
            text: text, mediaKeys: chosen.map { uploads[$0].key }, mayExist: true, mayBeAbsent: true)
        let answer = try await server.ask {
            try await $0.json(.POST, "/2/tweets", #"{"text":"\#(text)","media":{"media_ids":[\#(ids)]}}"#)
        }
        switch succeeded(answer, "post of \(ids)", status: 201) {
        case true?:
            post.id = try answer?.data(CreatedPost.self).id.description
            post.mayBeAbsent = false
        case false?: return
        case nil: break
        }
        posts.append(post)
    }

    mutating func deletePost(_ position: Int, on server: ServerLife) async throws {
        guard let id = posts[position].id, !posts[position].mayBeAbsent else { return }
        posts[position].mayBeAbsent = true
        let answer = try await server.ask { try await $0.send(.DELETE, "/2/tweets/\(id)") }
        if succeeded(answer, "deletion of post \(id)") == true { posts[position].mayExist = false }
    }
}
