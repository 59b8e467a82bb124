import Testing

@testable import MediaCore

/// Every state × every event has its row here.
@Suite("The upload's state machine")
struct UploadStateTests {
    /// What follows on an event; nil where the event cannot happen.
    private static let table: [UploadState: [UploadEvent: UploadState]] = [
        .uploading: [.finalize: .pending],
        .pending: [.start: .inProgress, .handBack: .pending],
        .inProgress: [.start: .inProgress, .handBack: .pending, .succeed: .succeeded, .fail: .failed],
        .succeeded: [:],
        .failed: [:],
        .deleting: [:],
    ]

    @Test("each state answers each event as the table says", arguments: UploadState.allCases, UploadEvent.allCases)
    func transition(state: UploadState, event: UploadEvent) throws {
        if let next = try #require(Self.table[state])[event] {
            #expect(try state.after(event) == next)
        } else {
            #expect(throws: InvalidTransition(state: state, event: event)) { try state.after(event) }
        }
    }
}
