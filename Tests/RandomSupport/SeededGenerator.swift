/// SplitMix64: the same numbers for the same seed, everywhere (https://prng.di.unimi.it/splitmix64.c).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Makes the generator of a seed; further numbers give generators that have nothing in common.
    package init(_ seed: UInt64, _ further: Int...) {
        state = seed
        for number in further { state = next() ^ UInt64(truncatingIfNeeded: number) }
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True in so many of a hundred cases.
    package mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    /// Bytes without any pattern.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            var rest = UnsafeMutableRawBufferPointer(buffer)
            while !rest.isEmpty {
                withUnsafeBytes(of: next()) {
                    rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(rest.count)))
                }
                rest = UnsafeMutableRawBufferPointer(rebasing: rest.dropFirst(8))
            }
            initialized = count
        }
    }
}
