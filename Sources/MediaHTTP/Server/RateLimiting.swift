import HTTPTypes
import Hummingbird
import MediaCore

/// Counts requests before their routes see them, and refuses those that are too many; nothing of a body is read.
///
/// A request without a valid token is counted for nobody: it is refused for that.
struct RateLimiting: RouterMiddleware {
    let limiter: RateLimiter
    let clock: any WallClock

    func handle(
        _ request: Request, context: RoostContext, next: @concurrent (Request, RoostContext) async throws -> Response
    ) async throws -> Response {
        guard case .principal(let principal) = context.authentication, let path = context.endpointPath else {
            return try await next(request, context)
        }
        let method = request.method == .head ? "GET" : request.method.rawValue
        guard let verdict = limiter.take("\(method) \(path)", user: principal.userID, app: principal.clientID) else {
            return try await next(request, context)
        }
        context.exchange.rateLimit = verdict
        guard verdict.isRefused else { return try await next(request, context) }
        throw HTTPProblem.tooManyRequests(
            limit: verdict.window.limit, reset: verdict.window.resetsAt.wholeSecondsUp,
            retryAfter: max(1, Int((verdict.window.resetsAt - clock.now).inSeconds.rounded(.up))))
    }
}

extension RateLimiter.Verdict {
    /// Tells the client how it stands (https://docs.x.com/x-api/fundamentals/rate-limits).
    ///
    /// The app's window of a day stands beside the user's in headers that X's live service sends and does not document.
    func apply(to headers: inout HTTPFields) {
        headers[.rateLimitLimit] = String(window.limit)
        headers[.rateLimitRemaining] = String(window.remaining)
        headers[.rateLimitReset] = String(window.resetsAt.wholeSecondsUp)
        guard let appWindow else { return }
        headers[.appLimitLimit] = String(appWindow.limit)
        headers[.appLimitRemaining] = String(appWindow.remaining)
        headers[.appLimitReset] = String(appWindow.resetsAt.wholeSecondsUp)
    }
}

extension Timestamp {
    /// Seconds since 1970, rounded up: who waits until then has waited long enough.
    fileprivate var wholeSecondsUp: Int64 { (self + .milliseconds(999)).seconds }
}

extension HTTPField.Name {
    /// The names are valid, so there is a value.
    fileprivate static let appLimitLimit = HTTPField.Name("x-app-limit-24hour-limit")!
    fileprivate static let appLimitRemaining = HTTPField.Name("x-app-limit-24hour-remaining")!
    fileprivate static let appLimitReset = HTTPField.Name("x-app-limit-24hour-reset")!
}
