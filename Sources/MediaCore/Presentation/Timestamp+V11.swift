extension Timestamp {
    /// The moment in UTC as v1.1 answers write `created_at`: `Wed Oct 10 20:19:24 +0000 2018`.
    package var v11Date: String {
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 2018-10-10T20:19:24.000Z
        let text = Array(rfc3339)
        let month = (Int(String(text[5..<7])) ?? 1) - 1
        // 1970 began on a Thursday.
        let days = (rawValue >= 0 ? rawValue : rawValue - 86_399_999) / 86_400_000
        let day = Int((days % 7 + 7) % 7)
        return "\(weekdays[day]) \(months[month]) \(String(text[8..<10])) \(String(text[11..<19])) +0000 "
            + String(text[..<4])
    }
}
