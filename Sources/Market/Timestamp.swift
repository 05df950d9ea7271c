/// An instant: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
@frozen
public struct Timestamp: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Nanoseconds since the Unix epoch.
    public var nanoseconds: Int64

    /// The instant `nanoseconds` after the Unix epoch.
    @inlinable
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The instant `milliseconds` after the Unix epoch.
    @inlinable
    public init(milliseconds: Int64) { nanoseconds = milliseconds * 1_000_000 }

    /// The instant `seconds` after the Unix epoch.
    @inlinable
    public init(seconds: Int64) { nanoseconds = seconds * 1_000_000_000 }

    /// The Unix epoch; also "never" where an instant has not happened.
    @inlinable
    public static var epoch: Timestamp { Timestamp(nanoseconds: 0) }

    /// Whole milliseconds since the epoch, rounded toward the past.
    @inlinable
    public var milliseconds: Int64 { floorDivide(nanoseconds, 1_000_000) }

    /// Whole seconds since the epoch, rounded toward the past.
    @inlinable
    public var seconds: Int64 { floorDivide(nanoseconds, 1_000_000_000) }

    /// Nanoseconds in a UTC day; leap seconds are not counted.
    @inlinable
    public static var dayNanoseconds: Int64 { 86_400_000_000_000 }

    /// The number of the UTC day since the epoch.
    @inlinable
    public var day: Int64 { floorDivide(nanoseconds, Timestamp.dayNanoseconds) }

    /// Whether the first instant is earlier.
    @inlinable
    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The instant `nanoseconds` later.
    @inlinable
    public func adding(nanoseconds: Int64) -> Timestamp { Timestamp(nanoseconds: self.nanoseconds + nanoseconds) }

    /// The instant `seconds` later.
    @inlinable
    public func adding(seconds: Int64) -> Timestamp { adding(nanoseconds: seconds * 1_000_000_000) }

    /// Nanoseconds from `earlier` to this instant.
    @inlinable
    public func nanoseconds(since earlier: Timestamp) -> Int64 { nanoseconds - earlier.nanoseconds }

    /// The start of the candle of `timeframe` that holds this instant: candles are [open, close), anchored to the epoch.
    @inlinable
    public func floored(to timeframe: Timeframe) -> Timestamp {
        Timestamp(nanoseconds: floorDivide(nanoseconds, timeframe.nanoseconds) * timeframe.nanoseconds)
    }

    /// The instants that market data can carry: 2009-01-01 up to 2100-01-01. Outside it a unit was mistaken.
    public static let plausible: Range<Timestamp> =
        Timestamp(seconds: 1_230_768_000)..<Timestamp(seconds: 4_102_444_800)

    /// ISO 8601 in UTC to the second, or to the millisecond where there are any: `2023-03-24T12:40:00Z`.
    public var description: String {
        let (year, month, dayOfMonth) = civilDate(fromDay: day)
        let inDay = seconds - day * 86_400
        let millis = milliseconds - seconds * 1_000
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        var text = "\(year)-\(two(month))-\(two(dayOfMonth))T"
        text += "\(two(inDay / 3_600)):\(two(inDay / 60 % 60)):\(two(inDay % 60))"
        if millis != 0 { text += "." + String(String(1_000 + millis).dropFirst()) }
        return text + "Z"
    }

    /// The UTC time of day, `14:03:59`.
    public var timeOfDay: String { String(description.dropFirst(11).prefix(8)) }

    /// The UTC date, `2023-03-24`.
    public var date: String { String(description.prefix(10)) }

    /// Reads ISO 8601 (`2023-03-24`, `2023-03-24T12:40`, `2023-03-24 12:40:00.5+02:00`), UTC unless an offset is given.
    ///
    /// - Returns: `nil` when the text is not a date and time of the years 1…9999.
    public init?(iso8601 text: some StringProtocol) {
        var reader = DigitReader(bytes: Array(text.utf8))
        guard let year = reader.digits(4), reader.skip("-"), let month = reader.digits(2), reader.skip("-"),
            let dayOfMonth = reader.digits(2), (1...12).contains(month), dayOfMonth >= 1,
            dayOfMonth <= daysIn(month: month, year: year)
        else { return nil }
        var nanos: Int64 = 0
        if !reader.isAtEnd {
            guard reader.skip("T") || reader.skip("t") || reader.skip(" "), let hour = reader.digits(2),
                reader.skip(":"), let minute = reader.digits(2), hour < 24, minute < 60
            else { return nil }
            nanos = (hour * 3_600 + minute * 60) * 1_000_000_000
            if reader.skip(":") {
                guard let second = reader.digits(2), second < 60 else { return nil }
                nanos += second * 1_000_000_000
                if reader.skip(".") || reader.skip(",") {
                    guard let fraction = reader.fraction() else { return nil }
                    nanos += fraction
                }
            }
            if !reader.isAtEnd, !reader.skip("Z"), !reader.skip("z") {
                guard let offset = reader.offsetSeconds() else { return nil }
                nanos -= offset * 1_000_000_000
            }
            guard reader.isAtEnd else { return nil }
        }
        let day = dayNumber(year: year, month: month, day: dayOfMonth)
        let (product, overflow) = day.multipliedReportingOverflow(by: Timestamp.dayNanoseconds)
        // The last day that 64 bits reach (2262-04-11) ends before its midnight.
        let (sum, carry) = product.addingReportingOverflow(nanos)
        guard !overflow, !carry else { return nil }
        nanoseconds = sum
    }
}

/// The quotient rounded toward negative infinity.
@inlinable
func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
}
