import NIOCore
import Testing

@testable import MediaHTTP

extension BodyMeter {
    /// `isTooSlow` for a macro, which takes no mutating call.
    fileprivate func wouldBeTooSlow(at now: NIODeadline, _ limits: ConnectionLimits) -> Bool {
        var copy = self
        return copy.isTooSlow(at: now, limits)
    }
}

@Suite("A body is too slow below 1 KiB/s over 30 s of waiting")
struct BodyMeterTests {
    private let limits = ConnectionLimits()
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    @Test(
        "30 s of waiting with too few bytes is too slow, with enough bytes it is not",
        arguments: [
            (bytes: 30 * 1024 - 1, isTooSlow: true), (bytes: 30 * 1024, isTooSlow: false),
        ])
    func rate(bytes: Int, isTooSlow: Bool) {
        var meter = BodyMeter(length: nil, awaitsContinue: false)
        meter.startWaiting(at: start)
        meter.receive(bytes)
        #expect(meter.windowEnd(limits) == start + .seconds(30))
        #expect(!meter.wouldBeTooSlow(at: start + .seconds(29), limits))
        #expect(meter.wouldBeTooSlow(at: start + .seconds(30), limits) == isTooSlow)
    }

    @Test("Time in which the server does not ask for bytes does not count")
    func backPressure() {
        var meter = BodyMeter(length: nil, awaitsContinue: false)
        meter.startWaiting(at: start)
        meter.stopWaiting(at: start + .seconds(10))
        #expect(meter.windowEnd(limits) == nil)
        #expect(!meter.wouldBeTooSlow(at: start + .seconds(3600), limits))
        meter.startWaiting(at: start + .seconds(3600))
        #expect(meter.windowEnd(limits) == start + .seconds(3620))
        #expect(meter.wouldBeTooSlow(at: start + .seconds(3620), limits))
    }

    @Test("A client that waits for 100 Continue is not slow; its first byte shows that it does not wait")
    func expectation() {
        var meter = BodyMeter(length: 10, awaitsContinue: true)
        meter.startWaiting(at: start)
        #expect(meter.windowEnd(limits) == nil)
        meter.receive(1)
        #expect(!meter.awaitsContinue)
        #expect(meter.remaining == 9)
        meter.startWaiting(at: start)
        #expect(meter.windowEnd(limits) != nil)
    }

    @Test("A window that was fast enough does not pay for the next one")
    func windows() {
        var meter = BodyMeter(length: nil, awaitsContinue: false)
        meter.startWaiting(at: start)
        meter.receive(1 << 30)
        let first = meter.isTooSlow(at: start + .seconds(30), limits)
        #expect(!first)
        #expect(meter.wouldBeTooSlow(at: start + .seconds(60), limits))
    }

    @Test("A second read does not begin the window anew; the next one begins with nothing waited")
    func begin() {
        var meter = BodyMeter(length: nil, awaitsContinue: false)
        meter.startWaiting(at: start)
        meter.startWaiting(at: start + .seconds(20))
        #expect(meter.windowEnd(limits) == start + .seconds(30))
        meter.stopWaiting(at: start + .seconds(20))
        meter.receive(limits.bodyBytesPerWindow)
        meter.startWaiting(at: start + .seconds(100))
        let isTooSlow = meter.isTooSlow(at: start + .seconds(110), limits)
        #expect(!isTooSlow)
        #expect(meter.windowEnd(limits) == start + .seconds(140))
    }
}
