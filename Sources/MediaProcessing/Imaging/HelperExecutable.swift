package import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where Roost's own helper programs are.
package enum HelperExecutable: String, Sendable {
    /// The warm image helper. `ROOST_IMAGING` overrides its path.
    case imaging = "roost-imaging"
    /// The sandbox launcher. `ROOST_SANDBOX` is `serve`'s own option, hence `ROOST_LAUNCHER`.
    case sandbox = "roost-sandbox"

    /// The environment variable that overrides the path.
    package var environmentVariable: String {
        switch self {
        case .imaging: "ROOST_IMAGING"
        case .sandbox: "ROOST_LAUNCHER"
        }
    }

    /// The program's path: what the environment says, else beside the running executable.
    ///
    /// nil when the running executable cannot be found out.
    package func path(environment: [String: String]) -> FilePath? {
        if let path = environment[environmentVariable], !path.isEmpty {
            return FilePath(path)
        }
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count)
        guard length > 0, length < buffer.count else { return nil }
        let executable = FilePath(String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self))
        return executable.removingLastComponent().appending(rawValue)
    }
}
