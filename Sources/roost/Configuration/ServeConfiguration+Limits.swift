import Configuration
import MediaCore
import MediaRules

/// Where rate limits begin.
private enum RateLimitBase: String, CaseIterable {
    /// Nothing is limited but what is set.
    case off
    /// X's limits, but what is set.
    case x
}

extension ConfigReader {
    /// The base, and single limits: `{"rate_limit": {"create_post": {"user": "100/900"}}}`.
    func rateLimits() throws -> RateLimits {
        var limits: RateLimits =
            switch try choice("rate_limits", default: RateLimitBase.off) {
            case .off: .off
            case .x: .x
            }
        for key in RateLimits.keys {
            guard let text = string(forKey: ConfigKey("rate_limit.\(key)")) else { continue }
            do {
                try limits.override(key, with: text)
            } catch {
                throw ServeConfiguration.Invalid(key: "rate_limit.\(key)", value: text, expected: "\(error)")
            }
        }
        return limits
    }

    /// What one user may have; 0 stands for no limit.
    ///
    /// Bytes and open uploads have none unless they are set. The share of the queue has one: half of the queue, so that
    /// one user can never fill it.
    func quota(jobQueueLimit: Int) throws -> UserQuota {
        let bytes: Int64 = try number("quota_bytes", default: 0, in: 0...Int64.max)
        let openUploads = try number("quota_open_uploads", default: 0, in: 0...1_000_000)
        let waitingJobs = try number("quota_waiting_jobs", default: (jobQueueLimit + 1) / 2, in: 0...1_000_000)
        return UserQuota(
            bytes: bytes == 0 ? nil : bytes, openUploads: openUploads == 0 ? nil : openUploads,
            waitingJobs: waitingJobs == 0 ? nil : waitingJobs)
    }
}
