import Foundation
import ProgramSupport
import Testing

/// No request is seen that nobody made, whatever stands in front of the server.
@Suite("Request smuggling", .serialized, .timeLimit(.minutes(10)))
struct SmugglingTests {
    /// What the inner request would be counted as: no other GET here is without a route.
    private func seen(_ victim: Victim) throws -> Int {
        let socket = try Socket(port: victim.port)
        socket.send("GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let text = socket.receiveAll(quiet: 10_000).text
        try #require(text.contains("http_requests"))
        return text.split(separator: "\n").filter {
            $0.contains("http_requests") && $0.contains(#"method="GET""#) && $0.contains(#"route="unmatched""#)
                && !$0.hasPrefix("#")
        }
        .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0) { $0 + Int($1) }
    }

    /// Sends vectors on a connection each, all at once, in one piece or cut; returns what came back.
    @discardableResult
    private func send(_ vectors: [SmugglingVector], to port: Int, cutAt cut: Int? = nil) throws -> [String] {
        let sockets = try vectors.map { _ in try Socket(port: port) }
        for (socket, vector) in zip(sockets, vectors) { socket.send(Array(vector.bytes.prefix(cut ?? Int.max))) }
        if let cut {
            usleep(200_000)
            for (socket, vector) in zip(sockets, vectors) {
                socket.send(Array(vector.bytes.dropFirst(cut)), waits: false)
            }
        }
        // What would complete an inner request that a reader has begun to read.
        usleep(300_000)
        for socket in sockets { socket.send("\r\n\r\n", waits: false) }
        usleep(500_000)
        return sockets.map { $0.receiveAll(quiet: 1).text }
    }

    @Test("a vector's inner request is seen when it is sent as a request: the count counts")
    func control() throws {
        let victim = try Victim()
        let socket = try Socket(port: victim.port)
        socket.send("POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n" + SmugglingVector.inner)
        #expect(socket.receiveAll(quiet: 500).text.contains("HTTP/1.1 404 "))
        #expect(try seen(victim) == 1)
    }

    @Test("directly, in one piece and cut behind each place", arguments: [nil, 60, 100, 130])
    func direct(cut: Int?) throws {
        let victim = try Victim()
        let answers = try send(SmugglingVector.all, to: victim.port, cutAt: cut)
        for (vector, answer) in zip(SmugglingVector.all, answers) {
            #expect(!answer.contains("/smuggled]"), "\(vector.name): \(answer)")
        }
        #expect(try seen(victim) == 0)
    }

    @Test("behind nginx: Roost sees no request that nginx did not pass on, and answers go to whom they belong")
    func behindNginx() throws {
        let victim = try Victim()
        let nginx = try NginxProcess(upstream: victim.port)
        for port in [nginx.streamingPort, nginx.bufferingPort] {
            for cut in [nil, 100] {
                try send(SmugglingVector.all, to: port, cutAt: cut)
                let (found, passed) = (try seen(victim), nginx.passedOn("/smuggled"))
                if found > passed { try name(port, victim, nginx, cut) }
                #expect(found <= passed, "Roost saw \(found), nginx passed on \(passed)")
                try checkAnswers(port)
            }
        }
        print("attack: \(SmugglingVector.all.count) smuggling vectors; nginx passed on \(nginx.passedOn("/")) requests")
        #expect(nginx.passedOn("/2/media/upload/initialize") > 0)
    }

    private func name(_ port: Int, _ victim: Victim, _ nginx: NginxProcess, _ cut: Int?) throws {
        for vector in SmugglingVector.all {
            let (found, passed) = (try seen(victim), nginx.passedOn("/smuggled"))
            try send([vector], to: port, cutAt: cut)
            #expect(try seen(victim) - found <= nginx.passedOn("/smuggled") - passed, "\(vector.name)")
        }
    }

    /// Somebody else's requests over the same connections between nginx and Roost get their own answers.
    private func checkAnswers(_ port: Int) throws {
        for _ in 0..<10 {
            let socket = try Socket(port: port)
            socket.send("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            let answer = socket.receiveAll(quiet: 10_000).text
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.contains(#""status":"ok""#), "\(answer)")
        }
    }
}
