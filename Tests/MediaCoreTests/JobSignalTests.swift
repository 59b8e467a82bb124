import Testing

@testable import MediaCore

@Suite("Signals for jobs", .timeLimit(.minutes(1)))
struct JobSignalTests {
    /// Lets somebody wait; what it did is told when it was woken.
    private func waiter(_ signal: JobSignal, for kinds: [JobKind]?) -> Task<Void, Never> {
        Task { await signal.wait(for: kinds) }
    }

    private func waiting(_ signal: JobSignal, _ count: Int) async {
        while signal.waiting < count { await Task.yield() }
    }

    @Test("a signal for a job wakes one, who takes the job and the least else")
    func one() async {
        let signal = JobSignal()
        let all = waiter(signal, for: JobKind.allCases)
        await waiting(signal, 1)
        let images = waiter(signal, for: [.judge])
        await waiting(signal, 2)
        let foreground = waiter(signal, for: JobKind.foreground)
        await waiting(signal, 3)
        signal.notify(.judge)
        await images.value
        #expect(signal.waiting == 2)
        signal.notify(.renditions)
        await all.value
        #expect(signal.waiting == 1)
        signal.notify(.judge)
        await foreground.value
    }

    @Test("a signal for a job that nobody takes now is kept, one for each, for those who take it only")
    func kept() async {
        let signal = JobSignal()
        signal.notify(.judgeVideo)
        signal.notify(.judgeVideo)
        let images = waiter(signal, for: [.judge])
        await waiting(signal, 1)
        await signal.wait(for: JobKind.foreground)
        await signal.wait(for: JobKind.allCases)
        let third = waiter(signal, for: JobKind.allCases)
        await waiting(signal, 2)
        signal.notify()
        await third.value
        await images.value
    }

    @Test("a cancelled wait takes no signal with it")
    func cancelled() async {
        let signal = JobSignal()
        let gone = waiter(signal, for: [.judge])
        await waiting(signal, 1)
        gone.cancel()
        await gone.value
        signal.notify(.judge)
        await signal.wait(for: [.judge])
    }
}
