extension Schema {
    /// Gives the fields of a form or a query the types that this schema asks for.
    ///
    /// Forms carry text only: `total_bytes=1024` becomes an integer, `shared=true` a boolean, and a list may be a
    /// repeated field or one string with commas (`additional_owners=1,2`, OpenAPI 2.167). Text that does not fit stays
    /// text, so that ``violations(in:)`` names it.
    public func typed(_ fields: [(name: String, value: String)]) -> JSONValue {
        guard case .object(let members, _) = self else { return .null }
        var result: [String: JSONValue] = [:]
        for (name, values) in Dictionary(grouping: fields, by: \.name) {
            let texts = values.map(\.value)
            guard let member = members.first(where: { $0.name == name || "\($0.name)[]" == name }) else {
                result[name] = .string(texts[0])
                continue
            }
            result[member.name] = member.schema.typed(texts)
        }
        return .object(result)
    }

    private func typed(_ texts: [String]) -> JSONValue {
        switch self {
        case .array(let element, _):
            let parts = texts.flatMap { $0.split(separator: ",").map { String($0.trimmingSpaces) } }
            return .array(parts.map { element.typed([$0]) })
        case .integer:
            return texts.count == 1
                ? Int64(texts[0]).map(JSONValue.integer) ?? .string(texts[0]) : .array(texts.map(JSONValue.string))
        case .boolean:
            switch texts {
            case ["true"], ["1"]: return .bool(true)
            case ["false"], ["0"]: return .bool(false)
            default: return .string(texts[0])
            }
        default:
            return texts.count == 1 ? .string(texts[0]) : .array(texts.map(JSONValue.string))
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
