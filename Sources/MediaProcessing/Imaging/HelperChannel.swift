import CHelperChannel
import Synchronization
import SystemPackage

/// The server's end of a helper's socket.
///
/// ``send(_:descriptors:)`` and ``receive(within:)`` block, so they are called on a thread pool.
final class HelperChannel: Sendable {
    /// A packet, and who sent it.
    struct Packet {
        /// The text.
        var text: String
        /// The sender, in this process's pid namespace, even when the helper lives in another.
        var sender: Int32
    }

    /// The longest message, as in `protocol.h`.
    static let maxMessageBytes = 2048

    /// nil once closed, so that a late ``shutDown()`` cannot hit a descriptor number that was given out again.
    private let descriptor: Mutex<CInt?>

    private init(descriptor: CInt) {
        self.descriptor = Mutex(descriptor)
    }

    deinit {
        close()
    }

    /// Makes a connected pair: the channel, and the descriptor that becomes the helper's standard input.
    static func pair() throws(Errno) -> (channel: HelperChannel, helperEnd: FileDescriptor) {
        var ends: (CInt, CInt) = (-1, -1)
        let error = withUnsafeMutablePointer(to: &ends) { pointer in
            pointer.withMemoryRebound(to: CInt.self, capacity: 2) { helper_channel_pair($0) }
        }
        guard error == 0 else { throw Errno(rawValue: error) }
        return (HelperChannel(descriptor: ends.0), FileDescriptor(rawValue: ends.1))
    }

    /// Sends one packet with copies of the descriptors.
    func send(_ text: String, descriptors: [FileDescriptor]) throws(Errno) {
        let channel = try open()
        let numbers = descriptors.map(\.rawValue)
        let error = helper_channel_send(channel, text, text.utf8.count, numbers, numbers.count)
        guard error == 0 else { throw Errno(rawValue: error) }
    }

    /// Waits for one packet; nil when the helper is gone or the channel was shut down.
    ///
    /// - Throws: `Errno.timedOut`, or what recvmsg(2) fails with.
    func receive(within time: Duration) throws(Errno) -> Packet? {
        let channel = try open()
        let milliseconds = time.components.seconds * 1000 + time.components.attoseconds / 1_000_000_000_000_000
        var bytes = [UInt8](repeating: 0, count: Self.maxMessageBytes)
        var length = 0
        var sender: Int32 = 0
        let error = bytes.withUnsafeMutableBytes { buffer in
            helper_channel_receive(
                channel, buffer.baseAddress, buffer.count, CInt(clamping: milliseconds), &length, &sender)
        }
        guard error == 0 else { throw Errno(rawValue: error) }
        return length == 0 ? nil : Packet(text: String(decoding: bytes[..<length], as: UTF8.self), sender: sender)
    }

    /// Ends a ``receive(within:)`` that waits in another thread; the helper reads the end of its input.
    func shutDown() {
        descriptor.withLock { descriptor in
            if let descriptor { helper_channel_shut_down(descriptor) }
        }
    }

    /// Closes the channel.
    ///
    /// Not while ``receive(within:)`` waits.
    func close() {
        descriptor.withLock { descriptor in
            if let number = descriptor.take() {
                try? FileDescriptor(rawValue: number).close()
            }
        }
    }

    private func open() throws(Errno) -> CInt {
        guard let number = descriptor.withLock({ $0 }) else { throw .badFileDescriptor }
        return number
    }
}
