import Market

/// The ticks of time, UTC: at whole minutes, hours, days, months or years.
enum TimeTicks {
    /// How far ticks are apart.
    enum Step: Hashable {
        case seconds(Int64)
        case days(Int64)
        case months(Int64)
    }

    /// From fine to coarse.
    static let steps: [Step] =
        [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200].map { .seconds($0) }
        + [1, 2, 7, 14].map { .days($0) } + [1, 2, 3, 6, 12, 24, 60, 120, 240].map { .months($0) }

    /// The finest ticks whose labels have room.
    ///
    /// - Parameters:
    ///   - fits: whether these ticks can be written beside each other.
    static func ticks(_ range: ClosedRange<Double>, fits: (Ticks) -> Bool) -> Ticks {
        guard range.lowerBound.isFinite, abs(range.lowerBound) < 9e9, abs(range.upperBound) < 9e9 else { return .none }
        for step in steps {
            guard let ticks = ticks(range, step), fits(ticks) else { continue }
            return ticks
        }
        return .none
    }

    /// The ticks of one step; `nil` when there are far too many.
    static func ticks(_ range: ClosedRange<Double>, _ step: Step) -> Ticks? {
        let low = Int64(range.lowerBound.rounded(.up))
        let high = Int64(range.upperBound.rounded(.down))
        var places: [Int64] = []
        switch step {
        case .seconds(let size): places = multiples(low, high, size)
        case .days(let size):
            // Weeks begin on Mondays; 1970-01-05 was one.
            let shift: Int64 = size % 7 == 0 ? 4 * 86_400 : 0
            places = multiples(low - shift, high - shift, size * 86_400).map { $0 + shift }
        case .months(let size):
            guard (high - low) / (28 * 86_400 * size) < 200 else { return nil }
            let date = Timestamp(seconds: low).calendarDate
            var month = (date.year * 12 + date.month - 1) / size * size
            while true {
                let place = seconds(month: month)
                if place > high { break }
                if place >= low { places.append(place) }
                month += size
            }
        }
        guard places.count < 200 else { return nil }
        var labels: [String] = []
        var before: (year: Int64, day: Int64)?
        for place in places {
            let date = Timestamp(seconds: place).calendarDate
            labels.append(label(place, step, date, before: before))
            before = (date.year, Timestamp(seconds: place).day)
        }
        return Ticks(places: places.map(Double.init), labels: labels)
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The year is said by the first tick, and where it changes; so is the day of hours.
    private static func label(
        _ place: Int64, _ step: Step, _ date: (year: Int64, month: Int64, day: Int64),
        before: (year: Int64, day: Int64)?
    ) -> String {
        let month = months[Int(date.month) - 1]
        switch step {
        case .months(let size):
            if size % 12 == 0 { return "\(date.year)" }
            return before?.year == date.year ? month : "\(month) \(date.year)"
        case .days:
            return before?.year == date.year ? "\(date.day) \(month)" : "\(date.day) \(month) \(date.year)"
        case .seconds(let size):
            let text = Timestamp(seconds: place).timeOfDay
            let time = size < 60 ? text : String(text.prefix(5))
            if before?.day == Timestamp(seconds: place).day { return time }
            return size >= 43_200 || time.hasPrefix("00:00") ? "\(date.day) \(month)" : "\(date.day) \(month) \(time)"
        }
    }

    private static func multiples(_ low: Int64, _ high: Int64, _ size: Int64) -> [Int64] {
        guard (high - low) / size < 200 else { return Array(repeating: 0, count: 200) }
        var place = low - (low % size + size) % size
        if place < low { place += size }
        return Array(stride(from: place, through: max(high, place - 1), by: Int64.Stride(size)))
    }

    private static func seconds(month: Int64) -> Int64 {
        let (year, index) = (month / 12, month % 12 + 1)
        let text = "\(year)"
        let padded = String(repeating: "0", count: max(4 - text.count, 0)) + text
        return Timestamp(iso8601: "\(padded)-\(index < 10 ? "0" : "")\(index)-01")?.seconds ?? .max
    }
}
