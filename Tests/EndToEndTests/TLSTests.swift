import Foundation
import ProgramSupport
import Testing

/// TLS and proxies as an operator sets them, with the system's curl and openssl as clients.
@Suite("TLS of the built program", .serialized)
struct TLSTests {
    /// Runs the commands that `roost hosts` prints.
    private func makeAuthority(in folder: String, name: String = "ca") throws -> (ca: String, cert: String, key: String)
    {
        let printed = try RoostProcess.run(["hosts", "--folder", "\(folder)/\(name)"])
        try #require(printed.status == 0)
        let script = "\(folder)/\(name).sh"
        try ("set -e\n" + printed.output).write(toFile: script, atomically: true, encoding: .utf8)
        let result = try command("/bin/bash", script)
        try #require(result.status == 0, "\(result.output)")
        return ("\(folder)/\(name)/ca.pem", "\(folder)/\(name)/server.pem", "\(folder)/\(name)/server.key")
    }

    private func command(_ path: String, _ arguments: String...) throws -> (status: Int32, output: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    /// What curl says of a request to `https://api.x.com`: version, status and body; the address is the server's.
    private func curl(_ server: RoostProcess, ca: String, host: String = "api.x.com", _ more: String...) throws
        -> String
    {
        let port = try #require(server.url.split(separator: ":").last)
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/curl")
        process.arguments =
            [
                "--silent", "--show-error", "--max-time", "20", "--cacert", ca, "--resolve",
                "\(host):\(port):127.0.0.1",
                "--write-out", "\n%{http_version} %{response_code}",
            ] + more.map { $0.replacingOccurrences(of: "BASE", with: "https://\(host):\(port)") }
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    @Test("with the certificate that `roost hosts` makes, X's names lead to the server, over HTTP/2 and HTTP/1.1")
    func hosts() async throws {
        let folder = try TemporaryFolder()
        let made = try makeAuthority(in: folder.path)
        let server = try RoostProcess(
            data: "\(folder.path)/data", arguments: ["--tls-cert", made.cert, "--tls-key", made.key])
        #expect(server.url.hasPrefix("https://127.0.0.1:"))
        for host in ["api.x.com", "upload.twitter.com", "x.com"] {
            #expect(try curl(server, ca: made.ca, host: host, "BASE/healthz").hasSuffix("\n2 200"))
        }
        #expect(try curl(server, ca: made.ca, "--http1.1", "BASE/healthz").hasSuffix("\n1.1 200"))
        // The authority vouches for X's names only, and for a name that is not in the certificate nobody does.
        #expect(try curl(server, ca: made.ca, host: "example.org", "BASE/healthz").contains("SSL"))
        #expect(try curl(server, ca: "/etc/ssl/certs/ca-certificates.crt", "BASE/healthz").contains("SSL"))

        let token = try server.token()
        let photo = "\(folder.path)/photo"
        try Fixtures.photo.write(to: URL(fileURLWithPath: photo))
        for version in ["--http2", "--http1.1"] {
            let uploaded = try curl(
                server, ca: made.ca, version, "-H", "Authorization: Bearer \(token)", "-F",
                "media_category=tweet_image",
                "-F", "media=@\(photo)", "BASE/2/media/upload")
            #expect(uploaded.hasSuffix(" 200"), "\(uploaded)")
            #expect(uploaded.contains("\"media_key\":\"3_"))
        }
        #expect(server.terminate() == 0)
    }

    @Test("a changed certificate is in use within seconds, without a restart")
    func reload() async throws {
        let folder = try TemporaryFolder()
        let (first, second) = (try makeAuthority(in: folder.path), try makeAuthority(in: folder.path, name: "next"))
        let server = try RoostProcess(
            data: "\(folder.path)/data", arguments: ["--tls-cert", first.cert, "--tls-key", first.key])
        #expect(try curl(server, ca: first.ca, "BASE/healthz").hasSuffix("\n2 200"))
        #expect(!(try curl(server, ca: second.ca, "BASE/healthz").hasSuffix("200")))
        for (source, target) in [(second.key, first.key), (second.cert, first.cert)] {
            try FileManager.default.removeItem(atPath: target)
            try FileManager.default.copyItem(atPath: source, toPath: target)
        }
        var isNew = false
        for _ in 0..<120 where !isNew {
            try await Task.sleep(for: .milliseconds(500))
            isNew = try curl(server, ca: second.ca, "BASE/healthz").hasSuffix("\n2 200")
        }
        #expect(isNew)
        #expect(server.logText.contains("a new certificate is in use"))
    }

    @Test("a certificate without its key, and files that are none, are refused at start")
    func unusable() throws {
        let folder = try TemporaryFolder()
        let alone = try RoostProcess.run(["serve", "--data", "\(folder.path)/data", "--port", "0", "--tls-cert", "a"])
        #expect(alone.status != 0)
        #expect(alone.errors.contains("tls_key must be given"))
        let none = try RoostProcess.run([
            "serve", "--data", "\(folder.path)/data", "--port", "0", "--tls-cert", "/etc/hostname", "--tls-key",
            "/etc/hostname",
        ])
        #expect(none.status != 0)
        #expect(none.errors.contains("no certificate"))
        let proxy = try RoostProcess.run([
            "serve", "--data", "\(folder.path)/data", "--port", "0", "--trusted-proxy", "example.org",
        ])
        #expect(proxy.status != 0)
        #expect(proxy.errors.contains("trusted_proxy"))
    }

    @Test(
        "`roost hosts` takes no text that a shell would act on", arguments: ["a b", "$(id)", "a;b", "`id`", "", "a'b"])
    func quoting(folder: String) throws {
        #expect(try RoostProcess.run(["hosts", "--folder", folder]).status != 0)
        #expect(try RoostProcess.run(["hosts", "--address", folder]).status != 0)
    }
}
