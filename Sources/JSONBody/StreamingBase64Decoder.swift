import CWireBytes
package import NIOCore

/// Decodes base64 (RFC 4648 §4) that arrives in pieces of any size.
///
/// Only the standard alphabet is taken (`+` and `/`, not the URL-safe `-` and `_`), so that one text has one meaning.
/// The padding may be absent, but not half there. Bits beyond the last byte must be 0.
package struct StreamingBase64Decoder: Sendable {
    /// What may stand between the characters.
    package enum Form: Sendable {
        /// Nothing (RFC 4648 §3.1, §3.3).
        case plain
        /// CR and LF, as in the content of a part with `Content-Transfer-Encoding: base64` (RFC 2045 §6.8).
        case mime
    }

    private let form: Form
    /// The bits of the `characters` characters of the group that has begun.
    private var bits: UInt32 = 0
    /// How many characters of the group have been read, 0 to 3.
    private var characters = 0
    /// How many `=` have been read, 0 to 2.
    private var padding = 0
    /// How many characters have been read in all.
    private var offset = 0

    /// Makes a decoder for one text.
    ///
    /// - Parameter form: What may stand between the characters.
    package init(_ form: Form = .plain) {
        self.form = form
    }

    /// Decodes the next piece.
    ///
    /// - Parameters:
    ///   - input: The next characters.
    ///   - output: The buffer to whose end the bytes are written.
    /// - Throws: What is wrong with the text. The decoder is of no use afterwards.
    package mutating func decode(_ input: ByteBuffer, into output: inout ByteBuffer) throws(Base64Error) {
        var input = input
        while true {
            decodeAlphabet(in: &input, into: &output)
            guard let byte = input.readInteger(as: UInt8.self) else { return }
            try skip(UInt32(byte))
        }
    }

    /// Ends the text.
    ///
    /// - Parameter output: The buffer to whose end the last one or two bytes are written, if a group is unfinished.
    /// - Throws: `.incompleteGroup` or `.nonzeroTrailingBits`.
    package mutating func finish(into output: inout ByteBuffer) throws(Base64Error) {
        guard characters > 0 else { return }
        guard characters > 1, padding == 0 || characters + padding == 4 else {
            throw .incompleteGroup(offset: offset)
        }
        // Two characters are 12 bits: one byte and 4 bits left over. Three are 18: two bytes and 2 bits.
        let leftOver: UInt32 = characters == 2 ? 4 : 2
        guard bits & ((1 << leftOver) - 1) == 0 else { throw .nonzeroTrailingBits(offset: offset) }
        if characters == 2 {
            output.writeInteger(UInt8(truncatingIfNeeded: bits >> leftOver))
        } else {
            output.writeInteger(UInt16(truncatingIfNeeded: bits >> leftOver))
        }
        characters = 0
    }

    /// Decodes characters of the alphabet up to the first other one, which stays in `input`.
    ///
    /// - Parameter takesEscapedSlash: Also takes `\/`, as which some writers of JSON (PHP's among them) write every
    ///   slash: one character in 64.
    mutating func decodeAlphabet(
        in input: inout ByteBuffer, into output: inout ByteBuffer, takesEscapedSlash: Bool = false
    ) {
        guard padding == 0, input.readableBytes > 0 else { return }
        input.readWithUnsafeReadableBytes { source in
            var read = 0
            // 8 characters are 6 bytes, but written as a word of 8: hence the room behind the last byte.
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: source.count / 4 * 3 + 8) { target in
                let written: Int
                (read, written) = decodeAlphabet(source, into: target, takesEscapedSlash)
                return written
            }
            return read
        }
    }

    /// Decodes one character that was written in another way, as by an escape in JSON.
    mutating func decode(_ character: Unicode.Scalar, into output: inout ByteBuffer) throws(Base64Error) {
        guard padding == 0, character.isASCII, Self.table[768 + Int(character.value)] != Self.invalid else {
            return try skip(character.value)
        }
        offset += 1
        if let group = add(Self.table[768 + Int(character.value)]) {
            output.writeInteger(UInt8(truncatingIfNeeded: group >> 16))
            output.writeInteger(UInt16(truncatingIfNeeded: group))
        }
    }

    /// Takes a character that is none of the alphabet, or one after the padding.
    mutating func skip(_ character: UInt32) throws(Base64Error) {
        switch character {
        case 0x0A where form == .mime, 0x0D where form == .mime:
            break
        case 0x3D:
            guard characters >= 2, characters + padding < 4 else { throw .misplacedPadding(offset: offset) }
            padding += 1
        default:
            throw padding > 0 ? .characterAfterPadding(offset: offset) : .invalidCharacter(character, offset: offset)
        }
        offset += 1
    }

    /// Decodes up to the first character that is none of the alphabet.
    ///
    /// - Parameters:
    ///   - source: The characters.
    ///   - target: At least `source.count / 4 * 3 + 8` bytes.
    ///   - takesEscapedSlash: Whether `\/` is a slash.
    /// - Returns: How many bytes of each were used.
    private mutating func decodeAlphabet(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, _ takesEscapedSlash: Bool
    ) -> (read: Int, written: Int) {
        var read = 0
        var written = 0
        var backslashes = 0
        // From where on vectors are worth trying: what they refused once, they would refuse again.
        var vectorsFrom = 0
        Self.table.withUnsafeBufferPointer { table in
            while read < source.count {
                if characters == 0 {
                    if read >= vectorsFrom {
                        let count = decodeBlocks(source, from: read, into: target, at: written)
                        read += count
                        written += count / 4 * 3
                        vectorsFrom = read + 32
                    }
                    while read + 8 <= source.count, read < vectorsFrom {
                        let (high, low) = (group(at: read), group(at: read + 4))
                        if (high | low) & Self.invalid != 0 { break }
                        let word = UInt64(high) << 40 | UInt64(low) << 16
                        target.storeBytes(of: word.bigEndian, toByteOffset: written, as: UInt64.self)
                        read += 8
                        written += 6
                    }
                    if read == source.count { break }
                }
                var value = table[768 + Int(source[read])]
                if value == Self.invalid {
                    guard takesEscapedSlash, isEscapedSlash(at: read) else { break }
                    value = 63
                    read += 1
                    backslashes += 1
                }
                read += 1
                if let group = add(value) {
                    target[written] = UInt8(truncatingIfNeeded: group >> 16)
                    target[written + 1] = UInt8(truncatingIfNeeded: group >> 8)
                    target[written + 2] = UInt8(truncatingIfNeeded: group)
                    written += 3
                }
            }

            /// The 24 bits of four characters, or `invalid` and any other bits.
            func group(at index: Int) -> UInt32 {
                table[Int(source[index])] | table[256 + Int(source[index + 1])]
                    | table[512 + Int(source[index + 2])] | table[768 + Int(source[index + 3])]
            }
        }
        offset += read - backslashes
        return (read, written)

        func isEscapedSlash(at index: Int) -> Bool {
            index + 1 < source.count && source[index] == UInt8(ascii: "\\") && source[index + 1] == UInt8(ascii: "/")
        }
    }

    /// Decodes blocks with the processor's vector instructions, as far as they take them.
    ///
    /// - Returns: How many characters were read, a multiple of 4.
    private func decodeBlocks(
        _ source: UnsafeRawBufferPointer, from read: Int, into target: UnsafeMutableRawBufferPointer, at written: Int
    ) -> Int {
        guard let characters = source.baseAddress, let bytes = target.baseAddress else { return 0 }
        return roost_decode_base64_blocks(
            (characters + read).assumingMemoryBound(to: UInt8.self), source.count - read,
            (bytes + written).assumingMemoryBound(to: UInt8.self), ROOST_KERNEL_BEST)
    }

    /// Adds the 6 bits of one character.
    ///
    /// - Returns: The 24 bits of the group if it is now complete.
    private mutating func add(_ value: UInt32) -> UInt32? {
        bits = bits << 6 | value
        characters += 1
        guard characters == 4 else { return nil }
        defer { (bits, characters) = (0, 0) }
        return bits
    }

    /// Marks a byte that is no character of the alphabet.
    private static let invalid: UInt32 = 1 << 31

    /// Four tables of 256: the bits of a character at the first, second, third and fourth place of its group.
    private static let table: [UInt32] = {
        var table = [UInt32](repeating: invalid, count: 1024)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, character) in alphabet.utf8.enumerated() {
            for place in 0..<4 {
                table[place * 256 + Int(character)] = UInt32(value) << UInt32(18 - 6 * place)
            }
        }
        return table
    }()
}
