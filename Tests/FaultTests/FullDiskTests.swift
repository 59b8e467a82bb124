import Foundation
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// A small disk fills up and is freed: what needs no space works on, and everything works again without a restart.
@Suite("A full disk", .serialized)
struct FullDiskTests {
    @Test("with a reserve: new bytes are refused with 507, finalize and delete work, then appends do again")
    func reserve() async throws {
        let stand = try await Stand(environment: ["ROOST_FREE_SPACE_RESERVE_BYTES": "4000000"])
        let (api, control) = (stand.api, stand.control)
        let video = try Inputs.video.get()
        let whole = try await upload(video, api)
        let filler = try await open(api)
        control.limit(to: control.used + 12_000_000)
        try await Task.sleep(for: .milliseconds(1100))  // The guard looks once a second.
        // More than the catalog's log can grow by, which stays as large as it once was.
        let filled = try await fill(filler, api, segment: 400_000)
        #expect(filled > 10)

        try await Task.sleep(for: .milliseconds(1100))  // What was measured before may be a second old.
        let refused = try await api.json(.POST, "/2/media/upload/initialize", #"{"media_category":"tweet_video"}"#)
        #expect(refused.status == 507)
        #expect(try refused.json(Problem.self).status == 507)
        #expect(try await api.finalize(whole).status == 200)
        #expect(try await api.waitUntilProcessed(whole).processingInfo?.state == .succeeded)
        try await Flow.check(stand.witness, Client(api))

        #expect(try await api.send(.DELETE, "/2/media/upload/\(filler)").status == 200)
        try await acceptsAgain(api)
        control.limit(to: nil)
        try await stand.checkNothingLeft("the full disk")
        try await stand.checkWhole()
    }

    @Test("to the last byte: every write is refused with 507 or 503, reading works, and freed space ends it")
    func lastByte() async throws {
        let stand = try await Stand(environment: ["ROOST_FREE_SPACE_RESERVE_BYTES": "0"])
        let (api, control) = (stand.api, stand.control)
        let video = try Inputs.video.get()
        let whole = try await upload(video, api)
        let filler = try await open(api)
        control.limit(to: control.used + 300_000)
        _ = try await fill(filler, api, segment: 60_000)
        // Somebody else takes the rest.
        control.limit(to: 1)
        for _ in 0..<3 {
            let answer = try await api.append(filler, index: 9, Data(count: 1000))
            #expect(answer.status == 507, "\(answer.text)")
            #expect(try answer.json(Problem.self).status == 507)
            let first = try await api.json(.POST, "/2/media/upload/initialize", #"{"media_category":"tweet_video"}"#)
            // The log of the catalog may have room left that it took before.
            #expect([200, 503, 507].contains(first.status), "\(first.text)")
        }
        let client = Client(api, patience: .seconds(30)) { control.limit(to: control.used + 2_000_000) }
        let finalized = try await api.finalize(whole)
        #expect([200, 503, 507].contains(finalized.status), "\(finalized.text)")
        try await Flow.check(stand.witness, Client(api))
        #expect(try await api.status(filler).segments?.isEmpty == false)
        #expect(control.refusals > 0)

        try await client.send("abort") { try await $0.send(.DELETE, "/2/media/upload/\(filler)") }
        control.limit(to: nil)
        try await client.send("finalize") { try await $0.finalize(whole) }
        #expect(try await api.waitUntilProcessed(whole).processingInfo?.state == .succeeded)
        try await acceptsAgain(api)
        try await Flow(client: Client(api), name: "afterwards").run()
        try await stand.checkNothingLeft("the full disk")
        try await stand.checkWhole()
    }

    private func open(_ api: APIClient) async throws -> String {
        let answer = try await api.json(.POST, "/2/media/upload/initialize", #"{"media_category":"tweet_video"}"#)
        return try answer.json(DataEnvelope<UploadData>.self).data.orThrow(answer.text).id.description
    }

    private func upload(_ video: Data, _ api: APIClient) async throws -> String {
        let id = try await api.initialize(bytes: video.count, type: "video/mp4", category: "tweet_video")
        #expect(try await api.append(id, index: 0, video).status == 200)
        return id
    }

    /// Appends until there is no more room; returns how many segments found some.
    private func fill(_ id: String, _ api: APIClient, segment: Int) async throws -> Int {
        for index in 0..<500 {
            let answer = try await api.append(id, index: index, Data(count: segment))
            if answer.status == 507 {
                #expect(try answer.json(Problem.self).status == 507)
                return index
            }
            try #require(answer.status == 200, "\(answer.text)")
        }
        throw RoostProcess.Failure(description: "the disk was not full after 500 segments")
    }

    /// Erasing takes a moment, and free space is measured once a second.
    private func acceptsAgain(_ api: APIClient) async throws {
        var last = ""
        for _ in 0..<150 {
            let answer = try await api.json(
                .POST, "/2/media/upload/initialize", #"{"media_category":"tweet_video"}"#)
            if answer.status == 200 {
                let id = try answer.json(DataEnvelope<UploadData>.self).data.orThrow(answer.text).id
                let appended = try await api.append("\(id)", index: 0, Data(count: 60_000))
                if appended.status == 200 { return }
                last = appended.text
            } else {
                last = answer.text
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("no append is accepted although there is room: \(last)")
    }
}
