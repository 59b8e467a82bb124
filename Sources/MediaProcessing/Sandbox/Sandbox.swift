/// The walls around decoders, as this machine can build them.
package struct Sandbox: Sendable, CustomStringConvertible {
    /// What the walls are made of.
    package enum Kind: Sendable, Equatable {
        /// Namespaces: the decoder sees `/usr`, its input and its output folder, no network, no other process.
        case bubblewrap
        /// Landlock: the same files within the server's namespaces.
        case landlock
        /// Resource limits only.
        case off
    }

    /// What the walls are made of.
    package let kind: Kind
    let tools: ToolPaths
    let system: SystemFolders

    /// One line for the log at start.
    package var description: String {
        switch kind {
        case .bubblewrap: "sandbox: bubblewrap (namespaces) with seccomp and resource limits"
        case .landlock: "sandbox: Landlock with seccomp and resource limits; namespaces are not available here"
        case .off: "sandbox: off, decoders run with the server's rights and resource limits only"
        }
    }

    /// The paths by which a decoder names its files.
    struct Inside: Sendable, Equatable {
        /// The original.
        var input: String
        /// The output folder.
        var output: String
    }

    /// Returns how a decoder inside names these files.
    func inside(input: String, output: String) -> Inside {
        switch kind {
        case .bubblewrap: Inside(input: "/in/media", output: "/out")
        case .landlock, .off: Inside(input: input, output: output)
        }
    }
}

/// A program to run in the sandbox.
struct DecoderCommand: Sendable {
    /// Its path outside.
    var program: String
    /// Its arguments, with the paths of ``Sandbox/inside(input:output:)``.
    var arguments: [String]
    /// The one file that it may read by name, besides the system's; nil when it reads none.
    var input: String?
    /// The one folder that it may write; nil when it writes none.
    var output: String?
    /// What it may use.
    var limits: DecoderLimits
}
