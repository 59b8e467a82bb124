import Foundation

/// Looking for what lies around.
extension Campaign {
    /// Waits until every file is one that it should be, and every row has its bytes.
    ///
    /// What a kill left is erased in the background, so it may be seen for a while.
    /// - Returns: what is still different in the end.
    package func audit() async throws -> [String] {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            var differences = FileAudit(data: data).differences(from: clients.flatMap(\.uploads))
            let verified = try RoostProcess.run(["verify", "--data", data])
            if verified.status != 0 { differences.append("roost verify: \(verified.output) \(verified.errors)") }
            // These do not come right by waiting.
            let isLost = verified.output.contains("missing ") || verified.output.contains("damaged ")
            if differences.isEmpty || isLost || ContinuousClock.now > deadline { return differences }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}

extension Collection<Duration> {
    /// The one in the middle; nil when there is none.
    package var median: Duration? {
        let sorted = sorted()
        return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }
}
