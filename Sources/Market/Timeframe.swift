/// The length of a candle. Candles are anchored to the Unix epoch in UTC, so a day starts at 00:00 UTC.
@frozen
public struct Timeframe: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The length in seconds; one of `all`.
    public let seconds: Int64

    @inlinable
    init(unchecked seconds: Int64) { self.seconds = seconds }

    /// One minute, the shortest that is stored; the others derive from it.
    public static let oneMinute = Timeframe(unchecked: 60)
    /// One hour.
    public static let oneHour = Timeframe(unchecked: 3_600)
    /// One day, starting at 00:00 UTC.
    public static let oneDay = Timeframe(unchecked: 86_400)

    /// Every timeframe, shortest first: 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d.
    public static let all: [Timeframe] = [
        60, 180, 300, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
    ].map(Timeframe.init(unchecked:))

    /// The timeframe of this many seconds, or `nil` when there is none.
    public init?(seconds: Int64) {
        guard let match = Timeframe.all.first(where: { $0.seconds == seconds }) else { return nil }
        self = match
    }

    /// The timeframe written as `1m`, `4h` or `1d`, or `nil`.
    public init?(_ text: some StringProtocol) {
        guard let match = Timeframe.all.first(where: { $0.description == text.lowercased() }) else { return nil }
        self = match
    }

    /// The length in nanoseconds.
    @inlinable
    public var nanoseconds: Int64 { seconds * 1_000_000_000 }

    /// The length in whole minutes.
    @inlinable
    public var minutes: Int { Int(seconds / 60) }

    /// Whether the first is shorter.
    @inlinable
    public static func < (a: Timeframe, b: Timeframe) -> Bool { a.seconds < b.seconds }

    /// The usual short name, `1m` … `1d`.
    public var description: String {
        if seconds % 86_400 == 0 { return "\(seconds / 86_400)d" }
        if seconds % 3_600 == 0 { return "\(seconds / 3_600)h" }
        return "\(seconds / 60)m"
    }
}

extension Timeframe: Codable {
    /// Reads the short name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let timeframe = Timeframe(text) else {
            let names = Timeframe.all.map(\.description).joined(separator: ", ")
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not a timeframe; one of \(names)")
        }
        self = timeframe
    }

    /// Writes the short name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
