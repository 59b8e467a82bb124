import HTTPTypes
import Hummingbird
import NIOCore

/// Routes for those who run the server: `/healthz`, `/readyz`, `/metrics`.
struct OperatorRoutes: Sendable {
    let readiness: [ReadinessCheck]
    let metrics: PrometheusRegistry

    func add(to router: Router<RoostContext>) {
        router.get("healthz") { _, _ in try Response.json(Health(status: "ok")) }
        router.get("readyz") { _, _ in try await ready() }
        router.get("metrics") { _, context in
            Response(
                status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: await metrics.exposition(logger: context.logger))))
        }
    }

    private func ready() async throws -> Response {
        var checks: [Health.Check] = []
        for item in readiness {
            let missing = await item.check()
            checks.append(Health.Check(name: item.name, status: missing == nil ? "ok" : "missing", detail: missing))
        }
        let isReady = checks.allSatisfy { $0.detail == nil }
        return try .json(
            Health(status: isReady ? "ready" : "not ready", checks: checks), status: isReady ? .ok : .serviceUnavailable
        )
    }
}

/// The body of `/healthz` and `/readyz`.
private struct Health: Encodable {
    struct Check: Encodable {
        let name: String
        let status: String
        let detail: String?
    }

    let status: String
    var checks: [Check]?
}
