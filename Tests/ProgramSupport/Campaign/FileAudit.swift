import Foundation

/// What lies in a data folder, counted without asking the catalog.
package struct FileAudit {
    /// Files of each kind (`attempts`, `originals`, `renditions`) of each media id.
    private var counts: [String: [String: Int]] = [:]
    /// Paths of files that are no blobs.
    private var strangers: [String] = []

    /// Looks at every file below `blobs`.
    package init(data: String) {
        let root = "\(data)/blobs"
        for path in FileManager.default.enumerator(atPath: root)?.compactMap({ $0 as? String }) ?? [] {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder), !isFolder.boolValue
            else { continue }
            if let (_, kind, id) = path.wholeMatch(of: /([a-z]+)\/[0-9a-f]{2}\/([0-9]+)\.[0-9a-f]{16}-[0-9]+/)?.output {
                counts[String(kind), default: [:]][String(id), default: 0] += 1
            } else {
                strangers.append(path)
            }
        }
    }

    /// How the files differ from those that the uploads must have; what is being processed is left out.
    package func differences(from uploads: [TrackedUpload]) -> [String] {
        var differences = strangers.map { "\($0) is no blob" }
        for upload in uploads {
            let expected: (attempts: Int, originals: Int)
            if upload.isOpen, upload.versions.allSatisfy({ $0.count == 1 }) {
                expected = (upload.versions.count - upload.missing.count, 0)
            } else if upload.outcome != nil {
                expected = (0, 1)
            } else if upload.phases == [.gone] {
                expected = (0, 0)
            } else {
                continue
            }
            let found = (count("attempts", upload.id), count("originals", upload.id))
            if found != expected {
                differences.append("\(upload.id) has \(found) attempts and originals, expected are \(expected)")
            }
        }
        return differences
    }

    private func count(_ kind: String, _ id: String) -> Int { counts[kind]?[id] ?? 0 }
}
