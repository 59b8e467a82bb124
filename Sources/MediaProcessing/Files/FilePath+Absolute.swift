import FoundationEssentials
package import SystemPackage

extension FilePath {
    /// A path as it is from the current folder, without `.` and `..` as far as that can be told from the text.
    package static func absolute(_ path: String) -> String {
        FilePath(FileManager.default.currentDirectoryPath).pushing(FilePath(path)).lexicallyNormalized().string
    }
}
