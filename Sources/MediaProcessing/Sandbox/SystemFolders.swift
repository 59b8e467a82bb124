import FoundationEssentials

/// The folders that programs of the system need: `/usr`, and those at the root that older layouts keep beside it.
struct SystemFolders: Sendable, Equatable {
    /// Real folders, to be shown read-only.
    var folders: [String]
    /// Symbolic links (path and destination), `/lib` → `usr/lib` for example.
    var links: [Link]

    /// A symbolic link.
    struct Link: Sendable, Equatable {
        var path: String
        var destination: String
    }

    /// Looks at this machine.
    ///
    /// Blocks for some file lookups; called once at start.
    static func find() -> SystemFolders {
        var found = SystemFolders(folders: ["/usr"], links: [])
        let files = FileManager.default
        for path in ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives"] {
            if let destination = try? files.destinationOfSymbolicLink(atPath: path) {
                found.links.append(Link(path: path, destination: destination))
            } else if files.fileExists(atPath: path) {
                found.folders.append(path)
            }
        }
        return found
    }

    /// Whether a path lies in one of the folders.
    func contains(_ path: String) -> Bool { folders.contains { path.hasPrefix($0 + "/") } }
}
