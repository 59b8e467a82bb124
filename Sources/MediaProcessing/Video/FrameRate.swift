import MediaRules

/// The constant frame rate of a rendition.
enum FrameRate {
    /// Returns the rate for a source, at most the limit.
    ///
    /// A constant rate is kept. A variable one becomes the lowest rate in which all its frames can be shown, when that is
    /// a rate of video at all (phones announce 90000), else the usual rate just above its average.
    static func target(_ picture: VideoFacts.Picture, limit: Int) -> VideoFacts.Ratio {
        let most = VideoFacts.Ratio(limit, 1)
        let average = picture.averageFrameRate.flatMap { $0.isPositive ? $0 : nil }
        let real = picture.realFrameRate.flatMap { $0.isPositive ? $0 : nil }
        if let real, (1...Double(limit)).contains(real.value) { return real }
        guard let average else { return VideoFacts.Ratio(30, 1) }
        if picture.isVariableFrameRate == false { return average.value > Double(limit) ? most : average }
        let usual = [24, 25, 30, 50, 60].first { Double($0) >= average.value * 0.98 && $0 <= limit }
        return usual.map { VideoFacts.Ratio($0, 1) } ?? most
    }
}
