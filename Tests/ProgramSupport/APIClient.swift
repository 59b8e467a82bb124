package import AsyncHTTPClient
import Crypto
package import Foundation
package import NIOCore
package import NIOHTTP1
package import XMedia

/// Speaks the public API as a client does, without a library of ours between.
package struct APIClient: Sendable {
    package let url: String
    package let token: String
    /// How long one request may take; the client tries to connect for that long too.
    package var timeout: TimeAmount = .seconds(60)
    private let client: HTTPClient

    package init(url: String, token: String, client: HTTPClient = .shared) {
        self.url = url
        self.token = token
        self.client = client
    }

    package struct Answer: Sendable {
        package let status: Int
        package let headers: HTTPHeaders
        package let body: Data

        package func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
            try JSONDecoder().decode(type, from: body)
        }

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package func send(
        _ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: Data? = nil,
        authorized: Bool = true
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : url + path)
        request.method = method
        if authorized { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(body) }
        let response = try await client.execute(request, timeout: timeout)
        let bytes = try await response.body.collect(upTo: 64 << 20)
        return Answer(status: Int(response.status.code), headers: response.headers, body: Data(bytes.readableBytesView))
    }

    package func json(_ method: HTTPMethod, _ path: String, _ body: String) async throws -> Answer {
        try await send(method, path, headers: [("Content-Type", "application/json")], body: Data(body.utf8))
    }

    package func initialize(bytes: Int, type: String, category: String) async throws -> String {
        let answer = try await json(
            .POST, "/2/media/upload/initialize",
            #"{"media_type":"\#(type)","media_category":"\#(category)","total_bytes":\#(bytes)}"#)
        return try answer.json(DataEnvelope<UploadData>.self).data.orThrow(answer.text).id.description
    }

    package func append(_ id: String, index: Int, _ bytes: Data) async throws -> Answer {
        try await form("/2/media/upload/\(id)/append", fields: [("segment_index", "\(index)")], media: bytes)
    }

    /// Sends fields and a file as a browser's form does.
    package func form(_ path: String, fields: [(String, String)], media bytes: Data) async throws -> Answer {
        let boundary = "roost-\(UUID().uuidString)"
        var body = Data()
        for (name, value) in fields {
            body.append(
                Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8))
        }
        body.append(
            Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"media\"; filename=\"blob\"\r\n\r\n".utf8))
        body.append(bytes)
        body.append(Data("\r\n--\(boundary)--\r\n".utf8))
        return try await send(
            .POST, path, headers: [("Content-Type", "multipart/form-data; boundary=\(boundary)")], body: body)
    }

    package func finalize(_ id: String) async throws -> Answer {
        try await send(.POST, "/2/media/upload/\(id)/finalize")
    }

    package func status(_ id: String) async throws -> UploadData {
        let answer = try await send(.GET, "/2/media/upload?command=STATUS&media_id=\(id)")
        return try answer.json(DataEnvelope<UploadData>.self).data.orThrow(answer.text)
    }

    /// Asks until the state is final; the deadline only catches a hang.
    package func waitUntilProcessed(_ id: String) async throws -> UploadData {
        for _ in 0..<600 {
            let data = try await status(id)
            if data.processingInfo?.state == .succeeded || data.processingInfo?.state == .failed { return data }
            try await Task.sleep(for: .milliseconds(200))
        }
        throw RoostProcess.Failure(description: "\(id) is still being processed")
    }
}

extension Optional {
    package func orThrow(_ text: String) throws -> Wrapped {
        guard let self else { throw RoostProcess.Failure(description: text) }
        return self
    }
}

extension Data {
    package var sha256: String { SHA256.hash(data: self).map { String(format: "%02x", $0) }.joined() }

    package func segments(of size: Int) -> [(index: Int, bytes: Data)] {
        stride(from: 0, to: count, by: size).enumerated().map { index, start in
            (index, self[start..<Swift.min(start + size, count)])
        }
    }
}
