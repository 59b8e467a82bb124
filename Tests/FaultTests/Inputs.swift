import Foundation
import ProgramSupport

/// Small files that comply with every rule, so that a whole flow takes a second.
enum Inputs {
    static let photo = Result { try make("photo.jpg", "-f lavfi -i testsrc2=size=64x48 -frames:v 1 -q:v 2") }

    static let video = Result {
        try make(
            "video.mp4",
            "-f lavfi -i testsrc2=size=160x90:rate=24:duration=1 -f lavfi -i sine=duration=1 -c:v libx264 -preset veryfast -pix_fmt yuv420p -c:a aac -shortest"
        )
    }

    /// Takes seconds to convert, so that a disk can fill up meanwhile.
    static let conversion = Result {
        try make(
            "conversion.mp4", "-f lavfi -i testsrc2=size=1280x720:rate=30:duration=8 -c:v mpeg4 -b:v 3M -tag:v mp4v")
    }

    private static func make(_ name: String, _ arguments: String) throws -> Data {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/ffmpeg")
        process.arguments = ["-v", "error"] + arguments.split(separator: " ").map(String.init)
        process.arguments?.append("\(folder.path)/\(name)")
        try process.run()
        process.waitUntilExit()
        return try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\(name)"))
    }
}
