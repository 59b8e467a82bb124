import Crypto
import HTTPTypes
import Hummingbird
import MediaCore
import NIOCore
import XMedia

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `Idempotency-Key`: a request that is sent again has no second effect
/// (https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07).
extension Request {
    /// The key of the request; nil without the header.
    ///
    /// The draft has a quoted string (RFC 9651, 3.3.3); many clients send it bare, and mean the same.
    ///
    /// - Parameters:
    ///   - operation: keys of different operations are different.
    ///   - body: what is asked for; two bodies are the same when their JSON values are.
    /// - Throws: 400 for several keys, and for one that is empty, longer than 255 bytes, or not visible ASCII.
    func idempotencyKey(_ operation: String, user: UserID, body: JSONValue) throws -> IdempotencyKey? {
        let values = headers[values: .idempotencyKey]
        guard let value = values.first else { return nil }
        guard values.count == 1, let text = Self.key(of: value) else {
            throw HTTPProblem.invalidRequest(
                "The Idempotency-Key header must be one key of 1 to 255 visible ASCII characters, best in quotes",
                parameters: ["idempotency-key": [String(value.prefix(100))]])
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let digest = SHA256.hash(data: try encoder.encode(body))
        return IdempotencyKey(userID: user, operation: operation, text: text, digest: hexadecimal(digest))
    }

    /// The key of a header's value; nil when it is none.
    static func key(of value: String) -> String? {
        var text = value.trimmingSpaces
        if text.hasPrefix("\"") {
            guard text.utf8.count >= 2, text.hasSuffix("\"") else { return nil }
            var unquoted = ""
            var isEscaped = false
            for character in text.dropFirst().dropLast() {
                if isEscaped {
                    guard character == "\"" || character == "\\" else { return nil }
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                    continue
                } else if character == "\"" {
                    return nil
                }
                unquoted.append(character)
            }
            guard !isEscaped else { return nil }
            text = unquoted
        }
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return nil
        }
        return text
    }
}

extension StoredAnswer {
    /// The answer for a value, which is to be given again as it is.
    init(_ value: some Encodable, status: HTTPResponse.Status) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        self.init(status: status.code, body: String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// The answer once more; a header says that it is no new one.
    func response() -> Response {
        Response(
            status: .init(code: status),
            headers: [.contentType: "application/json; charset=utf-8", .idempotentReplayed: "true"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = self[...]
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}

/// The bytes in hexadecimal digits.
private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

extension HTTPField.Name {
    /// The names are valid, so there is a value.
    fileprivate static let idempotencyKey = HTTPField.Name("idempotency-key")!
    /// As other APIs that have such keys name it.
    fileprivate static let idempotentReplayed = HTTPField.Name("idempotent-replayed")!
}
