import Foundation
import JSONBody
import NIOCore

extension FuzzTarget {
    /// Base64 in both forms: independent of how it is cut; where Foundation accepts, the same bytes or a refusal that the
    /// RFC asks for.
    static let base64 = FuzzTarget(
        "base64",
        seeds: ["", "aGVsbG8=", "aGVsbG8", "aGVs\r\nbG8=\r\n", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "/+==", "AB=="].map {
            Array($0.utf8)
        },
        tokens: ["=", "==", "\r\n", "AAAA", "-", "_", "+/+/", " "]
    ) { input in
        for form in [StreamingBase64Decoder.Form.plain, .mime] {
            let results = Cuts.all(of: input).map { decode($0, form) }
            for other in results.dropFirst() { try require(other == results[0], "cut in another way: \(other)") }
            let text = form == .mime ? input.filter { $0 != 0x0A && $0 != 0x0D } : input
            let padded = text + Array(repeating: 0x3D, count: text.contains(0x3D) ? 0 : (4 - text.count % 4) % 4)
            let expected = Data(base64Encoded: Data(padded))
            switch results[0] {
            case .success(let bytes):
                try require(expected.map(Array.init) == bytes, "Foundation has \(String(describing: expected))")
            case .failure(let error):
                // Foundation drops bits that belong to no byte (RFC 4648 §3.5); then its own text differs.
                let isCanonical = expected.map { Array($0.base64EncodedString().utf8) == padded } ?? false
                try require(!isCanonical, "refused: \(error)")
            }
        }
    }

    private static func decode(_ buffers: [ByteBuffer], _ form: StreamingBase64Decoder.Form) -> Result<
        [UInt8], Base64Error
    > {
        var decoder = StreamingBase64Decoder(form)
        var output = ByteBuffer()
        do throws(Base64Error) {
            for buffer in buffers { try decoder.decode(buffer, into: &output) }
            try decoder.finish(into: &output)
            return .success(Array(output.readableBytesView))
        } catch {
            return .failure(error)
        }
    }
}
