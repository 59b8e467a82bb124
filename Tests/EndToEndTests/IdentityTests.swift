import Foundation
import NIOHTTP1
import ProgramSupport
import Testing
import XMedia

/// Users, apps and tokens, as an operator tends them beside a running server.
@Suite("Users and apps by the program", .serialized)
struct IdentityTests {
    /// What `--json` prints.
    private func json(_ text: String) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
    }

    @Test("users are added, listed, given another password and removed; a password is read from standard input")
    func users() throws {
        let folder = try TemporaryFolder()
        let data = "\(folder.path)/data"
        func user(_ arguments: String..., input: String = "") throws -> (status: Int32, output: String, errors: String)
        {
            try RoostProcess.run(["user"] + arguments + ["--data", data], input: input)
        }
        let added = try user("add", "carol", input: "correct horse\n")
        #expect(added.status == 0, "\(added.errors)")
        #expect(UserID(added.output) != nil)
        #expect(try user("add", "CAROL", input: "correct horse\n").status != 0)
        #expect(try user("add", "dave", input: "short\n").status != 0)
        #expect(try user("add", "dave", input: "").status != 0)
        #expect(try user("add", "no spaces", input: "correct horse\n").status != 0)
        #expect(try user("add", "bot", "--no-password").status == 0)
        let listed = try user("list").output
        #expect(listed.contains("\(added.output)\tcarol\tpassword\t"))
        #expect(listed.contains("\tbot\tno password\t"))
        #expect(!listed.contains("dave"))
        #expect(try user("passwd", "bot", input: "battery staple\n").status == 0)
        #expect(try user("passwd", "nobody", input: "battery staple\n").status != 0)
        #expect(try user("list").output.contains("\tbot\tpassword\t"))
        #expect(try user("remove", "bot").status == 0)
        #expect(try user("remove", "bot").status != 0)
        try expectAbsent(["correct horse", "battery staple"], in: data)
    }

    @Test("an app's secrets are shown once, renewed, and in no file as they are; the key file is the owner's alone")
    func apps() throws {
        let folder = try TemporaryFolder()
        let data = "\(folder.path)/data"
        func app(_ arguments: String...) throws -> (status: Int32, output: String, errors: String) {
            try RoostProcess.run(["app"] + arguments + ["--data", data])
        }
        let created = try app("create", "Camera", "--redirect-uri", "https://a.example/cb", "--json")
        #expect(created.status == 0, "\(created.errors)")
        let first = try json(created.output)
        #expect(first.keys.sorted() == ["client_id", "client_secret", "consumer_key", "consumer_secret"])
        let open = try app(
            "create", "Phone", "--public", "--redirect-uri", "myapp:/cb", "--permission", "read", "--json")
        #expect(try json(open.output).keys.sorted() == ["client_id", "consumer_key", "consumer_secret"])
        for wrong in [
            ["create", "camera"], ["create", "X", "--redirect-uri", "javascript:alert(1)"],
            ["create", "X", "--scopes", "root"], ["create", "X", "--permission", "write"], ["create", ""],
        ] { #expect(try RoostProcess.run(["app"] + wrong + ["--data", data]).status != 0) }

        let token = try RoostProcess.run(
            ["token", "create", "--oauth1", "--app", "Camera", "--user", "carol", "--json", "--data", data])
        let signed = try json(token.output)
        #expect(signed.keys.sorted() == ["oauth_token", "oauth_token_secret"])
        #expect(signed["oauth_token"]?.firstMatch(of: #/^[0-9]+-[A-Za-z0-9_-]+$/#) != nil)
        let nowhere = ["token", "create", "--oauth1", "--app", "None", "--user", "carol", "--data", data]
        #expect(try RoostProcess.run(nowhere).status != 0)

        let renewed = try json(try app("rotate", "Camera", "--json").output)
        #expect(renewed["client_id"] == first["client_id"])
        for name in ["client_secret", "consumer_key", "consumer_secret"] { #expect(renewed[name] != first[name]) }
        let listed = try app("list").output
        #expect(listed.contains("Camera\tconfidential\tread-write"))
        #expect(listed.contains("Phone\tpublic\tread\t"))
        let secrets = [first, renewed, signed].flatMap { values in
            values.filter { $0.key.hasSuffix("secret") || $0.key == "oauth_token" }.map(\.value)
        }
        #expect(secrets.count == 6)
        for secret in secrets { #expect(!listed.contains(secret)) }
        try expectAbsent(secrets, in: data)

        let attributes = try FileManager.default.attributesOfItem(atPath: "\(data)/secret.key")
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == 32)
        #expect(try app("remove", "Camera").status == 0)
        #expect(try app("remove", "Camera").status != 0)
    }

    @Test(
        "what a user allowed an app is listed and taken back, with tokens that the operator made; a new password can too"
    )
    func revocation() throws {
        let folder = try TemporaryFolder()
        let data = "\(folder.path)/data"
        func roost(_ arguments: String..., input: String = "") throws -> (status: Int32, output: String, errors: String)
        {
            try RoostProcess.run(arguments + ["--data", data], input: input)
        }
        #expect(try roost("user", "add", "carol", input: "correct horse\n").status == 0)
        for name in ["Camera", "Phone"] {
            #expect(try roost("app", "create", name).status == 0)
            #expect(try roost("token", "create", "--oauth1", "--app", name, "--user", "carol").status == 0)
        }
        #expect(try roost("token", "create", "--user", "carol").status == 0)
        func connected() throws -> [String] {
            let listed = try roost("app", "list", "--user", "carol", "--json")
            let entries = try JSONDecoder().decode([[String: String]].self, from: Data(listed.output.utf8))
            for entry in entries { #expect(entry["scope"] == "media.write tweet.read tweet.write users.read") }
            return entries.compactMap { $0["name"] }
        }
        #expect(try connected() == ["Camera", "Phone"])
        #expect(try roost("app", "list", "--user", "carol").output.contains("\tCamera\tmedia.write"))
        #expect(try roost("app", "list", "--user", "nobody").status != 0)
        #expect(try roost("app", "revoke", "Camera", "--user", "carol").status == 0)
        #expect(try roost("app", "revoke", "Camera", "--user", "carol").errors.contains("has allowed Camera nothing"))
        #expect(try connected() == ["Phone"])
        #expect(try roost("user", "passwd", "carol", input: "battery staple\n").status == 0)
        #expect(try connected() == ["Phone"])
        #expect(try roost("user", "passwd", "carol", "--revoke-apps", input: "battery staple\n").status == 0)
        #expect(try connected().isEmpty)
        // The token that belongs to no app is the user's own.
        #expect(try roost("token", "list").output.contains("\tvalid\tbearer"))
        let log = try roost("audit", "--user", "carol").output
        #expect(log.components(separatedBy: "grant_revoked").count == 4)
    }

    @Test("a key file that others can read, or with other bytes, is not used")
    func keyFile() throws {
        let folder = try TemporaryFolder()
        let data = "\(folder.path)/data"
        #expect(try RoostProcess.run(["app", "create", "A", "--data", data]).status == 0)
        let key = "\(data)/secret.key"
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: key)
        let readable = try RoostProcess.run(["app", "create", "B", "--data", data])
        #expect(readable.status != 0)
        #expect(readable.errors.contains("can be read by others"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: key))
        try handle.truncate(atOffset: 31)
        try handle.close()
        #expect(try RoostProcess.run(["app", "create", "B", "--data", data]).errors.contains("31 bytes"))
        #expect(throws: RoostProcess.Failure.self) { _ = try RoostProcess(data: data) }
    }

    @Test("what is said to the server in secret stands in no line of its log")
    func log() async throws {
        let folder = try TemporaryFolder()
        let server = try RoostProcess(data: "\(folder.path)/data", arguments: ["--log-level", "trace"])
        let added = try RoostProcess.run(
            ["user", "add", "carol", "--data", server.data], input: "correct horse battery\n")
        #expect(added.status == 0)
        let created = try RoostProcess.run(
            ["app", "create", "A", "--redirect-uri", "http://127.0.0.1/cb", "--data", server.data, "--json"])
        let app = try json(created.output)
        let secret = try #require(app["client_secret"])
        let api = APIClient(url: server.url, token: secret)
        let pair = Data("\(app["client_id"] ?? ""):\(secret)".utf8).base64EncodedString()
        let form = "grant_type=client_credentials&client_id=\(app["client_id"] ?? "")&client_secret=\(secret)"
        let answer = try await api.send(
            .POST, "/2/oauth2/token?code=\(secret)", headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: Data(form.utf8), authorized: false)
        #expect(answer.status == 200, "\(answer.text)")
        _ = try await api.send(.GET, "/2/users/me")
        _ = try await api.send(.GET, "/i/oauth2/authorize?client_id=\(secret)&state=\(secret)", authorized: false)
        let log = server.logText
        #expect(log.contains("/2/oauth2/token"))
        for text in [secret, pair, "correct horse", answer.text] { #expect(!log.contains(text)) }
    }

    /// None of these texts stands in any file of the data folder.
    private func expectAbsent(_ texts: [String], in folder: String) throws {
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else { continue }
            for text in texts { #expect(bytes.range(of: Data(text.utf8)) == nil, "\(name) holds \(text)") }
        }
    }
}
