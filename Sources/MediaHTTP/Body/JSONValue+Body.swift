import NIOCore
import XMedia

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension JSONValue {
    /// Reads JSON.
    ///
    /// - Throws: 400 in X's words when it is none.
    init(parsing bytes: ByteBuffer) throws(HTTPProblem) {
        if let plain = JSONValue(plain: bytes.readableBytesView) {
            self = plain
            return
        }
        do {
            try self.init(parsing: bytes.readableBytesView)
        } catch {
            throw .bodyIsNotJSON
        }
    }

    /// The value as a type whose shape a ``Schema`` has checked before.
    ///
    /// - Throws: `DecodingError` when the schema permits what the type does not.
    func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(self))
    }
}

extension Schema {
    /// Refuses a value that departs from this schema.
    ///
    /// - Throws: 400 naming every departure.
    func check(_ value: JSONValue) throws(HTTPProblem) {
        guard case .object = value else { throw .bodyIsNoObject }
        let violations = violations(in: value)
        if !violations.isEmpty { throw .invalidRequest(violations) }
    }
}
