/// How much a `MultipartParser` reads of everything that is not content.
///
/// Content itself is not limited here: it is handed on as it arrives and never kept.
package struct MultipartLimits: Equatable, Sendable {
    /// The most parts that a body may have.
    package var parts: Int
    /// The most bytes from the end of a boundary to the content of its part, line ends included.
    package var headerBytes: Int
    /// The most header lines of one part.
    package var headers: Int
    /// The most bytes before the first boundary (RFC 2046 §5.1.1: "preamble", to be ignored).
    package var preambleBytes: Int
    /// The most bytes after the close delimiter (RFC 2046 §5.1.1: "epilogue", to be ignored).
    package var epilogueBytes: Int

    /// Makes limits; the defaults fit a form of a few fields and one file.
    ///
    /// - Parameters:
    ///   - parts: The most parts of a body.
    ///   - headerBytes: The most bytes of one part's header.
    ///   - headers: The most header lines of one part.
    ///   - preambleBytes: The most bytes before the first boundary.
    ///   - epilogueBytes: The most bytes after the close delimiter.
    package init(
        parts: Int = 32, headerBytes: Int = 8192, headers: Int = 16, preambleBytes: Int = 1024,
        epilogueBytes: Int = 1024
    ) {
        self.parts = parts
        self.headerBytes = headerBytes
        self.headers = headers
        self.preambleBytes = preambleBytes
        self.epilogueBytes = epilogueBytes
    }
}
