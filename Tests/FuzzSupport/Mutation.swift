import RandomSupport

/// Changes inputs as a fuzzer without coverage does: everywhere, at the places that mean something more often.
package struct Mutation {
    private var random: SeededGenerator
    private let target: FuzzTarget

    /// Starts a stream of inputs that a seed repeats.
    package init(of target: FuzzTarget, seed: UInt64) {
        self.target = target
        random = SeededGenerator(seed)
    }

    /// The next input.
    package mutating func next() -> [UInt8] {
        var input = target.seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...6, using: &random) { change(&input) }
        return Array(input.prefix(8192))
    }

    private mutating func change(_ input: inout [UInt8]) {
        let place = Int.random(in: 0...input.count, using: &random)
        let span = place..<min(input.count, place + length())
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: setByte(&input, at: place)
        case 2, 3: input.insert(contentsOf: token(), at: place)
        case 4: input.replaceSubrange(span, with: token())
        case 5: input.removeSubrange(span)
        case 6: input.insert(contentsOf: input[span], at: place)
        case 7: input.removeSubrange(place...)
        case 8: splice(&input, at: place)
        default: setNumber(&input, at: place)
        }
    }

    /// Mostly short, seldom long.
    private mutating func length() -> Int { 1 << Int.random(in: 0...8, using: &random) }

    private mutating func token() -> [UInt8] {
        target.tokens.randomElement(using: &random) ?? [UInt8.random(in: 0...255, using: &random)]
    }

    private mutating func setByte(_ input: inout [UInt8], at place: Int) {
        guard place < input.count else { return }
        let telling: [UInt8] = [0, 1, 0x0A, 0x0D, 0x20, 0x22, 0x2D, 0x5C, 0x7F, 0x80, 0xFE, 0xFF]
        input[place] =
            Bool.random(using: &random)
            ? telling.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
    }

    /// Continues with the end of another seed.
    private mutating func splice(_ input: inout [UInt8], at place: Int) {
        let other = target.seeds.randomElement(using: &random) ?? []
        input.replaceSubrange(place..., with: other.dropFirst(Int.random(in: 0...other.count, using: &random)))
    }

    /// Puts a number at the edge of something where lengths and counts stand, in both byte orders.
    private mutating func setNumber(_ input: inout [UInt8], at place: Int) {
        let numbers: [UInt64] = [0, 1, 7, 8, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, .max]
        let number = numbers.randomElement(using: &random) ?? 0
        let width = [2, 4, 8].randomElement(using: &random) ?? 4
        guard place + width <= input.count else { return }
        var bytes = (0..<width).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
        if Bool.random(using: &random) { bytes.reverse() }
        input.replaceSubrange(place..<place + width, with: bytes)
    }
}
