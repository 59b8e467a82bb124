import Foundation
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// What an operator does with the program.
@Suite("The operator", .serialized)
struct OperatorTests {
    @Test("the first start makes the user demo and says how to get a token; later starts do not")
    func firstStart() throws {
        let folder = try TemporaryFolder()
        let first = try RoostProcess(data: "\(folder.path)/data")
        #expect(first.terminate() == 0)
        let tokens = try RoostProcess.run(["token", "list", "--data", first.data])
        #expect(tokens.status == 0)
        #expect(tokens.output.isEmpty)
        #expect(try RoostProcess.run(["token", "create", "--data", first.data, "--user", "demo"]).status == 0)
    }

    @Test("a second server on the same data folder is refused")
    func secondServer() throws {
        let folder = try TemporaryFolder()
        let first = try RoostProcess(data: "\(folder.path)/data")
        let second = try RoostProcess.run(["serve", "--data", first.data, "--port", "0"])
        #expect(second.status != 0)
        #expect(second.errors.contains("another `roost serve` works on this data folder"))
    }

    @Test("tokens are made, listed and revoked beside a running server, and shown only once")
    func tokens() async throws {
        let folder = try TemporaryFolder()
        let server = try RoostProcess(data: "\(folder.path)/data")
        let token = try server.token(user: "bob")
        let api = APIClient(url: server.url, token: token)
        let me = try await api.send(.GET, "/2/users/me")
        #expect(me.status == 200)
        #expect(try me.json(DataEnvelope<User>.self).data?.username == "bob")

        let listed = try RoostProcess.run(["token", "list", "--data", server.data]).output
        #expect(!listed.contains(token))
        let line = try #require(listed.split(separator: "\n").first { $0.contains("\tbob\t") })
        let id = String(line.prefix { $0 != "\t" })
        #expect(try RoostProcess.run(["token", "revoke", "--data", server.data, id]).status == 0)
        try await Task.sleep(for: .milliseconds(1100))
        #expect(try await api.send(.GET, "/2/users/me").status == 401)
        #expect(try RoostProcess.run(["token", "revoke", "--data", server.data, id]).status != 0)
        #expect(!server.logText.contains(token))
    }

    @Test("an option wins over the environment, the environment over the file, the file over the default")
    func precedence() async throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/roost.json"
        try
            #"{"profile": "open", "external_url": "http://file.example", "limits": {"tweet_image": {"max_bytes": "1000"}}}"#
            .write(toFile: file, atomically: true, encoding: .utf8)
        let server = try RoostProcess(
            data: "\(folder.path)/data", arguments: ["--config", file],
            environment: ["ROOST_EXTERNAL_URL": "http://environment.example", "ROOST_COMMAND_FORM": "off"])
        let api = APIClient(url: server.url, token: try server.token())
        let tooLarge = try await api.json(
            .POST, "/2/media/upload/initialize", #"{"media_category":"tweet_image","total_bytes":1001}"#)
        #expect(tooLarge.status == 400)
        #expect(tooLarge.text.contains("1000"))
        #expect(try await api.send(.POST, "/2/media/upload?command=INIT").status == 400)
    }

    @Test("a setting that cannot be used is named with what would be accepted")
    func invalidSetting() throws {
        let folder = try TemporaryFolder()
        let result = try RoostProcess.run(["serve", "--data", "\(folder.path)/data", "--profile", "y"])
        #expect(result.status != 0)
        #expect(result.errors.contains("profile is \"y\""))
        #expect(result.errors.contains("x, open"))
    }

    @Test(
        "a settings file with a key that means nothing is refused by name",
        arguments: [#"{"prot": 1}"#, #"{"limits": {"tweet_image": {"max_byte": "5"}}}"#, "[]", "{"])
    func unknownSetting(text: String) throws {
        let folder = try TemporaryFolder()
        let file = "\(folder.path)/roost.json"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let result = try RoostProcess.run(["serve", "--data", "\(folder.path)/data", "--config", file])
        #expect(result.status != 0)
        #expect(result.errors.contains("roost.json"), "\(result.errors)")
    }

    @Test("verify finds a damaged, a missing and an orphaned blob; remove erases rows and bytes")
    func verifyAndRemove() async throws {
        let folder = try TemporaryFolder()
        let server = try RoostProcess(data: "\(folder.path)/data")
        let api = APIClient(url: server.url, token: try server.token())
        let media = Fixtures.photo.base64EncodedString()
        let answer = try await api.json(
            .POST, "/2/media/upload", #"{"media":"\#(media)","media_category":"tweet_image"}"#)
        let id = try answer.json(DataEnvelope<UploadData>.self).data.orThrow(answer.text).id
        #expect(server.terminate() == 0)
        #expect(try RoostProcess.run(["verify", "--data", server.data]).status == 0)

        let files = try blobFiles(in: server.data)
        let damaged = try #require(files.first { $0.contains("/originals/") })
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: damaged))
        try handle.seek(toOffset: 100)
        try handle.write(contentsOf: Data([0, 1, 2, 3, 4, 5, 6, 7]))
        try handle.close()
        let missing = try #require(files.first { $0.contains("/renditions/") })
        try FileManager.default.moveItem(atPath: missing, toPath: missing + "0")
        let result = try RoostProcess.run(["verify", "--data", server.data])
        #expect(result.status == 1)
        for finding in ["damaged originals/", "missing renditions/", "orphan renditions/"] {
            #expect(result.output.contains(finding), "\(result.output)")
        }

        try FileManager.default.moveItem(atPath: missing + "0", toPath: missing)
        #expect(try RoostProcess.run(["media", "remove", "--data", server.data, "\(id)"]).status == 0)
        #expect(try blobFiles(in: server.data).isEmpty)
        #expect(try RoostProcess.run(["media", "remove", "--data", server.data, "\(id)"]).status != 0)
    }

    private func blobFiles(in data: String) throws -> [String] {
        let root = "\(data)/blobs"
        let all = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        return all.map { "\(root)/\($0)" }.filter { path in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && !isFolder.boolValue
        }
    }

    @Test("health, readiness and metrics answer without a token")
    func endpoints() async throws {
        let folder = try TemporaryFolder()
        let server = try RoostProcess(data: "\(folder.path)/data")
        let api = APIClient(url: server.url, token: "")
        #expect(try await api.send(.GET, "/healthz", authorized: false).status == 200)
        let ready = try await api.send(.GET, "/readyz", authorized: false)
        #expect(ready.status == 200, "\(ready.text)")
        _ = try await api.send(.GET, "/2/users/me", authorized: false)
        let metrics = try await api.send(.GET, "/metrics", authorized: false).text
        #expect(metrics.contains(#"route="/2/users/me""#), "\(metrics)")
        #expect(metrics.contains("roost_open_uploads"))
    }
}
