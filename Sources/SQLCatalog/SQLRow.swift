import MediaCore
import XMedia

/// A row of an answer, read column by column in the order of the `SELECT` list.
struct SQLRow: Sendable {
    /// All columns, those that were read too.
    let values: [SQLValue]
    private var position = 0

    /// Makes the row of its values.
    init(_ values: [SQLValue]) { self.values = values }

    /// The next column.
    private mutating func next() throws(SQLFailure) -> SQLValue {
        guard position < values.count else { throw .corrupt("a row has only \(values.count) columns") }
        defer { position += 1 }
        return values[position]
    }

    /// The next column, an integer or NULL.
    mutating func optionalInteger() throws(SQLFailure) -> Int64? {
        switch try next() {
        case .null: nil
        case .integer(let value): value
        case .text: throw .corrupt("column \(position) holds text instead of an integer")
        }
    }

    /// The next column, an integer.
    mutating func integer() throws(SQLFailure) -> Int64 {
        guard let value = try optionalInteger() else { throw .corrupt("column \(position) is NULL") }
        return value
    }

    /// The next column, text or NULL.
    mutating func optionalText() throws(SQLFailure) -> String? {
        switch try next() {
        case .null: nil
        case .text(let value): value
        case .integer: throw .corrupt("column \(position) holds an integer instead of text")
        }
    }

    /// The next column, text.
    mutating func text() throws(SQLFailure) -> String {
        guard let value = try optionalText() else { throw .corrupt("column \(position) is NULL") }
        return value
    }

    /// The next column, 0 or 1.
    mutating func flag() throws(SQLFailure) -> Bool { try integer() != 0 }

    /// The next column, an id.
    mutating func id<ID: WireIdentifier>(_ type: ID.Type = ID.self) throws(SQLFailure) -> ID {
        ID(rawValue: UInt64(bitPattern: try integer()))
    }

    /// The next column, an id or NULL.
    mutating func optionalID<ID: WireIdentifier>(_ type: ID.Type = ID.self) throws(SQLFailure) -> ID? {
        try optionalInteger().map { ID(rawValue: UInt64(bitPattern: $0)) }
    }

    /// The next column, a moment.
    mutating func moment() throws(SQLFailure) -> Timestamp { Timestamp(rawValue: try integer()) }

    /// The next column, a moment or NULL.
    mutating func optionalMoment() throws(SQLFailure) -> Timestamp? {
        try optionalInteger().map(Timestamp.init(rawValue:))
    }

    /// The next column, one of the words of an enum.
    mutating func word<Word: RawRepresentable<String>>(_ type: Word.Type = Word.self) throws(SQLFailure) -> Word {
        let text = try text()
        guard let word = Word(rawValue: text) else { throw .corrupt("\(text) is no \(Word.self)") }
        return word
    }

    /// The next column, one of the words of an enum, or NULL.
    mutating func optionalWord<Word: RawRepresentable<String>>(
        _ type: Word.Type = Word.self
    ) throws(SQLFailure) -> Word? {
        guard let text = try optionalText() else { return nil }
        guard let word = Word(rawValue: text) else { throw .corrupt("\(text) is no \(Word.self)") }
        return word
    }

    /// The next column, a blob's name or NULL.
    mutating func optionalBlob() throws(SQLFailure) -> BlobName? {
        guard let text = try optionalText() else { return nil }
        guard let name = BlobName(text) else { throw .corrupt("\(text) is no blob name") }
        return name
    }

    /// The next column, a blob's name.
    mutating func blob() throws(SQLFailure) -> BlobName {
        guard let name = try optionalBlob() else { throw .corrupt("column \(position) is NULL") }
        return name
    }

    /// The next column, a CRC-32C.
    mutating func crc32c() throws(SQLFailure) -> UInt32 {
        let value = try integer()
        guard let crc = UInt32(exactly: value) else { throw .corrupt("\(value) is no CRC-32C") }
        return crc
    }

    /// The next column, ids with a space between each.
    mutating func ids<ID: WireIdentifier>(_ type: ID.Type = ID.self) throws(SQLFailure) -> [ID] {
        let words = try text().split(separator: " ")
        let ids = words.compactMap { ID($0) }
        guard ids.count == words.count else { throw .corrupt("column \(position) is no list of ids") }
        return ids
    }

    /// The next column, JSON.
    mutating func json<Value: Decodable>(_ type: Value.Type = Value.self) throws(SQLFailure) -> Value {
        try JSONColumn.decode(Value.self, from: try text())
    }

    /// The next column, JSON or NULL.
    mutating func optionalJSON<Value: Decodable>(_ type: Value.Type = Value.self) throws(SQLFailure) -> Value? {
        guard let text = try optionalText() else { return nil }
        return try JSONColumn.decode(Value.self, from: text)
    }
}
