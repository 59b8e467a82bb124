import Foundation

/// What commands print for people or for programs.
enum Output {
    /// A value in JSON on one line, members in alphabetical order.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Prints names and values: one line each, or one JSON object.
    static func show(_ pairs: [(name: String, value: String)], asJSON: Bool) throws {
        guard !asJSON else {
            print(try json(Dictionary(uniqueKeysWithValues: pairs.map { ($0.name, $0.value) })))
            return
        }
        let width = pairs.map(\.name.count).max() ?? 0
        for (name, value) in pairs {
            print(name.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + value)
        }
    }
}
