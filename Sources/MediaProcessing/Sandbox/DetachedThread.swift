import SystemPackage

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A thread for work that waits for minutes.
///
/// Foundation's `Thread` says nothing when the system gives no more threads: its work would be awaited for ever.
enum DetachedThread {
    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Starts a thread.
    ///
    /// - Throws: as pthread_create(3), EAGAIN when there are as many as allowed.
    static func start(_ body: @escaping @Sendable () -> Void) throws(Errno) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let work = Unmanaged.passRetained(Work(body))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let error = pthread_create(
            &thread, &attributes,
            { raw in
                #if canImport(Darwin)
                    Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().body()
                #else
                    if let raw { Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().body() }
                #endif
                return nil
            }, work.toOpaque())
        guard error == 0 else {
            work.release()
            throw Errno(rawValue: error)
        }
    }
}
