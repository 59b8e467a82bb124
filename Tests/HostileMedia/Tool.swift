package import Foundation

/// Programs that make and read test files.
package enum Tool {
    /// A program did not do what it should.
    package struct Failure: Error {
        package let text: String

        package init(text: String) { self.text = text }
    }

    /// Runs a program of `/usr/bin` and returns what it prints.
    @discardableResult
    package static func run(_ program: String, _ arguments: [String]) throws -> Data {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/\(program)")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        let text = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(text: "\(program): \(String(decoding: text, as: UTF8.self))")
        }
        return bytes
    }

    /// Makes a file with ffmpeg.
    ///
    /// - Parameters:
    ///   - name: decides the format.
    ///   - arguments: separated by spaces.
    ///   - input: goes before them, as a file with the same name.
    package static func ffmpeg(_ name: String, _ arguments: String, input: (name: String, bytes: [UInt8])? = nil) throws
        -> [UInt8]
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("roost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appendingPathComponent(name)
        var line = ["-v", "error", "-nostdin", "-y"]
        if let input {
            let file = folder.appendingPathComponent("in-\(input.name)")
            try Data(input.bytes).write(to: file)
            line += ["-i", file.path]
        }
        try run("ffmpeg", line + arguments.split(separator: " ").map(String.init) + [output.path])
        return Array(try Data(contentsOf: output))
    }

    /// The first frame of a file as packed RGB, as ffmpeg sees it without turning it.
    package static func pixels(of file: String) throws -> [UInt8] {
        Array(
            try run(
                "ffmpeg",
                [
                    "-v", "error", "-noautorotate", "-i", file, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24",
                    "-",
                ])
        )
    }
}
