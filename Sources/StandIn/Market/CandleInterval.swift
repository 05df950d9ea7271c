import Market

/// The length of a candle as the venue names it, `1s` to `1M`.
enum CandleInterval: String, CaseIterable, Sendable {
    case oneSecond = "1s"
    case oneMinute = "1m"
    case threeMinutes = "3m"
    case fiveMinutes = "5m"
    case fifteenMinutes = "15m"
    case thirtyMinutes = "30m"
    case oneHour = "1h"
    case twoHours = "2h"
    case fourHours = "4h"
    case sixHours = "6h"
    case eightHours = "8h"
    case twelveHours = "12h"
    case oneDay = "1d"
    case threeDays = "3d"
    case oneWeek = "1w"
    case oneMonth = "1M"

    /// The length in seconds; that of the longest month for months.
    var seconds: Int64 {
        switch self {
        case .oneSecond: return 1
        case .oneMinute: return 60
        case .threeMinutes: return 180
        case .fiveMinutes: return 300
        case .fifteenMinutes: return 900
        case .thirtyMinutes: return 1_800
        case .oneHour: return 3_600
        case .twoHours: return 7_200
        case .fourHours: return 14_400
        case .sixHours: return 21_600
        case .eightHours: return 28_800
        case .twelveHours: return 43_200
        case .oneDay: return 86_400
        case .threeDays: return 259_200
        case .oneWeek: return 604_800
        case .oneMonth: return 2_678_400
        }
    }

    /// The open time of the candle that holds `time`.
    ///
    /// Days begin at midnight of the zone, weeks on Mondays, months on their first; three days count from the epoch.
    /// - Parameter offset: the zone's distance from UTC in seconds.
    func open(_ time: Timestamp, offset: Int64 = 0) -> Timestamp {
        let local = time.seconds + offset
        switch self {
        case .oneMonth:
            let day = CandleInterval.floor(local, 86_400) / 86_400
            return Timestamp(seconds: CandleInterval.firstOfMonth(holding: day) * 86_400 - offset)
        case .oneWeek:
            // The epoch was a Thursday: Mondays lie four days after it.
            return Timestamp(seconds: CandleInterval.floor(local - 345_600, seconds) + 345_600 - offset)
        default:
            return Timestamp(seconds: CandleInterval.floor(local, seconds) - offset)
        }
    }

    /// The open time of the candle after the one that opens at `open`.
    func next(after open: Timestamp, offset: Int64 = 0) -> Timestamp {
        guard self == .oneMonth else { return open.adding(seconds: seconds) }
        return self.open(open.adding(seconds: 32 * 86_400), offset: offset)
    }

    private static func floor(_ value: Int64, _ step: Int64) -> Int64 {
        let rest = value % step
        return value - (rest < 0 ? rest + step : rest)
    }

    /// The day number of the first of the month that holds a day, by the text of its date.
    private static func firstOfMonth(holding day: Int64) -> Int64 {
        let date = Timestamp(seconds: day * 86_400).date
        guard let ofMonth = Int64(date.suffix(2)) else { preconditionFailure("a date ends with its day") }
        return day - ofMonth + 1
    }
}
