/// What the packets of a video stream say about its frames, without decoding one.
struct PacketTimeline: Sendable {
    /// The most packets looked at: an hour at 60 frames a second.
    ///
    /// What is longer stays undecided.
    static let most = 216_000

    private var times: [Int64] = []
    private var keyTime: Int64?
    private var leads = false
    private var isComplete = true

    /// Takes a line of ffprobe's `-show_entries packet=pts,flags -of compact=p=0:nk=1`: `1024|K_`.
    mutating func append(line: String) {
        let fields = line.split(separator: "|", omittingEmptySubsequences: false)
        guard fields.count >= 2, let time = Int64(fields[0]), times.count < Self.most else {
            isComplete = false
            return
        }
        times.append(time)
        if fields[1].hasPrefix("K") {
            keyTime = time
        } else if let keyTime, time < keyTime {
            leads = true
        }
    }

    /// Whether frames that are stored after a key frame are shown before it; nil when undecided.
    ///
    /// Such leading pictures refer to the group before (ITU-T H.264, 3.30 and 3.69: after an IDR picture there are none).
    var hasOpenGOP: Bool? { times.isEmpty ? nil : leads ? true : isComplete ? false : nil }

    /// Whether the distances between frames differ; nil when undecided.
    ///
    /// A container in milliseconds stores 33, 33, 34, and a recorder drops a frame now and then: distances within a quarter
    /// of the usual one are equal, and one in a hundred may be odd.
    var isVariableFrameRate: Bool? {
        guard isComplete, !times.isEmpty else { return nil }
        let shown = times.sorted()
        let distances = zip(shown.dropFirst(), shown).map { $0.subtractingReportingOverflow($1).partialValue }
        guard distances.count > 1 else { return false }
        let usual = distances.sorted()[distances.count / 2]
        guard usual > 0 else { return true }
        // A distance that does not fit 64 bits came out as some other number above; its difference must not trap either.
        let odd = distances.count {
            $0.subtractingReportingOverflow(usual).partialValue.magnitude > UInt64(max(usual / 4, 1))
        }
        return odd > max(1, distances.count / 100)
    }
}
