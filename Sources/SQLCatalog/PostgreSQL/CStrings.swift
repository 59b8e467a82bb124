/// Texts as libpq takes them: an array of pointers to C strings, nil for none.
struct CStrings {
    private var bytes: [CChar] = []
    private var offsets: [Int?] = []

    /// Copies the texts into one block.
    init(_ texts: [String?]) {
        offsets.reserveCapacity(texts.count)
        for text in texts {
            guard let text else {
                offsets.append(nil)
                continue
            }
            offsets.append(bytes.count)
            bytes += text.utf8.lazy.map { CChar(bitPattern: $0) }
            bytes.append(0)
        }
    }

    /// Calls the body with pointers that are good until it returns.
    func withPointers<Result>(_ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result) -> Result {
        bytes.withUnsafeBufferPointer { bytes in
            offsets.map { offset in
                offset.flatMap { offset in bytes.baseAddress.map { $0 + offset } }
            }.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
