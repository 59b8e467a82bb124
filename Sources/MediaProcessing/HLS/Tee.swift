/// The language of ffmpeg's tee muxer, which gives encoded frames to several files
/// (https://ffmpeg.org/ffmpeg-formats.html#tee).
enum Tee {
    /// Characters that mean something in it.
    private static let special: Set<Character> = ["\\", "'", "|", ":", "[", "]", " "]

    /// Returns a text that stands for itself: as a file's name, or within ``options(_:)``.
    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { escaped, character in
            if special.contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
    }

    /// Returns options of a command line (`-name value …`) as those of one file.
    ///
    /// A value is read twice: as a part of the whole, then as one of the options.
    static func options(_ line: [String]) -> String {
        var options: [String] = []
        for index in stride(from: 0, to: line.count - 1, by: 2) {
            options.append("\(line[index].dropFirst())=\(escaped(escaped(line[index + 1])))")
        }
        return options.joined(separator: ":")
    }
}
