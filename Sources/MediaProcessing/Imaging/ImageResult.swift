/// What became of an image.
package struct ImageResult: Sendable, Equatable {
    /// One written output.
    package struct Rendition: Sendable, Equatable {
        /// Pixels.
        package var width: Int
        /// Pixels.
        package var height: Int

        /// Creates the description of an output.
        package init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// Pixels of the upright original.
    package var width: Int
    /// Pixels of the upright original.
    package var height: Int
    /// The placeholder, a BlurHash (https://blurha.sh).
    package var blurHash: String
    /// The outputs, in the order of the request.
    package var renditions: [Rendition]

    /// Creates a result.
    package init(width: Int, height: Int, blurHash: String, renditions: [Rendition]) {
        self.width = width
        self.height = height
        self.blurHash = blurHash
        self.renditions = renditions
    }
}

extension ImageResult {
    /// Reads the answer of `roost-imaging` (`protocol.h`).
    ///
    /// - Throws: The failure that the answer reports, or ``ImagingError/internalFault(_:)`` when it is not of the form
    ///   described: a helper whose decoder was taken over may say anything.
    init(answer: String, to request: ImageRequest) throws(ImagingError) {
        let lines = answer.split(separator: "\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ")
        if words.first == "error", words.count >= 2 {
            throw ImagingError(code: words[1], message: words.dropFirst(2).joined(separator: " "))
        }
        guard words.count == 4, words[0] == "ok",
            let width = Self.size(words[1]), let height = Self.size(words[2]),
            words[3].utf8.count <= 31,
            lines.count == request.renditions.count + 2, lines.last == ""
        else {
            throw .internalFault("an answer of another form")
        }
        var renditions: [Rendition] = []
        for (line, asked) in zip(lines.dropFirst(), request.renditions) {
            let words = line.split(separator: " ")
            guard words.count == 4, words[0] == "rendition",
                let width = Self.size(words[1]), let height = Self.size(words[2]), Self.size(words[3]) != nil,
                width <= asked.maxWidth, height <= asked.maxHeight
            else {
                throw .internalFault("an answer of another form")
            }
            renditions.append(Rendition(width: width, height: height))
        }
        self.init(width: width, height: height, blurHash: String(words[3]), renditions: renditions)
    }

    private static func size(_ word: Substring) -> Int? {
        guard let value = Int(word), value > 0 else { return nil }
        return value
    }
}
