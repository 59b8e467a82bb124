package import Foundation

/// Files made by ffmpeg, once for all tests.
package enum Fixtures {
    /// Four seconds of 720p H.264 and AAC: complies with every rule.
    package static let video = make(
        "compliant.mp4",
        "-f lavfi -i testsrc2=size=1280x720:rate=30:duration=4 -f lavfi -i sine=duration=4 -c:v libx264 -preset veryfast -b:v 4M -pix_fmt yuv420p -c:a aac -shortest"
    )

    /// Half a second of a few pixels: complies, and takes little to process.
    package static let shortVideo = make(
        "short.mp4",
        "-f lavfi -i testsrc2=size=128x72:rate=25:duration=0.6 -c:v libx264 -preset veryfast -pix_fmt yuv420p")

    /// Twenty seconds of MPEG-4 part 2: has to be transcoded.
    package static let longConversion = make(
        "conversion.mp4", "-f lavfi -i testsrc2=size=1280x720:rate=30:duration=20 -c:v mpeg4 -b:v 6M -tag:v mp4v")

    /// A photo.
    package static let photo = make("photo.jpg", "-f lavfi -i testsrc2=size=1266x794 -frames:v 1 -q:v 2")

    private static func make(_ name: String, _ arguments: String) -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/ffmpeg")
        do {
            let folder = try TemporaryFolder()
            let path = "\(folder.path)/\(name)"
            process.arguments = ["-v", "error", "-y"] + arguments.split(separator: " ").map(String.init) + [path]
            try process.run()
            process.waitUntilExit()
            return try withExtendedLifetime(folder) { try Data(contentsOf: URL(fileURLWithPath: path)) }
        } catch {
            preconditionFailure("ffmpeg did not make \(name): \(error)")
        }
    }
}
