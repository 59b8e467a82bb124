import Hummingbird

/// A Hummingbird server with one route that answers 200 without a body. Argument: the port, on 127.0.0.1.
@main
struct EmptyRoute {
    static func main() async throws {
        let router = Router()
        router.get("empty") { _, _ in HTTPResponse.Status.ok }
        let port = Int(CommandLine.arguments[1]) ?? 0
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)))
        try await application.runService()
    }
}
