/// One thing that must be in order before the server can do its work.
package struct ReadinessCheck: Sendable {
    /// What is checked: `catalog`, `blobs`, `sandbox`.
    let name: String
    let check: @Sendable () async -> String?

    /// Makes a check; `check` returns soon, and says what is missing, or nil when all is well.
    package init(_ name: String, check: @escaping @Sendable () async -> String?) {
        self.name = name
        self.check = check
    }
}
