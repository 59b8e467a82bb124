/// Finds the end of one JSON value byte by byte, and checks on the way that it is one (RFC 8259).
struct JSONValueScanner {
    /// What a byte is to the value.
    enum Step {
        /// A part of it, with more to come.
        case incomplete
        /// Its last byte.
        case last
        /// The byte after it; only a number ends so.
        case past
    }

    private enum Container { case array, object }

    private enum State {
        /// Before a value; `orEnd` right after `[`.
        case value(orEnd: Bool)
        /// Before a member name; `orEnd` right after `{`.
        case name(orEnd: Bool)
        /// In a member name or another string.
        case string(isName: Bool)
        /// After a member name.
        case colon
        /// In a number.
        case number(JSONNumberScanner)
        /// In `true`, `false` or `null`.
        case literal(rest: ArraySlice<UInt8>)
        /// After a value in an array or object.
        case commaOrEnd
    }

    private var state = State.value(orEnd: false)
    private var string = JSONStringScanner()
    private var containers: [Container] = []
    private let depth: Int

    /// Starts before the value.
    ///
    /// - Parameter depth: How deep arrays and objects may be nested in the value.
    init(depth: Int) {
        self.depth = depth
    }

    /// Reads one byte.
    mutating func read(_ byte: UInt8) throws(JSONFault) -> Step {
        switch state {
        case .string(let isName):
            guard case .end = try string.read(byte) else { return .incomplete }
            if isName {
                state = .colon
                return .incomplete
            }
            return endOfValue()
        case .number(var number):
            if try number.read(byte) {
                state = .number(number)
                return .incomplete
            }
            if case .last = endOfValue() { return .past }
            return try read(byte)
        case .literal(var rest):
            guard rest.popFirst() == byte else { throw .expected(.literal) }
            state = .literal(rest: rest)
            return rest.isEmpty ? endOfValue() : .incomplete
        default:
            return isWhiteSpace(byte) ? .incomplete : try readStructure(byte)
        }
    }

    /// Reads one byte between the names and simple values.
    private mutating func readStructure(_ byte: UInt8) throws(JSONFault) -> Step {
        switch (state, byte) {
        case (.value(orEnd: true), UInt8(ascii: "]")), (.name(orEnd: true), UInt8(ascii: "}")):
            return endOfContainer()
        case (.commaOrEnd, UInt8(ascii: "]")) where containers.last == .array,
            (.commaOrEnd, UInt8(ascii: "}")) where containers.last == .object:
            return endOfContainer()
        case (.commaOrEnd, UInt8(ascii: ",")):
            state = containers.last == .object ? .name(orEnd: false) : .value(orEnd: false)
        case (.commaOrEnd, _):
            throw .expected(.commaOrEnd)
        case (.name, UInt8(ascii: "\"")):
            string = JSONStringScanner()
            state = .string(isName: true)
        case (.name, _):
            throw .expected(.memberName)
        case (.colon, UInt8(ascii: ":")):
            state = .value(orEnd: false)
        case (.colon, _):
            throw .expected(.colon)
        default:
            try beginValue(byte)
        }
        return .incomplete
    }

    private mutating func beginValue(_ byte: UInt8) throws(JSONFault) {
        switch JSONKind(firstByte: byte) {
        case .object:
            try open(.object)
            state = .name(orEnd: true)
        case .array:
            try open(.array)
            state = .value(orEnd: true)
        case .string:
            string = JSONStringScanner()
            state = .string(isName: false)
        case .number:
            state = .number(JSONNumberScanner(firstByte: byte))
        case .boolean:
            state = .literal(rest: byte == UInt8(ascii: "t") ? Array("rue".utf8)[...] : Array("alse".utf8)[...])
        case .null:
            state = .literal(rest: Array("ull".utf8)[...])
        case nil:
            throw .expected(.value)
        }
    }

    private mutating func open(_ container: Container) throws(JSONFault) {
        guard containers.count < depth else { throw .tooDeep }
        containers.append(container)
    }

    private mutating func endOfContainer() -> Step {
        containers.removeLast()
        return endOfValue()
    }

    private mutating func endOfValue() -> Step {
        state = .commaOrEnd
        return containers.isEmpty ? .last : .incomplete
    }
}

/// Why a scanner refuses a byte.
enum JSONFault: Error {
    /// The grammar wants something else.
    case expected(InvalidJSON.Expectation)
    /// The byte opens one array or object too many.
    case tooDeep
}

/// Says whether a byte is white space in JSON (RFC 8259 §2).
func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}
