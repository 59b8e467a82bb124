extension String: JSONWritable {
    /// Writes a string.
    public func write(to json: inout JSONWriter) { json.string(self) }
}

extension Int: JSONWritable {
    /// Writes a number.
    public func write(to json: inout JSONWriter) { json.literal(String(self)) }
}

extension Int64: JSONWritable {
    /// Writes a number.
    public func write(to json: inout JSONWriter) { json.literal(String(self)) }
}

extension Bool: JSONWritable {
    /// Writes `true` or `false`.
    public func write(to json: inout JSONWriter) { json.literal(self ? "true" : "false") }
}

extension Array: JSONWritable where Element: JSONWritable {
    /// Writes an array.
    public func write(to json: inout JSONWriter) { json.array(self) }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    /// Writes an object, its members in the order of their names.
    public func write(to json: inout JSONWriter) {
        json.object { json in
            for (name, value) in sorted(by: { $0.key < $1.key }) { json.member(named: name, value) }
        }
    }
}

extension MediaID: JSONWritable {
    /// Writes the decimal string.
    public func write(to json: inout JSONWriter) { json.string(description) }
}

extension JSONValue: JSONWritable {
    /// Writes the value; a number that JSON does not have (infinite, none) as `null`, which no parsed value holds.
    public func write(to json: inout JSONWriter) {
        switch self {
        case .null: json.literal("null")
        case .bool(let value): value.write(to: &json)
        case .integer(let value): value.write(to: &json)
        case .number(let value):
            let text = value.description
            json.literal(!value.isFinite ? "null" : text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
        case .string(let value): value.write(to: &json)
        case .array(let value): value.write(to: &json)
        case .object(let value): value.write(to: &json)
        }
    }
}
