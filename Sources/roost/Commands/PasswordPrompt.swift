import Foundation

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Reads a password: from a terminal without showing it and twice, otherwise the first line of standard input.
///
/// Never from the command line, which every user of the machine can read.
enum PasswordPrompt {
    /// - Throws: ``CommandFailure`` when there is none, or the two differ.
    static func read(for username: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(strippingNewline: true), !line.isEmpty else {
                throw CommandFailure("There is no password on standard input")
            }
            return line
        }
        let password = try ask("Password for \(username): ")
        guard try ask("The same again: ") == password else { throw CommandFailure("They differ") }
        return password
    }

    private static func ask(_ question: String) throws -> String {
        FileHandle.standardError.write(Data(question.utf8))
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { throw CommandFailure("The terminal cannot be asked") }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        return readLine(strippingNewline: true) ?? ""
    }
}
