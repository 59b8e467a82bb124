import Foundation
import MediaCore
import XMedia

/// Values that the catalog keeps whole, as JSON with sorted keys: nothing searches them by their members.
enum JSONColumn {
    /// The text of a value.
    static func encode(_ value: some Encodable) throws(SQLFailure) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw .corrupt("a value has no JSON form: \(error)")
        }
    }

    /// The same text of metadata, which clients write more often than all else that is kept so.
    static func encode(_ metadata: MediaMetadata) -> String {
        var json = JSONWriter()
        metadata.write(to: &json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// The same text of facts.
    static func encode(_ facts: MediaFacts) -> String { encode(facts.members) }

    /// The text of facts, nil for none.
    static func encode(optional facts: MediaFacts?) -> String? { facts.map { encode($0) } }

    /// The text of a value, nil for none.
    static func encode(optional value: (some Encodable)?) throws(SQLFailure) -> String? {
        guard let value else { return nil }
        return try encode(value)
    }

    /// The value of a text that ``encode(_:)`` made.
    static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws(SQLFailure) -> Value {
        // Most media have no metadata, and their rows are read with every segment.
        if text == "{}", let empty = [String: JSONValue]() as? Value { return empty }
        if Value.self == MediaMetadata.self, case .object(let members)? = JSONValue(plain: text.utf8),
            let metadata = members as? Value
        {
            return metadata
        }
        // Every row of media that was processed has facts.
        if Value.self == MediaFacts.self, case .object(let members)? = JSONValue(plain: text.utf8),
            let facts = MediaFacts(members: members) as? Value
        {
            return facts
        }
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw .corrupt("a column holds no \(type): \(error)")
        }
    }
}
