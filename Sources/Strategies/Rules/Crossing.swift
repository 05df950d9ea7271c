import Bytes

/// Two lines followed from candle to candle, to see where one crosses the other.
///
/// *Above at t* is a[t] > b[t] with a[t−1] ≤ b[t−1], *below at t* is a[t] < b[t] with a[t−1] ≥ b[t−1]. A line that is
/// NaN on either candle crosses nothing, so the first candle on which both lines are defined can't signal.
struct Crossing {
    /// How the first line stands to the second after a candle.
    enum Event {
        /// It crossed nothing.
        case none
        /// It rose above.
        case above
        /// It fell below.
        case below
    }

    private var previousFirst = Double.nan
    private var previousSecond = Double.nan

    /// Takes both lines at the next candle.
    @inline(__always)
    mutating func update(_ first: Double, _ second: Double) -> Event {
        let before = previousFirst
        let beforeSecond = previousSecond
        previousFirst = first
        previousSecond = second
        if first > second { return before <= beforeSecond ? .above : .none }
        if first < second { return before >= beforeSecond ? .below : .none }
        return .none
    }

    func save(to writer: inout ByteWriter) {
        writer.double(previousFirst)
        writer.double(previousSecond)
    }

    mutating func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        previousFirst = try reader.double()
        previousSecond = try reader.double()
    }
}
