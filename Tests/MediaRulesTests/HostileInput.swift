import MediaRules
import RandomSupport

/// A file of any claimed size, a beginning and then one pattern for ever; counts what is read of it.
final class EndlessSource: ByteSource {
    let size: Int64
    private let head: [UInt8]
    private let period: Int
    /// The pattern, repeated beyond the largest read.
    private let tile: [UInt8]
    private(set) var bytesRead = 0

    init(head: [UInt8], pattern: [UInt8], size: Int64 = 16 << 30) {
        self.head = head
        self.period = pattern.count
        self.tile = Array(repeatElement(pattern, count: (1 << 17) / pattern.count + 2).joined())
        self.size = size
    }

    func read(at offset: Int64, count: Int) -> [UInt8] {
        let wanted = Int(max(0, min(Int64(min(count, 1 << 17)), size - offset)))
        bytesRead += wanted
        let start = Int(offset)
        let opening = head.dropFirst(start).prefix(wanted)
        let phase = max(0, start - head.count) % period
        return Array(opening) + tile[phase..<phase + wanted - opening.count]
    }
}

/// Calls `body` with every truncation of a file and with mutations of it; the same ones in every run.
func forHostileVariants(of file: [UInt8], mutations: Int, _ body: (ArrayByteSource) throws -> Void) rethrows {
    for count in 0..<file.count { try body(ArrayByteSource(Array(file.prefix(count)))) }
    var random = SeededGenerator(UInt64(file.count))
    let telling: [UInt8] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF]
    for _ in 0..<mutations {
        var variant = file
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0..<file.count, using: &random)
            variant[place] =
                Bool.random(using: &random)
                ? telling.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
        }
        try body(ArrayByteSource(variant))
    }
}
