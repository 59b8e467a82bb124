import Foundation
import Logging

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The limit of open files: each connection and each segment in flight takes one.
enum OpenFiles {
    /// Raises the soft limit to the hard one and returns it.
    static func raiseLimit(logger: Logger) -> Int {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0 else { return 1024 }
        let before = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        if setrlimit(resource, &limit) == 0 { return Int(clamping: limit.rlim_max) }
        logger.warning("the limit of open files could not be raised", metadata: ["limit": "\(before)"])
        return Int(clamping: before)
    }
}
