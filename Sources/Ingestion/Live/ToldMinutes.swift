import Market

/// The last minutes that a line told, and those among them that it went on without.
///
/// A venue's closed candle may come behind the line: then it is held against what was told of that minute.
struct ToldMinutes {
    /// How many are remembered. A stream tells a minute within seconds of its end; what it tells of earlier ones is no news.
    static let most = 10

    private static let minute: Int64 = 60_000_000_000

    /// By place in time, oldest first; `nil` is a minute that was not there.
    private var minutes: [(openTime: Timestamp, candle: Candle?)] = []

    /// What the stream's candle is to a minute that was told.
    enum Standing: Equatable {
        /// It was told like this, or so long ago that nobody knows how.
        case known
        /// The line went on without it.
        case hole
        /// It was told with other numbers.
        case differs
    }

    /// A minute was told.
    mutating func note(_ candle: Candle) { append(candle.openTime, candle) }

    /// The line went on without a stretch.
    mutating func noteHole(from: Timestamp, to: Timestamp) {
        var time = max(from, to.adding(nanoseconds: -Int64(ToldMinutes.most) * ToldMinutes.minute))
        while time < to {
            append(time, nil)
            time = time.adding(nanoseconds: ToldMinutes.minute)
        }
    }

    private mutating func append(_ time: Timestamp, _ candle: Candle?) {
        if minutes.count == ToldMinutes.most { minutes.removeFirst() }
        minutes.append((time, candle))
    }

    /// Takes what is told of a minute behind the line; it counts from now on.
    mutating func take(_ candle: Candle) -> Standing {
        guard let place = minutes.firstIndex(where: { $0.openTime == candle.openTime }) else { return .known }
        let before = minutes[place].candle
        minutes[place].candle = candle
        return before == nil ? .hole : before == candle ? .known : .differs
    }

    /// Whether a minute was told already, or came behind the line.
    func has(_ time: Timestamp) -> Bool { minutes.contains { $0.openTime == time && $0.candle != nil } }
}
