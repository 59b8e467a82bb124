/// The shape of a request's JSON, as data, so that server, client and command line judge by the same table.
///
/// Only what X's OpenAPI document uses: types, ranges, enumerations, patterns of digits, closed objects.
public indirect enum Schema: Sendable {
    /// A string of a length in characters, one of some values, or made of digits.
    case string(StringRule = .any)
    /// A whole number within a range. The same in a string of digits is accepted where forms are.
    case integer(ClosedRange<Int64> = Int64.min...Int64.max)
    /// Any number.
    case number
    /// true or false.
    case boolean
    /// A list with a permitted number of items.
    case array(of: Schema, count: ClosedRange<Int> = 0...Int.max)
    /// An object; closed ones refuse members that are not listed (`additionalProperties: false`).
    case object([Member], closed: Bool = true)

    /// What a string may hold.
    public enum StringRule: Sendable {
        /// Any text.
        case any
        /// A number of characters within a range.
        case length(ClosedRange<Int>)
        /// One of these.
        case oneOf([String])
        /// An id, `^[0-9]{1,19}$`.
        case id
        /// Exactly this many ASCII letters.
        case letters(Int)
    }

    /// A member of an object.
    public struct Member: Sendable {
        /// The name on the wire.
        public let name: String
        /// The shape of its value.
        public let schema: Schema
        /// Whether it must be there.
        public let isRequired: Bool

        /// An optional member.
        public static func optional(_ name: String, _ schema: Schema) -> Member {
            Member(name: name, schema: schema, isRequired: false)
        }

        /// A member that must be there.
        public static func required(_ name: String, _ schema: Schema) -> Member {
            Member(name: name, schema: schema, isRequired: true)
        }
    }
}

/// A place where a request departs from its ``Schema``.
public struct SchemaViolation: Hashable, Sendable {
    /// The path of the member, `media.media_ids` for example; empty for the body itself.
    public let path: String
    /// The value found, as X writes it into `parameters`; nil when a member is missing.
    public let value: String?
    /// What is wrong, with what would be accepted.
    public let message: String

    /// Makes a violation.
    public init(path: String, value: String?, message: String) {
        self.path = path
        self.value = value
        self.message = message
    }
}

extension Schema {
    private static var mostViolations: Int { 20 }

    /// All departures of a value from this schema, in the order of the schema's members; at most 20.
    ///
    /// `null` counts as absent: JSON writers of several clients send absent members so.
    public func violations(in value: JSONValue) -> [SchemaViolation] {
        var found: [SchemaViolation] = []
        check(value, path: "", into: &found)
        return Array(found.prefix(Self.mostViolations))
    }

    private func check(_ value: JSONValue, path: String, into found: inout [SchemaViolation]) {
        func complain(_ message: String) {
            found.append(SchemaViolation(path: path, value: value.parameterText, message: message))
        }
        let name = path.isEmpty ? "request body" : "`\(path)` field"
        let shown = value.parameterText
        switch (self, value) {
        case (.string(let rule), .string(let text)):
            if let accepted = rule.complaint(about: text) {
                complain("The \(name) value [\(shown)] \(accepted)")
            }
        case (.integer(let range), .integer(let number)):
            if !range.contains(number) {
                complain("The \(name) value [\(shown)] is not between \(range.lowerBound) and \(range.upperBound)")
            }
        case (.number, .integer), (.number, .number), (.boolean, .bool):
            break
        case (.array(let element, let count), .array(let items)):
            if !count.contains(items.count) {
                let most = count.upperBound == Int.max ? "more" : String(count.upperBound)
                complain("The \(name) has \(items.count) items, not \(count.lowerBound) to \(most)")
            }
            for item in items.prefix(1000) { element.check(item, path: path, into: &found) }
        case (.object(let members, let closed), .object(let values)):
            let prefix = path.isEmpty ? "" : path + "."
            for member in members {
                if let inner = values[member.name], inner != .null {
                    member.schema.check(inner, path: prefix + member.name, into: &found)
                } else if member.isRequired {
                    found.append(
                        SchemaViolation(
                            path: prefix + member.name, value: nil,
                            message: "The `\(prefix)\(member.name)` field is required"))
                }
            }
            guard closed else { return }
            let known = Set(members.map(\.name))
            let names = members.map(\.name).joined(separator: ", ")
            // A body of a hundred thousand unknown members must not become as many complaints.
            for extra in values.keys.filter({ !known.contains($0) }).sorted().prefix(Self.mostViolations) {
                found.append(
                    SchemaViolation(
                        path: prefix + extra, value: values[extra]?.parameterText,
                        message: "The `\(prefix)\(extra)` field is not one of [\(names)]"))
            }
        default:
            complain("The \(name) value [\(shown)] is not \(expectation)")
        }
    }

    private var expectation: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "a boolean"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension Schema.StringRule {
    /// What is wrong with a text, as the end of a sentence; nil when nothing is.
    fileprivate func complaint(about text: String) -> String? {
        switch self {
        case .any: nil
        case .length(let range):
            range.contains(text.unicodeScalars.count)
                ? nil
                : "has \(text.unicodeScalars.count) characters, not \(range.lowerBound) to \(range.upperBound)"
        case .oneOf(let values): values.contains(text) ? nil : "is not one of [\(values.joined(separator: ", "))]"
        case .id: UserID(text) == nil ? "does not match ^[0-9]{1,19}$" : nil
        case .letters(let count):
            text.utf8.count == count && text.utf8.allSatisfy { (0x41...0x5A).contains($0 & 0xDF) }
                ? nil : "does not match ^[a-zA-Z]{\(count)}$"
        }
    }
}
