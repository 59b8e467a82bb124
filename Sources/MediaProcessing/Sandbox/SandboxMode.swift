/// What `--sandbox` asks for.
package enum SandboxMode: String, Sendable, CaseIterable {
    /// Bubblewrap; where namespaces are forbidden, Landlock; where neither works, no start.
    case auto
    /// Bubblewrap, or no start.
    case required
    /// Resource limits only; decoders run with the server's rights. For machines without other users' files.
    case off
}

/// Why the server cannot start with the sandbox asked for.
package struct SandboxUnavailable: Error, Sendable, CustomStringConvertible {
    /// One line: what was tried and what it said.
    package let description: String
}
