import Foundation
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// Every call that a single request makes fails, one after the other: refused or not, its repetition does what it should.
@Suite("Every call of a request fails", .serialized)
struct RequestFaultTests {
    /// A request, and what must be there before it; `text` is another one each time.
    struct Case: Sendable, CustomStringConvertible {
        let description: String
        var status = 200
        var mayBeCut = false
        /// Makes what the request needs and returns its id.
        var prepare: @Sendable (APIClient, String) async throws -> String = { _, text in text }
        let send: @Sendable (APIClient, String) async throws -> APIClient.Answer
    }

    @Test("its repetition works, for every request and every call")
    func requests() async throws {
        let stand = try await Stand()
        let control = stand.control
        let photo = try await Self.photo(stand.api)
        for request in Self.cases(photo: photo) {
            for variant in 0..<2 {
                var call = 0
                repeat {
                    call += 1
                    let what = "\(request), call \(call), variant \(variant)"
                    do {
                        let id = try await request.prepare(stand.api, "\(request) \(call) \(variant)")
                        control.arm(call: call, variant: variant)
                        try await Client(stand.api).send(
                            "\(request)", expecting: request.status, mayBeCut: request.mayBeCut
                        ) {
                            try await request.send($0, id)
                        }
                    } catch {
                        Issue.record("\(what) (\(control.first)): \(error)")
                    }
                    control.release()
                } while control.failures > 0 && call < 400
                #expect(call > 1 && call < 400, "\(request)")
            }
        }
        try await Flow.check(stand.witness, Client(stand.api))
        try await stand.checkNothingLeft("every call of every request")
        try await stand.checkWhole()
    }

    private static func cases(photo: String) -> [Case] {
        let body = #"{"media_type":"video/mp4","media_category":"tweet_video","total_bytes":5000}"#
        let open: @Sendable (APIClient, String) async throws -> String = { api, _ in
            try await api.initialize(bytes: 5000, type: "video/mp4", category: "tweet_video")
        }
        return [
            Case(description: "initialize") { api, _ in try await api.json(.POST, "/2/media/upload/initialize", body) },
            Case(description: "append", prepare: open) { api, id in
                try await api.append(id, index: 0, Data(count: 5000))
            },
            Case(description: "status", prepare: open) { api, id in
                try await api.send(.GET, "/2/media/upload?command=STATUS&media_id=\(id)")
            },
            Case(description: "abort", prepare: open) { api, id in try await api.send(.DELETE, "/2/media/upload/\(id)")
            },
            Case(description: "metadata") { api, text in
                try await api.json(
                    .POST, "/2/media/metadata", #"{"id":"\#(photo)","metadata":{"alt_text":{"text":"\#(text)"}}}"#)
            },
            Case(description: "post", status: 201) { api, text in
                try await api.json(.POST, "/2/tweets", #"{"text":"\#(text)","media":{"media_ids":["\#(photo)"]}}"#)
            },
            Case(description: "look up", prepare: touch(photo)) { api, _ in
                try await api.send(.GET, "/2/media/3_\(photo)?media.fields=url,alt_text")
            },
            Case(description: "serve", mayBeCut: true, prepare: touch(photo)) { api, _ in
                try await api.send(.GET, "/media/originals/\(photo)")
            },
        ]
    }

    /// A write makes the catalog's readers read from the file again.
    private static func touch(_ photo: String) -> @Sendable (APIClient, String) async throws -> String {
        { api, text in
            let body = #"{"id":"\#(photo)","metadata":{"alt_text":{"text":"\#(text)"}}}"#
            _ = try await api.json(.POST, "/2/media/metadata", body)
            return text
        }
    }

    private static func photo(_ api: APIClient) async throws -> String {
        let media = try Inputs.photo.get().base64EncodedString()
        let answer = try await api.json(
            .POST, "/2/media/upload", #"{"media":"\#(media)","media_category":"tweet_image"}"#)
        return try answer.json(DataEnvelope<UploadData>.self).data.orThrow(answer.text).id.description
    }
}
