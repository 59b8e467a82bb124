import Foundation
import ProgramSupport

/// Debian's nginx in front of a server: one listener that passes bodies on as they come, one that buffers them.
final class NginxProcess {
    let streamingPort: Int
    let bufferingPort: Int
    private let folder: TemporaryFolder
    private let process = Process()

    init(upstream: Int) throws {
        folder = try TemporaryFolder()
        streamingPort = try Self.freePort()
        bufferingPort = try Self.freePort()
        let path = folder.path
        let location = """
            location / { proxy_pass http://roost; proxy_http_version 1.1; proxy_set_header Connection "";
                         proxy_set_header Host $http_host; %@ }
            """
        let configuration = """
            daemon off; master_process off; worker_processes 1; pid \(path)/pid; error_log \(path)/error.log;
            events { worker_connections 2000; }
            http {
              log_format seen '$upstream_status $request_method $request_uri';
              access_log \(path)/access.log seen;
              client_body_temp_path \(path)/a; proxy_temp_path \(path)/b; fastcgi_temp_path \(path)/c;
              uwsgi_temp_path \(path)/d; scgi_temp_path \(path)/e;
              # Few, so that the requests of many senders share them.
              upstream roost { server 127.0.0.1:\(upstream); keepalive 2; }
              server { listen 127.0.0.1:\(streamingPort); \(String(format: location, "proxy_request_buffering off;")) }
              server { listen 127.0.0.1:\(bufferingPort); \(String(format: location, "")) }
            }
            """
        try configuration.write(toFile: "\(path)/nginx.conf", atomically: true, encoding: .utf8)
        process.executableURL = URL(fileURLWithPath: "/usr/sbin/nginx")
        process.arguments = ["-p", path, "-c", "\(path)/nginx.conf", "-e", "\(path)/error.log"]
        try process.run()
        for _ in 0..<200 {
            if (try? Socket(port: bufferingPort)) != nil { return }
            usleep(50_000)
        }
        let log = (try? String(contentsOfFile: "\(path)/error.log", encoding: .utf8)) ?? ""
        throw RoostProcess.Failure(description: "nginx did not start: \(log)")
    }

    deinit {
        // A process inherits the signals that its parent's thread blocks, and a worker thread blocks SIGTERM.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// The requests for a path that were passed on, as nginx sees it.
    func passedOn(_ path: String) -> Int {
        let log = (try? String(contentsOfFile: "\(folder.path)/access.log", encoding: .utf8)) ?? ""
        return log.split(separator: "\n").count { !$0.hasPrefix("- ") && $0.contains(path) }
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
            }
        }
        guard result == 0 else { throw RoostProcess.Failure(description: "no free port") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }
}
