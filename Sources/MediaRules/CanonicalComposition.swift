/// The composing half of Unicode's normal form C (UAX #15, https://www.unicode.org/reports/tr15/).
///
/// The standard library compares strings by canonical equivalence but does not offer the normal form; its comparison is
/// what finds the composed character here.
enum CanonicalComposition {
    /// Composes the scalars of one character: marks in canonical order, then pairs joined from the first scalar on.
    static func compose(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var starter: Int?
        var lastClass = 0
        for scalar in inCanonicalOrder(scalars) {
            let combining = Int(scalar.properties.canonicalCombiningClass.rawValue)
            // A mark is blocked by another of the same or a higher class between it and the starter.
            let isAdjacent = starter == result.count - 1
            if let place = starter, isAdjacent || (lastClass != 0 && lastClass < combining),
                let composed = pair(result[place], scalar)
            {
                result[place] = composed
                continue
            }
            result.append(scalar)
            if combining == 0 { starter = result.count - 1 }
            lastClass = combining
        }
        return result
    }

    /// Sorts each run of marks by combining class, keeping the order within a class.
    private static func inCanonicalOrder(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var marks: [(offset: Int, order: UInt8, scalar: Unicode.Scalar)] = []
        func flush() {
            result += marks.sorted { ($0.order, $0.offset) < ($1.order, $1.offset) }.map(\.scalar)
            marks = []
        }
        for (offset, scalar) in scalars.enumerated() {
            let order = scalar.properties.canonicalCombiningClass.rawValue
            if order == 0 {
                flush()
                result.append(scalar)
            } else {
                marks.append((offset, order, scalar))
            }
        }
        flush()
        return result
    }

    /// The scalar that two compose to; nil when they stay two.
    private static func pair(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if let syllable = hangul(first.value, second.value) { return syllable }
        var text = String.UnicodeScalarView()
        text.append(first)
        text.append(second)
        return composed[String(text)]
    }

    /// Hangul syllables are composed by arithmetic (The Unicode Standard, section 3.12).
    private static func hangul(_ first: UInt32, _ second: UInt32) -> Unicode.Scalar? {
        if (0x1100...0x1112).contains(first), (0x1161...0x1175).contains(second) {
            return Unicode.Scalar(0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28)
        }
        if (0xAC00...0xD7A3).contains(first), (first - 0xAC00) % 28 == 0, (0x11A8...0x11C2).contains(second) {
            return Unicode.Scalar(first + second - 0x11A7)
        }
        return nil
    }

    /// The blocks that hold composed characters.
    private static let blocks: [ClosedRange<UInt32>] = [
        0x00C0...0x0233, 0x0385...0x03D4, 0x0400...0x04F9, 0x0622...0x06D3, 0x0929...0x0DDE, 0x1026...0x1026,
        0x1B06...0x1B43, 0x1E00...0x1FFC, 0x219A...0x22ED, 0x304C...0x30FE,
    ]

    /// Characters of these blocks that normal form C takes apart again (CompositionExclusions.txt).
    private static let excluded: Set<UInt32> = Set(
        Array(0x0958...0x095F)
            + [0x09DC, 0x09DD, 0x09DF, 0x0A33, 0x0A36, 0x0A59, 0x0A5A, 0x0A5B, 0x0A5E, 0x0B5C, 0x0B5D])

    /// Composed characters by their text; two texts are the same key when they are canonically equivalent.
    private static let composed: [String: Unicode.Scalar] = {
        var table: [String: Unicode.Scalar] = [:]
        for value in blocks.joined() where !excluded.contains(value) {
            guard let scalar = Unicode.Scalar(value), table[String(scalar)] == nil else { continue }
            table[String(scalar)] = scalar
        }
        return table
    }()
}
