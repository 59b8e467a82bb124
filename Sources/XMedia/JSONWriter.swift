/// What is written often enough to have a direct way into JSON.
public protocol JSONWritable {
    /// Writes the value as `JSONEncoder` does with `.sortedKeys` and `.withoutEscapingSlashes`: the same bytes.
    func write(to json: inout JSONWriter)
}

/// Writes JSON (RFC 8259) into bytes as it is told, without building a tree of values first.
///
/// An encoder finds out at run time what stands in the code anyway, and takes ten times as long. Who writes an object tells
/// its members in the order of their names.
public struct JSONWriter {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []
    /// Something stands before, in the same array or object.
    private var isFollowing = false

    /// Makes an empty one.
    public init() { bytes.reserveCapacity(512) }

    /// Writes an object; the closure writes its members.
    mutating func object(_ members: (inout JSONWriter) -> Void) {
        enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    /// Writes an array.
    mutating func array(_ items: some Sequence<some JSONWritable>) {
        enclose(UInt8(ascii: "["), UInt8(ascii: "]")) { json in
            for item in items {
                json.separate()
                item.write(to: &json)
            }
        }
    }

    /// Writes a member, unless it is nil; its name needs no escaping.
    mutating func member(_ name: StaticString, _ value: (some JSONWritable)?) {
        guard let value else { return }
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        value.write(to: &self)
    }

    /// Writes a member of any name.
    mutating func member(named name: String, _ value: some JSONWritable) {
        separate()
        string(name)
        bytes.append(UInt8(ascii: ":"))
        value.write(to: &self)
    }

    /// Writes a string with its quotes.
    mutating func string(_ text: String) {
        var text = text
        bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { text in
            var written = 0
            for (index, byte) in text.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
                bytes.append(contentsOf: text[written..<index])
                escape(byte)
                written = index + 1
            }
            bytes.append(contentsOf: text[written...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes what needs no quotes.
    mutating func literal(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func escape(_ byte: UInt8) {
        let short: [UInt8: Unicode.Scalar] = [8: "b", 9: "t", 10: "n", 12: "f", 13: "r", 0x22: "\"", 0x5C: "\\"]
        bytes.append(UInt8(ascii: "\\"))
        if let letter = short[byte] {
            bytes.append(UInt8(ascii: letter))
        } else {
            let digits = String(byte, radix: 16)
            bytes.append(contentsOf: "u00\(digits.utf8.count == 1 ? "0" : "")\(digits)".utf8)
        }
    }

    private mutating func separate() {
        if isFollowing { bytes.append(UInt8(ascii: ",")) }
        isFollowing = true
    }

    private mutating func enclose(_ open: UInt8, _ close: UInt8, _ content: (inout JSONWriter) -> Void) {
        bytes.append(open)
        isFollowing = false
        content(&self)
        bytes.append(close)
        isFollowing = true
    }
}
