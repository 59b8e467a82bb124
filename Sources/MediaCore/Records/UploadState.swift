/// Where an upload stands.
///
/// The way is `uploading` → `pending` → `inProgress` → `succeeded` or `failed`; `deleting` can follow on each.
package enum UploadState: String, Sendable, CaseIterable {
    /// Segments are accepted. Next: `pending` by finalize, `deleting` by expiry or abort.
    case uploading
    /// Closed; a job waits. Next: `inProgress` by a lease, `deleting`.
    case pending
    /// A worker has the job. Next: `succeeded`, `failed`, `pending` when the job is handed back, `deleting`.
    case inProgress = "in_progress"
    /// Ready for use. Next: `deleting`.
    case succeeded
    /// The file was refused or could not be processed. Next: `deleting`.
    case failed
    /// Rows and bytes are being erased. Final.
    case deleting
}

/// What moves an upload on its way.
///
/// Receiving a segment moves nothing, and deleting needs no rule: it can follow on each state, and nothing follows on it.
package enum UploadEvent: Sendable, CaseIterable {
    /// The client closed the upload and all segments are there.
    case finalize
    /// A worker leased the job.
    case start
    /// The worker gave the job back without a result.
    case handBack
    /// The worker published its result.
    case succeed
    /// The file was refused, or its decoder failed too often.
    case fail
}

/// An event that the state does not allow.
package struct InvalidTransition: Error, Equatable {
    package let state: UploadState
    package let event: UploadEvent
}

extension UploadState {
    /// The state after an event.
    ///
    /// - Throws: ``InvalidTransition`` when the event cannot happen in this state.
    package func after(_ event: UploadEvent) throws(InvalidTransition) -> UploadState {
        switch (self, event) {
        case (.uploading, .finalize): .pending
        case (.pending, .start), (.inProgress, .start): .inProgress
        case (.inProgress, .handBack), (.pending, .handBack): .pending
        case (.inProgress, .succeed): .succeeded
        case (.inProgress, .fail): .failed
        default: throw InvalidTransition(state: self, event: event)
        }
    }
}
