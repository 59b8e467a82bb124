/// What "stored" means when a store's call returns.
package enum Durability: String, Sendable, CaseIterable {
    /// Outlives a power cut: data, folder entry and row are synchronized to the disk.
    case full
    /// Outlives this process, not a power cut: the kernel writes when it likes.
    case process
}
