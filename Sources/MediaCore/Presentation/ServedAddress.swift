import Synchronization

/// The address under which clients reach the server; known for good only when the server listens.
package final class ServedAddress: Sendable {
    private let url: Mutex<String>

    /// Makes an address of a URL without a slash at the end.
    package init(_ url: String = "http://localhost") { self.url = Mutex(url) }

    /// The URL, without a slash at the end.
    package var base: String { url.withLock { $0 } }

    /// Says the URL.
    package func set(_ url: String) {
        let trimmed = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.url.withLock { $0 = trimmed }
    }
}
