import MediaCore
import MediaRules
import XMedia

/// What a column holds: nothing else is understood by both databases in the same way.
enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
}

/// What can stand for a placeholder.
protocol SQLConvertible: Sendable {
    /// The value as the column holds it.
    var sqlValue: SQLValue { get }
}

extension SQLValue: SQLConvertible {
    var sqlValue: SQLValue { self }
}

extension Int64: SQLConvertible {
    var sqlValue: SQLValue { .integer(self) }
}

extension Int: SQLConvertible {
    var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension UInt32: SQLConvertible {
    var sqlValue: SQLValue { .integer(Int64(self)) }
}

extension Bool: SQLConvertible {
    var sqlValue: SQLValue { .integer(self ? 1 : 0) }
}

extension String: SQLConvertible {
    var sqlValue: SQLValue { .text(self) }
}

extension Optional: SQLConvertible where Wrapped: SQLConvertible {
    var sqlValue: SQLValue { self?.sqlValue ?? .null }
}

extension SQLConvertible where Self: RawRepresentable, RawValue == String {
    var sqlValue: SQLValue { .text(rawValue) }
}

extension SQLConvertible where Self: WireIdentifier {
    /// The 64 bits, signed: ids above `Int64.max` are negative in the catalog and the same again when they are read.
    var sqlValue: SQLValue { .integer(Int64(bitPattern: rawValue)) }
}

extension MediaID: SQLConvertible {}
extension UserID: SQLConvertible {}
extension PostID: SQLConvertible {}
extension RenditionID: SQLConvertible {}
extension MediaCategory: SQLConvertible {}
extension MediaType: SQLConvertible {}
extension UploadState: SQLConvertible {}
extension JobKind: SQLConvertible {}
extension Rendition.Role: SQLConvertible {}

extension Timestamp: SQLConvertible {
    var sqlValue: SQLValue { .integer(rawValue) }
}

extension BlobName: SQLConvertible {
    var sqlValue: SQLValue { .text(description) }
}

/// The right side of `IN`: values and as many placeholders.
///
/// The number of placeholders is a power of two, the last value repeated, so that there are few different statements
/// to prepare. Longer lists than ``most`` are to be split with ``Swift/Collection/batches(of:)``.
struct SQLList {
    /// The most values of one list.
    static let most = 256

    /// `(?, ?, …)`.
    let placeholders: String
    /// The values for the placeholders.
    let values: [any SQLConvertible]

    /// Makes the list of at least one and at most ``most`` values.
    init(_ values: some Collection<some SQLConvertible>) {
        precondition((1...Self.most).contains(values.count), "an IN list has 1 to \(Self.most) values")
        var padded: [any SQLConvertible] = Array(values)
        var length = 1
        while length < padded.count { length *= 2 }
        if let last = padded.last {
            padded += Array(repeating: last, count: length - padded.count)
        }
        self.placeholders = "(" + Array(repeating: "?", count: length).joined(separator: ", ") + ")"
        self.values = padded
    }
}

extension Collection {
    /// The elements in order, in slices of at most this many.
    func batches(of size: Int = SQLList.most) -> [SubSequence] {
        var batches: [SubSequence] = []
        var rest = self[...]
        while !rest.isEmpty {
            batches.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return batches
    }
}
