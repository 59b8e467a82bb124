package import NIOCore

/// What a `MultipartParser` has read, in the order of the body: for each part `partBegin`, any number of `body`,
/// `partEnd`; then `end`.
package enum MultipartEvent: Equatable, Sendable {
    /// A part begins.
    case partBegin(PartHeaders)
    /// Some of the part's content, never empty and not decoded; a slice of a buffer that was appended.
    case body(ByteBuffer)
    /// The part's content is complete.
    case partEnd
    /// The close delimiter was read: the form is complete. What still comes is checked and ignored.
    case end
}

/// Parses a `multipart/form-data` body (RFC 7578, RFC 2046 §5.1) while it arrives.
///
/// A value without I/O. Its memory is bounded by `MultipartLimits`: content is handed on as slices of the buffers that
/// were appended, uncopied, and never collected.
///
/// ```swift
/// var parser = MultipartParser(boundary: try MultipartBoundary(contentType: value))
/// for try await buffer in body {
///     parser.append(buffer)
///     while let event = try parser.next() { … }
/// }
/// try parser.finish()
/// ```
///
/// The syntax is taken strictly (CR LF only, nothing but spaces and tabs behind a boundary), because what two parsers
/// read differently is a way past checks. One tolerance: the body may end right after the close delimiter.
package struct MultipartParser: Sendable {
    private enum State {
        /// Before the first delimiter. → `delimiter`
        case preamble
        /// On the rest of a delimiter's line. → `header`, or `epilogue` when it was the close delimiter
        case delimiter(DelimiterLine)
        /// In the header of a part. → `body`
        case header
        /// In the content of the part with this name. → `delimiter`
        case body(part: String)
        /// After the close delimiter's line. Last state.
        case epilogue
        /// Refused, with the error that every further call throws. Last state.
        case failed(MultipartError)
    }

    /// Where in `delimiter := CRLF "--" boundary ["--"] *LWSP-char CRLF`, after the boundary, the parser is.
    private enum DelimiterLine {
        case start
        case dash
        case padding(isLast: Bool)
        case carriageReturn(isLast: Bool)
    }

    private let boundary: MultipartBoundary
    private let limits: MultipartLimits
    private var state = State.preamble
    private var search: DelimiterSearch
    private var input = ByteBuffer()
    /// The complete lines of the current part's header.
    private var lines = PartHeaders.Lines()
    /// The header line that has begun.
    private var line: [UInt8] = []
    private var parts = 0
    /// Bytes of the preamble, the current header (with the padding before it) or the epilogue, for their limits.
    private var overhead = 0

    /// Makes a parser for one body.
    ///
    /// - Parameters:
    ///   - boundary: The boundary from the `Content-Type`.
    ///   - limits: Bounds for everything that is not content.
    package init(boundary: MultipartBoundary, limits: MultipartLimits = MultipartLimits()) {
        self.boundary = boundary
        self.limits = limits
        search = DelimiterSearch(boundary: boundary)
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
    package mutating func next() throws(MultipartError) -> MultipartEvent? {
        do throws(MultipartError) {
            if let event = try advance() { return event }
            // Nothing is left of the buffer: whoever made it may use it again.
            input = ByteBuffer()
            return nil
        } catch {
            state = .failed(error)
            throw error
        }
    }

    /// Says that the body has ended.
    ///
    /// To be called after `next()` returned `nil`.
    ///
    /// - Throws: `.boundaryNotFound` or `.truncated` when the form is incomplete, or the error thrown before.
    package func finish() throws(MultipartError) {
        switch state {
        case .delimiter(.padding(isLast: true)), .delimiter(.carriageReturn(isLast: true)), .epilogue: return
        case .preamble: throw .boundaryNotFound(boundary: boundary.value)
        case .delimiter, .header: throw .truncated(part: nil)
        case .body(let part): throw .truncated(part: part)
        case .failed(let error): throw error
        }
    }

    private mutating func advance() throws(MultipartError) -> MultipartEvent? {
        while true {
            switch state {
            case .preamble:
                switch search.next(in: &input) {
                case .content(let ignored):
                    overhead += ignored.readableBytes
                    guard overhead <= limits.preambleBytes else {
                        throw .preambleTooLarge(limit: limits.preambleBytes)
                    }
                case .delimiter: state = .delimiter(.start)
                case .needsMore: return nil
                }
            case .delimiter(let line):
                guard let byte = input.readInteger(as: UInt8.self) else { return nil }
                if let event = try readDelimiterLine(line, byte) { return event }
            case .header:
                guard let headers = try readHeaders() else { return nil }
                state = .body(part: headers.name)
                return .partBegin(headers)
            case .body:
                switch search.next(in: &input) {
                case .content(let content): return .body(content)
                case .delimiter:
                    state = .delimiter(.start)
                    return .partEnd
                case .needsMore: return nil
                }
            case .epilogue:
                try countOverhead(input.readableBytes, isLast: true)
                input.moveReaderIndex(to: input.writerIndex)
                return nil
            case .failed(let error):
                throw error
            }
        }
    }

    /// Reads one byte of the line that a boundary stands on.
    ///
    /// - Returns: `.end` when the byte completes the close delimiter.
    private mutating func readDelimiterLine(
        _ line: DelimiterLine, _ byte: UInt8
    ) throws(MultipartError) -> MultipartEvent? {
        let dash = UInt8(ascii: "-")
        switch (line, byte) {
        case (.start, dash):
            state = .delimiter(.dash)
        case (.dash, dash):
            overhead = 0
            state = .delimiter(.padding(isLast: true))
            return .end
        case (.start, _):
            overhead = 0
            state = .delimiter(.padding(isLast: false))
            return try readDelimiterLine(.padding(isLast: false), byte)
        case (.padding(let isLast), 0x20), (.padding(let isLast), 0x09):
            try countOverhead(1, isLast: isLast)
        case (.padding(let isLast), 0x0D):
            state = .delimiter(.carriageReturn(isLast: isLast))
        case (.carriageReturn(isLast: true), 0x0A):
            state = .epilogue
        case (.carriageReturn(isLast: false), 0x0A):
            parts += 1
            guard parts <= limits.parts else { throw .tooManyParts(limit: limits.parts) }
            lines = PartHeaders.Lines()
            state = .header
        default:
            throw .malformedDelimiter(found: byte)
        }
        return nil
    }

    /// Reads header lines up to the empty one.
    ///
    /// - Returns: The headers, or `nil` when more bytes are needed.
    private mutating func readHeaders() throws(MultipartError) -> PartHeaders? {
        while input.readableBytes > 0 {
            let end = input.readableBytesView.firstIndex(of: 0x0A).map { $0 + 1 } ?? input.writerIndex
            let length = end - input.readerIndex
            try countOverhead(length, isLast: false)
            line += input.readBytes(length: length) ?? []
            guard line.last == 0x0A else { return nil }
            line.removeLast()
            guard line.last == 0x0D else {
                throw .bareLineFeed(line: String(decoding: line, as: UTF8.self))
            }
            line.removeLast()
            if line.isEmpty {
                search.restart()
                return try lines.headers()
            }
            guard lines.count < limits.headers else { throw .tooManyHeaders(limit: limits.headers) }
            try lines.add(line)
            line.removeAll(keepingCapacity: true)
        }
        return nil
    }

    /// Counts bytes of the current part's header, or of what stands after the close delimiter, against their limit.
    private mutating func countOverhead(_ bytes: Int, isLast: Bool) throws(MultipartError) {
        overhead += bytes
        if isLast {
            guard overhead <= limits.epilogueBytes else { throw .epilogueTooLarge(limit: limits.epilogueBytes) }
        } else {
            guard overhead <= limits.headerBytes else { throw .headersTooLarge(limit: limits.headerBytes) }
        }
    }
}
