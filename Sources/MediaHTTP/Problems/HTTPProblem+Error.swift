import HTTPTypes
import Hummingbird
import MediaCore
import NIOCore

extension HTTPProblem {
    /// The answer for an error that a route or a middleware threw; nil for errors that nobody foresaw.
    package init?(_ error: any Error) {
        switch error {
        case let error as HTTPProblem: self = error
        case let error as ServiceError: self = HTTPProblem(error)
        case let error as StoreError: self = HTTPProblem(ServiceError(error))
        case is NIOTooManyBytesError: self = .contentTooLarge("The request body has more bytes than this route takes.")
        case is CancellationError: self = .unavailable("The server is stopping.", retryAfter: 5)
        case let error as HTTPError:
            self = HTTPProblem(error.status, detail: error.body ?? error.status.reasonPhrase, headers: error.headers)
        case let error as any HTTPResponseError:
            self = HTTPProblem(error.status, detail: error.status.reasonPhrase)
        default: return nil
        }
    }
}
