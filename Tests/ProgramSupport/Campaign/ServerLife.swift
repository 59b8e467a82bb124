import AsyncHTTPClient
import Foundation
import NIOCore
import Synchronization

/// One run of the server, from its start to its end by kill -9.
package final class ServerLife: Sendable {
    /// Speaks to it; its connections end with it.
    package let api: APIClient
    private let http: HTTPClient
    private let pid: Int32
    private let acknowledged = Atomic<Int>(0)
    private let unanswered = Atomic<Int>(0)
    private let over = Atomic<Bool>(false)

    /// Takes a server that was just started.
    package init(_ server: RoostProcess, token: String) {
        http = HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup)
        var api = APIClient(url: server.url, token: token, client: http)
        api.timeout = .seconds(30)
        self.api = api
        pid = server.pid
    }

    /// Whether it was killed: a request that fails now is one of which nobody knows whether it happened.
    package var isOver: Bool { over.load(ordering: .sequentiallyConsistent) }

    /// How many requests it has answered.
    package var answers: Int { acknowledged.load(ordering: .relaxed) }

    /// How many requests it was killed in.
    package var interrupted: Int { unanswered.load(ordering: .relaxed) }

    /// Sends a request.
    ///
    /// - Returns: the answer; nil when the server was killed before it came.
    /// - Throws: why there is no answer although the server lives.
    package func ask(_ request: (APIClient) async throws -> APIClient.Answer) async throws -> APIClient.Answer? {
        if isOver { return nil }
        do {
            let answer = try await request(api)
            acknowledged.add(1, ordering: .relaxed)
            return answer
        } catch {
            guard isOver else { throw error }
            unanswered.add(1, ordering: .relaxed)
            return nil
        }
    }

    /// Kills it; what waits for an answer learns that none will come.
    package func kill() async {
        over.store(true, ordering: .sequentiallyConsistent)
        Foundation.kill(pid, SIGKILL)
        await end()
    }

    /// Closes the connections.
    package func end() async {
        // Answers that were on their way arrive: they are acknowledgements too.
        try? await Task.sleep(for: .milliseconds(20))
        try? await http.shutdown()
    }
}
