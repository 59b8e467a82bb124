import CoreMetrics
import Logging
import Metrics
import Testing

@testable import MediaHTTP

@Suite("Prometheus' text format 0.0.4")
struct PrometheusTests {
    private let registry = PrometheusRegistry()
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test(
        "Names keep only what the format allows",
        arguments: [
            ("http.requests", "http_requests"), ("a-b c", "a_b_c"), ("9lives", "_9lives"), ("a:b", "a:b"), ("", "_"),
            ("größe", "gr__e"),
        ])
    func names(label: String, name: String) { #expect(PrometheusText.metricName(label) == name) }

    @Test("A label's value is escaped, its name has no colon")
    func labels() {
        #expect(PrometheusText.labels([("a:b", "x\"y\\z\nü")]) == #"{a_b="x\"y\\z\nü"}"#)
        #expect(PrometheusText.labels([]) == "")
    }

    @Test("Numbers", arguments: [(1.0, "1"), (0.25, "0.25"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN")])
    func numbers(value: Double, text: String) { #expect(PrometheusText.number(value) == text) }

    @Test("Counters end in _total once, and labels have one order")
    func counters() async {
        Counter(label: "requests", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment(by: 2)
        Counter(label: "requests_total", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment()
        FloatingPointCounter(label: "seconds", factory: registry).increment(by: 0.5)
        #expect(
            await registry.exposition(logger: logger) == """
                # TYPE requests_total counter
                requests_total{a="1",b="2"} 3
                # TYPE seconds_total counter
                seconds_total 0.5

                """)
    }

    @Test("Timers are cumulative histograms in seconds")
    func timers() async {
        let timer = Timer(label: "job", factory: registry)
        timer.recordNanoseconds(1_000_000)
        timer.recordSeconds(7)
        timer.recordSeconds(1000)
        let text = await registry.exposition(logger: logger)
        #expect(text.hasPrefix("# TYPE job_seconds histogram\njob_seconds_bucket{le=\"0.001\"} 1\n"))
        #expect(text.contains("job_seconds_bucket{le=\"5\"} 1\njob_seconds_bucket{le=\"10\"} 2\n"))
        #expect(text.contains("job_seconds_bucket{le=\"300\"} 2\njob_seconds_bucket{le=\"+Inf\"} 3\n"))
        #expect(text.hasSuffix("job_seconds_sum 1007.001\njob_seconds_count 3\n"))
    }

    @Test("Meters and recorders that do not aggregate are gauges")
    func gauges() async {
        let meter = Meter(label: "open", factory: registry)
        meter.set(5)
        meter.increment(by: 2)
        meter.decrement()
        Gauge(label: "depth", factory: registry).record(1.5)
        #expect(
            await registry.exposition(logger: logger)
                == "# TYPE depth gauge\ndepth 1.5\n# TYPE open gauge\nopen 6\n")
    }

    @Test("A name that has a type keeps it")
    func conflict() async {
        Counter(label: "a_total", factory: registry).increment()
        Meter(label: "a_total", factory: registry).set(9)
        #expect(await registry.exposition(logger: logger) == "# TYPE a_total counter\na_total 1\n")
    }

    @Test("Label combinations beyond the limit are counted together")
    func cardinality() async {
        for index in 0..<(PrometheusRegistry.seriesLimit + 500) {
            Counter(label: "a", dimensions: [("id", "\(index)")], factory: registry).increment()
        }
        let lines = await registry.exposition(logger: logger).split(separator: "\n")
        #expect(lines.count == 1 + PrometheusRegistry.seriesLimit + 1)
        #expect(lines.contains("a_total{overflow=\"true\"} 500"))
    }

    @Test("Gauges are computed when somebody looks; one that fails is left out")
    func questions() async {
        struct Down: Error {}
        registry.gauge("jobs", help: "Jobs by state.\nAll of them") {
            [.init(2, labels: [("state", "pending")]), .init(0, labels: [("state", "failed")])]
        }
        registry.gauge("broken", help: "") { throw Down() }
        #expect(
            await registry.exposition(logger: logger) == """
                # HELP jobs Jobs by state.\\nAll of them
                # TYPE jobs gauge
                jobs{state="pending"} 2
                jobs{state="failed"} 0

                """)
    }

    @Test("Counting from many tasks loses nothing")
    func concurrency() async {
        let registry = registry
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 { Counter(label: "a", factory: registry).increment() }
                }
            }
        }
        #expect(await registry.exposition(logger: logger) == "# TYPE a_total counter\na_total 8000\n")
    }
}

@Suite("Routes for operators", .timeLimit(.minutes(1)))
struct OperatorRoutesTests {
    @Test("/metrics counts by route pattern, never by path")
    func metrics() async throws {
        try await TestServer.run { server in
            for id in 1...3 { _ = try await server.request("GET", "/items/\(id)") }
            _ = try await server.request("POST", "/read", body: "12345")
            for path in ["/a", "/b"] { _ = try await server.request("GET", path) }
            let answer = try await server.request("GET", "/metrics")
            #expect(answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(
                answer.body.contains("http_requests_total{method=\"GET\",route=\"/items/{id}\",status=\"200\"} 3\n"))
            #expect(answer.body.contains("http_requests_total{method=\"GET\",route=\"unmatched\",status=\"404\"} 2\n"))
            #expect(answer.body.contains("http_request_body_bytes_total{method=\"POST\",route=\"/read\"} 5\n"))
            #expect(
                answer.body.contains("http_request_duration_seconds_count{method=\"GET\",route=\"/items/{id}\"} 3\n"))
        }
    }

    @Test("/readyz names what is missing; /healthz does not care")
    func readiness() async throws {
        let checks = [ReadinessCheck("catalog") { nil }, ReadinessCheck("sandbox") { "bwrap is not installed" }]
        try await TestServer.run(readiness: checks) { server in
            let answer = try await server.request("GET", "/readyz")
            #expect(answer.status == 503)
            #expect(
                answer.body
                    == #"{"checks":[{"name":"catalog","status":"ok"},{"detail":"bwrap is not installed","name":"sandbox","status":"missing"}],"status":"not ready"}"#
            )
            #expect(try await server.request("GET", "/healthz").body == #"{"status":"ok"}"#)
        }
        try await TestServer.run(readiness: [checks[0]]) { server in
            let answer = try await server.request("GET", "/readyz")
            #expect(answer.status == 200)
        }
    }
}
