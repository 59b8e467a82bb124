import Metrics
import Synchronization

/// Counts requests by method, route pattern and status.
///
/// Every label has few values: methods are those that the decoder knows, routes are patterns.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Handles {
        let requests: Counter
        let duration: Timer
        let bytes: Counter
    }

    private let factory: any MetricsFactory
    private let handles = Mutex<[Key: Handles]>([:])

    init(factory: any MetricsFactory) { self.factory = factory }

    func record(method: String, route: String, status: Int, duration: Duration, bytesReceived: Int) {
        let handles = handles(for: Key(method: method, route: route, status: status))
        handles.requests.increment()
        handles.duration.record(duration: duration)
        if bytesReceived > 0 { handles.bytes.increment(by: bytesReceived) }
    }

    private func handles(for key: Key) -> Handles {
        handles.withLock { known in
            if let handles = known[key] { return handles }
            let route = [("method", key.method), ("route", key.route)]
            let made = Handles(
                requests: Counter(
                    label: "http_requests", dimensions: route + [("status", String(key.status))], factory: factory),
                duration: Timer(label: "http_request_duration", dimensions: route, factory: factory),
                bytes: Counter(label: "http_request_body_bytes", dimensions: route, factory: factory))
            known[key] = made
            return made
        }
    }
}
