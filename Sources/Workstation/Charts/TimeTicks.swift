import Market

/// One label on the time axis.
struct TimeTick: Hashable, Sendable {
    /// The place whose candle begins the labelled time.
    var place: Int
    /// `14:30`, `24 Mar`, `Mar` or `2024`.
    var text: String
    /// Whether a new day (on axes of days: a new year) begins.
    var isMajor: Bool
}

/// Labels of a time axis, in UTC.
enum TimeTicks {
    /// Distances between labels: seconds, or months.
    private enum Step {
        case seconds(Int64)
        case months(Int64)
    }

    private static let steps: [Step] = [
        .seconds(60), .seconds(300), .seconds(600), .seconds(900), .seconds(1_800), .seconds(3_600), .seconds(7_200),
        .seconds(10_800), .seconds(21_600), .seconds(43_200), .seconds(86_400), .seconds(2 * 86_400),
        .seconds(5 * 86_400), .months(1), .months(3), .months(6), .months(12),
    ]

    /// Labels at the first place of each round stretch of time, at least `spacing` columns apart.
    static func ticks(_ window: ChartWindow, timeframe: Timeframe, spacing: Int = 12) -> [TimeTick] {
        let wanted = timeframe.seconds * Int64((spacing + window.zoom.pitch - 1) / window.zoom.pitch)
        let step = steps.first { length($0) >= max(wanted, timeframe.seconds) } ?? .months(12)
        var ticks: [TimeTick] = []
        var before: Timestamp?
        var column = -spacing
        for (place, (slot, time)) in window.places.enumerated() {
            guard case .candle = slot else { continue }
            defer { before = time }
            guard let previous = before else {
                if number(time, step) * length(step) == time.seconds, case .seconds = step {
                    ticks.append(label(place, time, nil, step))
                    column = window.center(place)
                }
                continue
            }
            guard number(time, step) != number(previous, step) else { continue }
            // After a gap a label may come sooner than its distance; a new day is worth more than an hour.
            let tick = label(place, time, previous, step)
            if window.center(place) - column < spacing / 2 + 2 {
                guard tick.isMajor, ticks.last?.isMajor == false else { continue }
                ticks.removeLast()
            }
            ticks.append(tick)
            column = window.center(place)
        }
        return ticks
    }

    private static func length(_ step: Step) -> Int64 {
        switch step {
        case .seconds(let seconds): seconds
        case .months(let months): months * 30 * 86_400
        }
    }

    private static func number(_ time: Timestamp, _ step: Step) -> Int64 {
        switch step {
        case .seconds(let seconds):
            return time.seconds / seconds
        case .months(let months):
            let date = time.calendarDate
            return (date.year * 12 + date.month - 1) / months
        }
    }

    private static func label(_ place: Int, _ time: Timestamp, _ previous: Timestamp?, _ step: Step) -> TimeTick {
        let date = time.calendarDate
        let month = monthNames[Int(date.month) - 1]
        if length(step) >= 28 * 86_400 {
            let isNewYear = previous.map { $0.calendarDate.year != date.year } ?? (date.month == 1)
            return TimeTick(place: place, text: isNewYear ? String(date.year) : month, isMajor: isNewYear)
        }
        let isNewDay = previous.map { $0.day != time.day } ?? (time.seconds % 86_400 == 0)
        if isNewDay {
            let isNewYear = previous.map { $0.calendarDate.year != date.year } ?? false
            let text = isNewYear ? String(date.year) : "\(date.day) \(month)"
            return TimeTick(place: place, text: text, isMajor: length(step) < 86_400 || isNewYear)
        }
        return TimeTick(place: place, text: String(time.timeOfDay.prefix(5)), isMajor: false)
    }

    static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
