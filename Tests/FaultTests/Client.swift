import Foundation
import NIOCore
import NIOHTTP1
import ProgramSupport
import XMedia

/// Sends requests that may be refused because a call failed, and sends them again.
///
/// The only refusals it takes are 503 and 507 with a problem document: the server must know what happened to it.
final class Client {
    let api: APIClient
    /// What was refused, as "request: status detail".
    private(set) var refusals: [String] = []
    /// How long a refused request is repeated, from its first refusal on; zero where the cause is gone after it struck once.
    ///
    /// Not from its beginning: on a busy machine a request may take longer than that before it is refused.
    let patience: Duration
    /// Asked before a repetition; the cause may have to be taken away first.
    let onRefusal: () -> Void

    init(_ api: APIClient, patience: Duration = .zero, onRefusal: @escaping () -> Void = {}) {
        var api = api
        // Finalize waits for an image for up to 20 s.
        api.timeout = .seconds(40)
        self.api = api
        self.patience = patience
        self.onRefusal = onRefusal
    }

    /// Sends until it is accepted; a refusal without a problem document, or one too many, is a failure.
    ///
    /// - Parameter mayBeCut: whether an answer that ends too early is a refusal: once a file's length is sent, cutting the
    ///   connection is all that a server can do.
    @discardableResult
    func send(
        _ what: String, expecting status: Int = 200, mayBeCut: Bool = false,
        _ request: (APIClient) async throws -> APIClient.Answer
    ) async throws -> APIClient.Answer {
        var deadline: ContinuousClock.Instant?
        var isLast = false
        while true {
            let answer: APIClient.Answer
            do {
                answer = try await request(api)
            } catch  where mayBeCut && refusals.last != "\(what): cut" {
                refusals.append("\(what): cut")
                continue
            }
            if answer.status == status { return answer }
            refusals.append("\(what): \(answer.status)")
            guard [503, 507].contains(answer.status), !isLast else {
                throw RoostProcess.Failure(description: "\(what) was answered \(answer.status): \(answer.text)")
            }
            try Self.checkProblem(answer, what)
            onRefusal()
            // Once more after the deadline, so that there is always a repetition.
            let end = deadline ?? .now + patience
            deadline = end
            isLast = ContinuousClock.now >= end
            if !isLast { try await Task.sleep(for: .milliseconds(100)) }
        }
    }

    private static func checkProblem(_ answer: APIClient.Answer, _ what: String) throws {
        let type = answer.headers.first(name: "content-type") ?? ""
        guard type.hasPrefix("application/problem+json"), let problem = try? answer.json(Problem.self),
            problem.status == answer.status, !problem.title.isEmpty, !problem.detail.isEmpty
        else {
            throw RoostProcess.Failure(description: "\(what) was refused without a problem: \(type) \(answer.text)")
        }
    }
}
