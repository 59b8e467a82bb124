import Hummingbird
import XMedia

extension RoostContext {
    /// An id in the path.
    ///
    /// - Throws: 400 in X's words, which calls it a query parameter, when it does not match `^[0-9]{1,19}$`.
    func pathID<ID: WireIdentifier>(_ name: String, as type: ID.Type = ID.self) throws(HTTPProblem) -> ID {
        let text = parameters.get(name) ?? ""
        guard let id = ID(text) else { throw .invalidQuery(name, value: shown(text), "is not valid") }
        return id
    }
}

extension FormFields {
    /// A parameter that must be there and not empty.
    ///
    /// - Throws: 400.
    func required(_ name: String) throws(HTTPProblem) -> String {
        guard let text = self[name], !text.isEmpty else { throw .missingQuery(name) }
        return text
    }

    /// An id, nil when absent.
    ///
    /// - Throws: 400 when it does not match `^[0-9]{1,19}$`.
    func id<ID: WireIdentifier>(_ name: String, as type: ID.Type = ID.self) throws(HTTPProblem) -> ID? {
        guard let text = self[name] else { return nil }
        guard let id = ID(text) else { throw .invalidQuery(name, value: shown(text), "is not valid") }
        return id
    }

    /// A whole number within a range, or the default.
    ///
    /// - Throws: 400.
    func integer(_ name: String, in range: ClosedRange<Int>, default: Int) throws(HTTPProblem) -> Int {
        guard let text = self[name] else { return `default` }
        guard let number = Int(text), range.contains(number) else {
            throw .invalidQuery(
                name, value: shown(text), "is not between \(range.lowerBound) and \(range.upperBound)")
        }
        return number
    }

    /// The items of a list with commas, in order and each once; empty when absent.
    func list(_ name: String) -> [String] {
        var seen: Set<Substring> = []
        let items = self[name]?.split(separator: ",") ?? []
        return items.filter { seen.insert($0).inserted }.map(String.init)
    }

    /// 1 to 100 items of a list that must be there.
    ///
    /// - Parameters:
    ///   - name: the parameter.
    ///   - pattern: what X says an item must match.
    ///   - read: makes an item of its text; nil when it is none.
    /// - Returns: the items, in order and each once.
    /// - Throws: 400.
    func requiredList<Item>(
        _ name: String, matching pattern: String, read: (String) -> Item?
    ) throws(HTTPProblem) -> [Item] {
        let texts = list(name)
        if texts.isEmpty { throw .missingQuery(name) }
        guard texts.count <= 100 else {
            throw .invalidRequest("The `\(name)` query parameter has \(texts.count) items, not 1 to 100")
        }
        var items: [Item] = []
        for text in texts {
            guard let item = read(text) else {
                throw .invalidQuery(name, value: shown(text), "does not match \(pattern)")
            }
            items.append(item)
        }
        return items
    }

    /// Refuses items of a list that are not known.
    ///
    /// - Throws: 400 in X's words, naming the known ones.
    func checkList(_ name: String, isOneOf known: [String]) throws(HTTPProblem) {
        for text in list(name) where !known.contains(text) {
            throw .invalidQuery(name, value: shown(text), "is not one of [\(known.joined(separator: ","))]")
        }
    }
}

/// What of a client's text goes into an answer.
private func shown(_ text: String) -> String { text.count <= 100 ? text : text.prefix(100) + "…" }
