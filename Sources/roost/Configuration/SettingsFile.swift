import Foundation
import MediaRules
import XMedia

/// The file that `--config` names.
enum SettingsFile {
    /// The keys beside `limits` and `rate_limit`, which are those of the options and of the environment.
    static let keys: Set<String> = [
        "command_form", "cors_origin", "data", "durability", "external_url", "free_space_reserve_bytes", "host",
        "job_queue_limit", "limits", "log_level", "media_lifetime_seconds", "port", "profile", "quota_bytes",
        "quota_open_uploads", "quota_waiting_jobs", "rate_limit", "rate_limits", "sandbox", "tls_cert",
        "tls_key", "trusted_proxy", "upload_lifetime_seconds",
    ]

    /// Refuses keys that mean nothing: a mistyped limit must not be a limit that is not in force.
    ///
    /// - Throws: ``CommandFailure`` naming the key, or that the file is no JSON object.
    static func checkKeys(at path: String) throws {
        let value: JSONValue
        do {
            value = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw CommandFailure("\(path) cannot be read as JSON: \(error.localizedDescription)")
        }
        guard case .object(let members) = value else { throw CommandFailure("\(path) holds no JSON object") }
        if let unknown = members.keys.sorted().first(where: { !keys.contains($0) }) {
            throw CommandFailure(
                "\(path): there is no setting \(unknown); there are \(keys.sorted().joined(separator: ", "))")
        }
        for (group, known) in [("limits", RuleBook.keys), ("rate_limit", RateLimits.keys)] {
            guard let limits = members[group] else { continue }
            if let unknown = leaves(of: limits, prefix: "").sorted().first(where: { !known.contains($0) }) {
                throw CommandFailure(
                    "\(path): there is no limit \(unknown); there are \(known.sorted().joined(separator: ", "))")
            }
        }
    }

    private static func leaves(of value: JSONValue, prefix: String) -> [String] {
        guard case .object(let members) = value else { return [prefix] }
        return members.flatMap { leaves(of: $1, prefix: prefix.isEmpty ? $0 : "\(prefix).\($0)") }
    }
}
