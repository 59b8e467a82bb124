import Foundation
import FuzzSupport
import Testing

/// The properties of `FuzzSupport` on inputs without coverage: a bounded number that a seed repeats.
///
/// `ROOST_FUZZ_N` sets the cases of each target, `ROOST_FUZZ_SEED` another seed; `make fuzz` is the real search.
@Suite("Mutations", .timeLimit(.minutes(10)))
struct MutationTests {
    static let cases = ProcessInfo.processInfo.environment["ROOST_FUZZ_N"].flatMap(Int.init) ?? 8000
    static let seed = ProcessInfo.processInfo.environment["ROOST_FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    @Test("every seed has the properties", arguments: FuzzTarget.all)
    func seeds(target: FuzzTarget) {
        for (index, seed) in target.seeds.enumerated() { run(target, on: seed, "seed \(index)") }
    }

    @Test("mutations have the properties", arguments: FuzzTarget.all)
    func mutations(target: FuzzTarget) {
        var mutation = Mutation(of: target, seed: Self.seed)
        for step in 0..<Self.cases { run(target, on: mutation.next(), "ROOST_FUZZ_SEED=\(Self.seed), step \(step)") }
    }

    private func run(_ target: FuzzTarget, on input: [UInt8], _ name: String) {
        do {
            try target.check(input)
        } catch {
            Issue.record("\(target), \(name): \(error)\nbase64: \(Data(input).base64EncodedString())")
        }
    }
}
