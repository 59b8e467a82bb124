package import NIOCore

/// What a `JSONBodyReader` has read: if the object has the streamed member, `streamBegin`, any number of `streamed`,
/// `streamEnd`; then `end`.
package enum JSONBodyEvent: Equatable, Sendable {
    /// The streamed member's string begins.
    case streamBegin
    /// Some of the streamed member's bytes, decoded from base64; never empty.
    case streamed(ByteBuffer)
    /// The streamed member's string is complete.
    case streamEnd
    /// The object is complete. `members` is the JSON object of all other members in their order, as they were written
    /// but for the white space between them.
    case end(members: ByteBuffer)
}

/// Reads a JSON object (RFC 8259) with one huge base64 string while it arrives, as in
/// `{"media":"<base64>","segment_index":0}`.
///
/// A value without I/O. Its memory is bounded by `JSONBodyLimits`: the string is decoded as it comes and never
/// collected. The members may stand in any order; the small ones are kept and given at the end, for a usual decoder.
///
/// ```swift
/// var reader = JSONBodyReader(streamedMember: "media")
/// for try await buffer in body {
///     reader.append(buffer)
///     while let event = try reader.next() { … }
/// }
/// try reader.finish()
/// ```
///
/// Stricter than RFC 8259 where it leaves a choice and two readers could differ: no byte order mark, no name twice
/// in the object, no half surrogate pairs.
package struct JSONBodyReader: Sendable {
    private enum State {
        /// Before the object. → `name`
        case start
        /// Before a member name; `orEnd` right after `{`. → `nameString`, `end`
        case name(orEnd: Bool)
        /// In a member name. → `colon`
        case nameString
        /// After a member name. → `value`
        case colon
        /// Before a member's value. → `other`, `stream`
        case value
        /// In the value of a member that is kept. → `commaOrEnd`
        case other(JSONValueScanner)
        /// In the streamed string. → `streamEnd`
        case stream(isInEscape: Bool)
        /// After the streamed string, before its last event. → `commaOrEnd`
        case streamEnd
        /// After a member. → `name`, `end`
        case commaOrEnd
        /// After the object. Last state.
        case end
        /// Refused, with the error that every further call throws. Last state.
        case failed(JSONBodyError)
    }

    private let streamedMember: String
    private let limits: JSONBodyLimits
    private var state = State.start
    private var input = ByteBuffer()
    /// How many bytes of the body have been read.
    private var offset = 0
    private var string = JSONStringScanner()
    private var decoder = StreamingBase64Decoder()
    /// What was decoded last; its memory is used again once nobody else holds it.
    private var decoded = ByteBuffer()
    /// The names so far, as UTF-8: compared byte by byte, not by Unicode's equivalence.
    private var names: Set<[UInt8]> = []
    private var name: [UInt8] = []
    /// The object without the streamed member.
    private var members = ByteBuffer(string: "{")
    /// Where in `members` the current member begins.
    private var memberStart = 1

    /// Makes a reader for one body.
    ///
    /// - Parameters:
    ///   - streamedMember: The name of the member whose string is decoded from base64.
    ///   - limits: Bounds for everything that is not streamed.
    package init(streamedMember: String, limits: JSONBodyLimits = JSONBodyLimits()) {
        self.streamedMember = streamedMember
        self.limits = limits
    }

    /// Adds the next bytes of the body.
    ///
    /// Take all events with `next()` before the next call: bytes that are left over are otherwise copied together.
    ///
    /// - Parameter bytes: Bytes in the order in which they arrived; their number and borders mean nothing.
    package mutating func append(_ bytes: ByteBuffer) {
        if input.readableBytes == 0 {
            input = bytes
        } else {
            input.writeImmutableBuffer(bytes)
        }
    }

    /// Reads on to the next event.
    ///
    /// - Returns: The event, or `nil` when more bytes are needed.
    /// - Throws: What is wrong with the body; the same again on every later call.
    package mutating func next() throws(JSONBodyError) -> JSONBodyEvent? {
        do throws(JSONBodyError) {
            while true {
                switch state {
                case .stream(let isInEscape):
                    if let event = try readStream(isInEscape: isInEscape) { return event }
                    return releaseInput()
                case .streamEnd:
                    state = .commaOrEnd
                    return .streamEnd
                case .failed(let error):
                    throw error
                default:
                    guard let byte = input.readInteger(as: UInt8.self) else { return releaseInput() }
                    offset += 1
                    if let event = try read(byte) { return event }
                }
            }
        } catch {
            state = .failed(error)
            throw error
        }
    }

    /// Lets go of a buffer of which nothing is left, so that whoever made it may use it again.
    private mutating func releaseInput() -> JSONBodyEvent? {
        input = ByteBuffer()
        return nil
    }

    /// Says that the body has ended.
    ///
    /// To be called after `next()` returned `nil`.
    ///
    /// - Throws: `.empty` or `.truncated` when the object is incomplete, or the error thrown before.
    package func finish() throws(JSONBodyError) {
        switch state {
        case .end: return
        case .start: throw .empty
        case .failed(let error): throw error
        default: throw .truncated(offset: offset)
        }
    }

    /// Reads one byte outside of the streamed string.
    private mutating func read(_ byte: UInt8) throws(JSONBodyError) -> JSONBodyEvent? {
        switch state {
        case .nameString:
            try readName(byte)
            return nil
        case .other(var scanner):
            return try readOther(byte, &scanner)
        default:
            return isWhiteSpace(byte) ? nil : try readStructure(byte)
        }
    }

    /// Reads one byte, no white space, between the names and values.
    private mutating func readStructure(_ byte: UInt8) throws(JSONBodyError) -> JSONBodyEvent? {
        switch (state, byte) {
        case (.start, UInt8(ascii: "{")):
            state = .name(orEnd: true)
        case (.start, _):
            guard let kind = JSONKind(firstByte: byte) else { throw fault(.expected(.value), at: byte) }
            throw .notAnObject(found: kind)
        case (.name(orEnd: true), UInt8(ascii: "}")), (.commaOrEnd, UInt8(ascii: "}")):
            try keep(byte)
            state = .end
            return .end(members: members)
        case (.name, UInt8(ascii: "\"")):
            memberStart = members.writerIndex
            if members.readableBytes > 1 { try keep(UInt8(ascii: ",")) }
            try keep(byte)
            name.removeAll(keepingCapacity: true)
            string = JSONStringScanner()
            state = .nameString
        case (.colon, UInt8(ascii: ":")):
            try keep(byte)
            state = .value
        case (.value, _):
            return try beginValue(byte)
        case (.commaOrEnd, UInt8(ascii: ",")):
            state = .name(orEnd: false)
        case (.name, _):
            throw fault(.expected(.memberName), at: byte)
        case (.colon, _):
            throw fault(.expected(.colon), at: byte)
        case (.commaOrEnd, _):
            throw fault(.expected(.commaOrEnd), at: byte)
        default:
            throw fault(.expected(.endOfBody), at: byte)
        }
        return nil
    }

    private mutating func readName(_ byte: UInt8) throws(JSONBodyError) {
        try keep(byte)
        switch try step(byte) {
        case .incomplete: break
        case .byte(let byte): name.append(byte)
        case .escaped(let scalar): name += Array(String(scalar).utf8)
        case .end:
            guard names.insert(name).inserted else {
                throw .duplicateMember(name: String(decoding: name, as: UTF8.self))
            }
            state = .colon
        }
    }

    private mutating func beginValue(_ byte: UInt8) throws(JSONBodyError) -> JSONBodyEvent? {
        guard name.elementsEqual(streamedMember.utf8) else {
            var scanner = JSONValueScanner(depth: limits.depth - 1)
            return try readOther(byte, &scanner)
        }
        guard let kind = JSONKind(firstByte: byte) else { throw fault(.expected(.value), at: byte) }
        guard kind == .string else { throw .streamedMemberIsNotAString(name: streamedMember, found: kind) }
        members.moveWriterIndex(to: memberStart)
        string = JSONStringScanner()
        state = .stream(isInEscape: false)
        return .streamBegin
    }

    private mutating func readOther(
        _ byte: UInt8, _ scanner: inout JSONValueScanner
    ) throws(JSONBodyError) -> JSONBodyEvent? {
        let step: JSONValueScanner.Step
        do {
            step = try scanner.read(byte)
        } catch {
            throw fault(error, at: byte)
        }
        switch step {
        case .incomplete:
            try keep(byte)
            state = .other(scanner)
        case .last:
            try keep(byte)
            state = .commaOrEnd
        case .past:
            state = .commaOrEnd
            return try read(byte)
        }
        return nil
    }

    /// Decodes what has arrived of the streamed string.
    ///
    /// - Returns: The bytes, or the end of the string, or `nil` when more bytes are needed.
    private mutating func readStream(isInEscape: Bool) throws(JSONBodyError) -> JSONBodyEvent? {
        var isInEscape = isInEscape
        if decoded.modifyIfUniquelyOwned({ $0.clear() }) == nil { decoded = ByteBuffer() }
        while true {
            if !isInEscape {
                let available = input.readableBytes
                decoder.decodeAlphabet(in: &input, into: &decoded, takesEscapedSlash: true)
                offset += available - input.readableBytes
            }
            guard let byte = input.readInteger(as: UInt8.self) else { break }
            offset += 1
            let step = try step(byte)
            isInEscape = if case .incomplete = step { true } else { false }
            do {
                switch step {
                case .incomplete: break
                case .byte(let byte): try decoder.skip(UInt32(byte))
                case .escaped(let scalar): try decoder.decode(scalar, into: &decoded)
                case .end: try decoder.finish(into: &decoded)
                }
            } catch {
                throw .invalidBase64(error)
            }
            if case .end = step {
                state = decoded.readableBytes > 0 ? .streamEnd : .commaOrEnd
                return decoded.readableBytes > 0 ? .streamed(decoded) : .streamEnd
            }
        }
        state = .stream(isInEscape: isInEscape)
        return decoded.readableBytes > 0 ? .streamed(decoded) : nil
    }

    private mutating func step(_ byte: UInt8) throws(JSONBodyError) -> JSONStringScanner.Step {
        do {
            return try string.read(byte)
        } catch {
            throw fault(error, at: byte)
        }
    }

    /// Adds a byte to the members that are kept.
    private mutating func keep(_ byte: UInt8) throws(JSONBodyError) {
        guard members.readableBytes < limits.memberBytes else { throw .membersTooLarge(limit: limits.memberBytes) }
        members.writeInteger(byte)
    }

    private func fault(_ fault: JSONFault, at byte: UInt8) -> JSONBodyError {
        switch fault {
        case .expected(let expected): .invalidJSON(InvalidJSON(expected: expected, found: byte, offset: offset - 1))
        case .tooDeep: .tooDeep(limit: limits.depth)
        }
    }
}
