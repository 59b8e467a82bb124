/// Something that reads bytes of strangers, and what must hold for all bytes.
///
/// The same functions are run by libFuzzer (`make fuzz`) and, on mutations that a seed repeats, by `FuzzTests`.
package struct FuzzTarget: Sendable, CustomStringConvertible {
    /// The name that `make fuzz` knows it by.
    package let name: String
    /// Inputs to begin with, made by code.
    package let seeds: [[UInt8]]
    /// Pieces that mean something in this format.
    package let tokens: [[UInt8]]
    /// Reads the bytes.
    ///
    /// Throws a ``FuzzFailure`` when a property does not hold; a trap, a hang and endless memory are failures too.
    package let check: @Sendable ([UInt8]) throws -> Void

    package var description: String { name }

    init(
        _ name: String, seeds: [[UInt8]], tokens: [String] = [], bytes: [[UInt8]] = [],
        check: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        self.name = name
        self.seeds = seeds
        self.tokens = tokens.map { Array($0.utf8) } + bytes
        self.check = check
    }

    /// All of them.
    package static let all: [FuzzTarget] = [
        .multipart, .multipartRoundTrip, .boundary, .jsonBody, .base64, .schema, .sniffer, .imageHeader, .mp4Header,
        .postText, .oauthHeader, .percentEncoding, .redirectURI,
    ]
}

/// A property that does not hold.
package struct FuzzFailure: Error, CustomStringConvertible {
    package let description: String
}

/// Throws when something that must hold does not.
func require(_ holds: Bool, _ what: @autoclosure () -> String) throws {
    if !holds { throw FuzzFailure(description: what()) }
}
