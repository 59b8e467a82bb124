#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension LineLog {
    /// A handler that writes to standard error, each line in one call, so that lines of several threads do not mix.
    package static func standardError(label: String) -> LineLog {
        LineLog(label: label) { line in
            var line = line
            line.withUTF8 { bytes in
                var rest = UnsafeRawBufferPointer(bytes)
                while let start = rest.baseAddress, !rest.isEmpty {
                    let count = write(STDERR_FILENO, start, rest.count)
                    if count < 0, errno == EINTR { continue }
                    // Nobody is left to be told that the log cannot be written.
                    guard count > 0 else { return }
                    rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                }
            }
        }
    }
}
