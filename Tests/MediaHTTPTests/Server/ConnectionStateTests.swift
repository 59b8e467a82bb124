import NIOCore
import NIOHTTP1
import Testing

@testable import MediaHTTP

@Suite("What a connection is doing")
struct ConnectionStateTests {
    @Test("with too many requests waiting nothing is read until they are answered, and then little is dropped")
    func overfull() {
        var limits = ConnectionLimits()
        limits.pipelinedRequests = 2
        var state = ConnectionState(limits: limits, now: .uptimeNanoseconds(0))
        let request = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: ["host": "a"])
        for _ in 0..<2 {
            let isTaken = state.takesRequest()
            #expect(isTaken)
            state.receive(request)
            _ = state.receiveEnd(at: .uptimeNanoseconds(0))
            #expect(!state.holdsBack)
        }
        let isTaken = state.takesRequest()
        #expect(!isTaken)
        #expect(state.holdsBack)
        for isLast in [false, true] {
            var answer = HTTPResponseHead(version: .http1_1, status: .ok)
            let isStarted = state.startAnswer(&answer)
            #expect(isStarted)
            #expect(answer.headers.contains(name: "connection") == isLast)
            #expect(state.holdsBack)
            let after = state.finishAnswer(at: .uptimeNanoseconds(0))
            #expect(after == (isLast ? .linger : .keep))
        }
        #expect(!state.holdsBack && !state.readsBody && !state.lingeredEnough)
        let isKept = state.receive(bytes: limits.lingerBytesAfterNoRequest + 1)
        #expect(!isKept)
        #expect(state.lingeredEnough)
    }
}
