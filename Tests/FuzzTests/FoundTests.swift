import FuzzSupport
import Testing

/// Inputs that once failed, by what they showed.
@Suite("Found by fuzzing")
struct FoundTests {
    static let found: [(target: String, name: String, input: [UInt8])] = [
        (
            "image-header", "a JPEG of 247 bits a sample",
            [0, 0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 247, 0, 48, 0, 64, 1, 1, 0x11, 0]
        ),
        ("schema", "a fraction that a double rounds to a whole number", Array("92233720368523370.52036".utf8)),
    ]

    @Test("has the properties now", arguments: found)
    func regression(target: String, name: String, input: [UInt8]) throws {
        let target = try #require(FuzzTarget.all.first { $0.name == target })
        try target.check(input)
    }
}
