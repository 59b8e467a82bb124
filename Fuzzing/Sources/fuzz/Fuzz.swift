import CFuzzer
import Foundation
import FuzzSupport

/// `fuzz seeds TARGET FOLDER` writes a target's seeds and dictionary; `fuzz TARGET [OPTION OF LIBFUZZER | FILE]...` runs it.
///
/// Without arguments it names the targets.
@main
struct Fuzz {
    // The fuzzer calls a C function, which can carry nothing along.
    nonisolated(unsafe) private static var target: FuzzTarget?

    static func main() throws {
        let arguments = CommandLine.arguments
        if arguments.count == 4, arguments[1] == "seeds" {
            return try write(named(arguments[2]), to: URL(fileURLWithPath: arguments[3]))
        }
        guard arguments.count >= 2 else {
            for target in FuzzTarget.all { print(target) }
            return
        }
        target = named(arguments[1])
        var count = CInt(arguments.count - 1)
        var texts: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = .allocate(capacity: arguments.count)
        for (index, text) in ([arguments[0]] + arguments.dropFirst(2)).enumerated() { texts?[index] = strdup(text) }
        texts?[arguments.count - 1] = nil
        exit(
            LLVMFuzzerRunDriver(&count, &texts) { start, count in
                let input = Array(UnsafeBufferPointer(start: start, count: count))
                do {
                    try Fuzz.target?.check(input)
                } catch {
                    // A trap is how the fuzzer learns of it; it keeps the input.
                    fatalError("\(error)")
                }
                return 0
            })
    }

    private static func named(_ name: String) -> FuzzTarget {
        guard let target = FuzzTarget.all.first(where: { $0.name == name }) else {
            print("fuzz: no target \(name)")
            exit(2)
        }
        return target
    }

    private static func write(_ target: FuzzTarget, to folder: URL) throws {
        let seeds = folder.appendingPathComponent("seeds")
        try FileManager.default.createDirectory(at: seeds, withIntermediateDirectories: true)
        for (index, seed) in target.seeds.enumerated() {
            try Data(seed).write(to: seeds.appendingPathComponent("\(index)"))
        }
        let lines = target.tokens.map { token in
            "\"" + token.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\"\n"
        }
        try Data(lines.joined().utf8).write(to: folder.appendingPathComponent("dictionary"))
    }
}
