import JSONBody
import NIOCore
import XMedia

/// An upload as JSON: `{"media":"<base64>","segment_index":0}`.
struct JSONUploadFormat: UploadFormat {
    private var reader = JSONBodyReader(streamedMember: "media")
    private var members = JSONValue.object([:])

    mutating func append(_ bytes: ByteBuffer) { reader.append(bytes) }

    mutating func next() throws(HTTPProblem) -> UploadEvent? {
        do {
            while let event = try reader.next() {
                switch event {
                case .streamBegin: return .mediaBegin
                case .streamed(let bytes): return .media(bytes)
                case .streamEnd: break
                case .end(let members): self.members = try JSONValue(parsing: members)
                }
            }
            return nil
        } catch let error as JSONBodyError {
            throw HTTPProblem(error)
        } catch let problem as HTTPProblem {
            throw problem
        } catch {
            throw .bodyIsNotJSON
        }
    }

    func finish() throws(HTTPProblem) {
        do {
            try reader.finish()
        } catch {
            throw HTTPProblem(error)
        }
    }

    /// None: a JSON body says everything at once, in its members.
    var fields: FormFields { FormFields() }

    /// The members; a `segment_index` of digits in a string counts as a number, as OpenAPI 2.166 allows.
    func members(typedBy schema: Schema) -> JSONValue {
        guard case .object(var values) = members, case .string(let digits)? = values["segment_index"],
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let index = Int64(digits)
        else { return members }
        values["segment_index"] = .integer(index)
        return .object(values)
    }
}

extension HTTPProblem {
    /// X's words where they are recorded; the offset and byte found stand beside them.
    fileprivate init(_ error: JSONBodyError) {
        self =
            switch error {
            case .empty, .invalidJSON, .truncated:
                .invalidRequest([Problem.Item(message: "Request body is not valid JSON.", found: "\(error)")])
            case .notAnObject: .bodyIsNoObject
            case .streamedMemberIsNotAString, .invalidBase64:
                .invalidRequest("\(error)", parameters: ["media": []])
            case .duplicateMember(let name): .invalidRequest("\(error)", parameters: [name: []])
            case .tooDeep: .invalidRequest("\(error)")
            case .membersTooLarge: .contentTooLarge("\(error)")
            }
    }
}
