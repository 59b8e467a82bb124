import Synchronization
package import XMedia

/// Makes names that no other server, and no earlier start of this one, ever makes.
package final class BlobNamer: Sendable {
    /// Sixteen hexadecimal digits, new at each start.
    package let bootID: String
    private let serial = Atomic<UInt64>(0)

    /// Makes a namer with a boot id of 64 random bits.
    package init() {
        bootID = UInt64.random(in: UInt64.min...UInt64.max).hexadecimal
    }

    /// A new name.
    package func name(_ kind: BlobName.Kind, of mediaID: MediaID) -> BlobName {
        let number = serial.wrappingAdd(1, ordering: .relaxed).newValue
        guard let name = BlobName(kind: kind, mediaID: mediaID, unique: "\(bootID)-\(number)") else {
            preconditionFailure("a boot id holds hexadecimal digits only")
        }
        return name
    }

    /// A new proof of a lease: letters, digits and hyphens.
    package func leaseToken() -> String {
        "\(bootID)-\(serial.wrappingAdd(1, ordering: .relaxed).newValue)"
    }
}
