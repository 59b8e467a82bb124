import Foundation
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// Requests that end where they should not.
@Suite("Cut and overlong requests", .serialized, .timeLimit(.minutes(5)))
struct CutBodyTests {
    private static func append(_ id: String, _ victim: Victim, content: Data, length change: Int = 0) -> (
        head: [UInt8], body: [UInt8]
    ) {
        let body =
            Array("--b\r\nContent-Disposition: form-data; name=\"segment_index\"\r\n\r\n0\r\n".utf8)
            + Array("--b\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a\"\r\n\r\n".utf8)
            + Array(content)
            + Array("\r\n--b--\r\n".utf8)
        let head =
            "POST /2/media/upload/\(id)/append HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(victim.token)\r\n"
            + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: \(body.count + change)\r\n\r\n"
        return (Array(head.utf8), body)
    }

    @Test("an append that is reset at any point leaves nothing open and nothing on the disk, and the upload goes on")
    func resets() async throws {
        let victim = try Victim()
        let photo = Fixtures.photo
        // What one upload without any reset leaves behind.
        let control = try await upload(photo, to: victim) { _ in }
        var files: [Int] = []
        for round in 2...3 {
            let blobs = try await upload(photo, to: victim) { id in try resetEverywhere(id, photo, victim) }
            #expect(blobs == round * control)
            // The first round opens what is then kept: readers of the catalog and the like.
            #expect(victim.wait { files.isEmpty || victim.openFiles <= files[0] + 3 })
            files.append(victim.openFiles)
        }
        print("attack: resets at \(resets) places of an append, twice: \(files) open files after each")
        #expect(victim.server.terminate() == 0)
        #expect(try RoostProcess.run(["verify", "--data", victim.data]).status == 0)
    }

    private var resets: Int { Size.of(sample: 60, full: 1000) }

    private func resetEverywhere(_ id: String, _ photo: Data, _ victim: Victim) throws {
        let request = Self.append(id, victim, content: photo)
        let all = request.head + request.body
        // Every byte of the head's end and of the form's, and places in between.
        let edges = Array(request.head.count - 3...request.head.count + 3) + Array(all.count - 12...all.count)
        for place in Array(stride(from: 0, to: all.count, by: max(1, all.count / resets))) + edges {
            let socket = try Socket(port: victim.port)
            socket.resetOnClose()
            socket.send(Array(all[..<place]))
            if place % 2 == 0 { usleep(2000) }
        }
    }

    /// Uploads after something was done to the open upload; returns how many blobs there are then.
    private func upload(_ content: Data, to victim: Victim, attack: (String) throws -> Void) async throws -> Int {
        let id = try await victim.api.initialize(bytes: content.count, type: "image/jpeg", category: "tweet_image")
        try attack(id)
        let appended = try await victim.api.append(id, index: 0, content)
        #expect(appended.status == 200, "\(appended.text)")
        let finalized = try await victim.api.finalize(id)
        #expect(finalized.status == 200, "\(finalized.text)")
        let data = try await victim.api.waitUntilProcessed(id)
        #expect(data.processingInfo?.state == .succeeded)
        let original = try #require(data.original)
        let back = try await victim.api.send(.GET, original.url)
        #expect(back.body.sha256 == content.sha256)
        // A reset while the answer is read.
        for count in [0, 1, 1000, 50_000] {
            let socket = try Socket(port: victim.port)
            socket.resetOnClose()
            let path = original.url.dropFirst(victim.server.url.count)
            socket.send("GET \(path) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \(victim.token)\r\n\r\n")
            var received = 0
            while received < count, let bytes = socket.receive(within: 10_000), !bytes.isEmpty {
                received += bytes.count
            }
        }
        // Attempts that were cut or replaced are erased after the answer.
        var (last, blobs) = (-1, victim.blobs)
        while last != blobs {
            try await Task.sleep(for: .milliseconds(500))
            (last, blobs) = (blobs, victim.blobs)
        }
        return blobs
    }

    @Test("a body shorter than its length is refused and not recorded")
    func short() async throws {
        let victim = try Victim()
        let id = try await victim.api.initialize(bytes: 5, type: "image/jpeg", category: "tweet_image")
        let request = Self.append(id, victim, content: Data("hello".utf8), length: 1)
        let socket = try Socket(port: victim.port)
        socket.send(request.head + request.body)
        socket.finish()
        let (answer, isClosed) = socket.receiveAll(quiet: 10_000)
        #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
        #expect(isClosed)
        #expect(try await victim.api.status(id).segments?.isEmpty ?? true)
    }

    @Test("what follows a body's length is another request, and nonsense there ends the connection")
    func long() async throws {
        let victim = try Victim()
        let id = try await victim.api.initialize(bytes: 5, type: "image/jpeg", category: "tweet_image")
        let request = Self.append(id, victim, content: Data("hello".utf8))
        let socket = try Socket(port: victim.port)
        socket.send(request.head + request.body + Array("and more\r\n\r\n".utf8))
        let (answer, isClosed) = socket.receiveAll(quiet: 10_000)
        #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
        #expect(answer.contains("HTTP/1.1 400 "), "\(answer)")
        #expect(isClosed)
        #expect(try await victim.api.status(id).segments?.count == 1)
    }
}
