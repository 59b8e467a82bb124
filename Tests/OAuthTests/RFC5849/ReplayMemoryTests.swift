import Testing

@testable import OAuth

@Suite("Timestamps and nonces (RFC 5849 §3.3)")
struct ReplayMemoryTests {
    private let now: Int64 = 1_700_000_000

    /// A signature of its own for each number.
    private func signature(_ number: Int) -> Signature {
        SigningKey(consumerSecret: "s", tokenSecret: "t").signature(
            method: "GET", url: Array("https://api.x.com/".utf8), parameters: Array("n=\(number)".utf8))
    }

    @Test("a request is taken once, also after others, until its timestamp is out of the window")
    func once() {
        var memory = ReplayMemory(window: 300)
        let first = signature(1)
        #expect(memory.admit(first, consumerKey: "app", timestamp: now, now: now) == .fresh)
        for number in 2..<100 {
            #expect(memory.admit(signature(number), consumerKey: "app", timestamp: now, now: now + 1) == .fresh)
        }
        for later in [0, 1, 299, 300] as [Int64] {
            #expect(memory.admit(first, consumerKey: "app", timestamp: now, now: now + later) == .replayed)
        }
        #expect(memory.admit(first, consumerKey: "app", timestamp: now, now: now + 301) == .untimely)
    }

    @Test("the window has two ends, both inside")
    func window() {
        let memory = ReplayMemory(window: 300)
        for (offset, isTimely) in [(-301, false), (-300, true), (0, true), (300, true), (301, false)] {
            #expect(memory.isTimely(now + Int64(offset), now: now) == isTimely, "\(offset)")
        }
    }

    @Test("a timestamp of the future is remembered until it is past")
    func future() {
        var memory = ReplayMemory(window: 300)
        #expect(memory.admit(signature(1), consumerKey: "app", timestamp: now + 300, now: now) == .fresh)
        for later in stride(from: 0, through: 600, by: 60) as StrideThrough<Int64> {
            #expect(
                memory.admit(signature(1), consumerKey: "app", timestamp: now + 300, now: now + later) == .replayed)
        }
    }

    @Test("a full memory forgets the fullest app's oldest second, and refuses what is as old")
    func full() {
        var memory = ReplayMemory(window: 300, capacity: 100)
        for number in 0..<20 {
            let timestamp = now - 10 + Int64(number / 10)
            #expect(memory.admit(signature(number), consumerKey: "calm", timestamp: timestamp, now: now) == .fresh)
        }
        for number in 100..<500 {
            let timestamp = now - 40 + Int64((number - 100) / 10)
            #expect(memory.admit(signature(number), consumerKey: "busy", timestamp: timestamp, now: now) == .fresh)
        }
        // The other app's are all known, and new ones of any age are taken.
        for number in 0..<20 {
            let timestamp = now - 10 + Int64(number / 10)
            #expect(memory.admit(signature(number), consumerKey: "calm", timestamp: timestamp, now: now) == .replayed)
        }
        #expect(memory.admit(signature(900), consumerKey: "calm", timestamp: now - 300, now: now) == .fresh)
        // None of the busy app's is taken again, forgotten or not.
        for number in 100..<500 {
            let timestamp = now - 40 + Int64((number - 100) / 10)
            let again = memory.admit(signature(number), consumerKey: "busy", timestamp: timestamp, now: now)
            #expect(again == .replayed || again == .untimely, "\(number)")
        }
        #expect(memory.admit(signature(901), consumerKey: "busy", timestamp: now, now: now) == .fresh)
        #expect(memory.admit(signature(902), consumerKey: "busy", timestamp: now - 40, now: now) == .untimely)
    }

    @Test("what is too old is forgotten")
    func pruned() {
        var memory = ReplayMemory(window: 10, capacity: 1000)
        for second in 0..<10_000 {
            for number in 0..<3 {
                let admission = memory.admit(
                    signature(second * 3 + number), consumerKey: "app\(second % 7)", timestamp: now + Int64(second),
                    now: now + Int64(second))
                #expect(admission == .fresh)
            }
            #expect(memory.size <= 33)
        }
    }
}
