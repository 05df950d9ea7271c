public import Market

/// Makes one-minute candles from trades, by the time of the trade.
///
/// A venue numbers an instrument's trades one by one, so that a trade that comes twice is told from one that comes late,
/// and missing ones are noticed. What a candle is made of decides it, not the order in which it came: the open is the
/// price of the trade with the lowest number, the close of the one with the highest. O(1) a trade but for late ones.
public struct CandleBuilder: Sendable {
    /// What a trade led to.
    public struct Step: Sendable, Hashable {
        /// The candle of the minute that is over with this trade.
        public var closed: BuiltCandle?
        /// A candle that was closed before and has other numbers now: the trade was late.
        public var revised: BuiltCandle?
        /// Numbers of trades that are missing between this trade and the ones before.
        public var missing: ClosedRange<UInt64>?
        /// What became of the trade.
        public var verdict: Verdict
    }

    /// What became of a trade.
    public enum Verdict: Sendable, Hashable {
        /// It is in its candle.
        case taken
        /// It was there already.
        case duplicate
        /// Its minute is no longer kept, or it is older than the first trade.
        case tooLate
    }

    /// The candle of the running minute, as far as it has come.
    public private(set) var current: BuiltCandle?
    /// Numbers of trades that did not come so far, oldest first; the oldest are forgotten beyond `mostGaps`.
    public private(set) var missing: [ClosedRange<UInt64>] = []
    /// The highest number of a trade so far.
    public private(set) var lastID: UInt64?

    /// The newest minute in which something traded: the running one, or the last that closed.
    public var newest: BuiltCandle? { current ?? closed.last }

    private let instrument: Instrument
    /// Closed candles that a late trade may still change, oldest first.
    private var closed: [BuiltCandle] = []
    /// The minute in which the first trade came: of it, only a part was seen.
    private var firstMinute: Timestamp?
    private var isInterrupted = false

    /// How many closed candles are kept for late trades.
    public static let keptMinutes = 5
    /// How many stretches of missing trades are remembered.
    public static let mostGaps = 256

    /// A builder that has seen nothing.
    ///
    /// - Parameter instrument: what trades; its scales are those of the numbers.
    public init(_ instrument: Instrument) { self.instrument = instrument }

    /// Takes a trade.
    public mutating func apply(_ print: TradePrint) -> Step {
        var step = Step(verdict: .taken)
        guard note(print.id, &step) else {
            step.verdict = .duplicate
            return step
        }
        let minute = print.time.floored(to: .oneMinute)
        if firstMinute == nil { firstMinute = minute }
        if let current, minute > current.openTime { step.closed = close() }
        if current == nil, closed.last.map({ minute > $0.openTime }) ?? true {
            current = BuiltCandle(print, minute, instrument)
        } else if current?.openTime == minute {
            current?.add(print, instrument)
        } else {
            revise(print, minute, &step)
        }
        return step
    }

    /// Ends the running minute when `time` is behind it: the venue's clock says that nothing more belongs to it.
    ///
    /// - Returns: its candle; `nil` when it is not over, or nothing traded.
    public mutating func close(at time: Timestamp) -> BuiltCandle? {
        guard let current, time >= current.candle.closeTime(.oneMinute) else { return nil }
        return close()
    }

    /// Trades may be missing from here on: the connection was lost. How many, the number of the next one tells; until then
    /// the candle of the last one is not whole.
    public mutating func interrupt() { isInterrupted = true }

    /// Trades up to a number happened, though none of them came.
    ///
    /// - Returns: the numbers that are missing with that; `nil` where that is known, or nothing was seen yet.
    public mutating func expect(upTo id: UInt64) -> ClosedRange<UInt64>? {
        guard let last = lastID, id > last else { return nil }
        let new = last + 1...id
        if missing.count == CandleBuilder.mostGaps { missing.removeFirst() }
        missing.append(new)
        lastID = id
        isInterrupted = false
        return new
    }

    /// The lowest number in a stretch that did not come; `nil` when none is missing there. O(stretches that are missing).
    public func firstMissing(in ids: ClosedRange<UInt64>) -> UInt64? {
        missing.first { $0.overlaps(ids) }.map { max($0.lowerBound, ids.lowerBound) }
    }

    /// How many numbers in a stretch did not come. O(stretches that are missing).
    public func missingCount(in ids: ClosedRange<UInt64>) -> UInt64 {
        missing.reduce(0) { count, gap in
            guard gap.overlaps(ids) else { return count }
            let common = gap.clamped(to: ids)
            return count + (common.upperBound - common.lowerBound) + 1
        }
    }

    private mutating func close() -> BuiltCandle? {
        guard let candle = current else { return nil }
        current = nil
        if closed.count == CandleBuilder.keptMinutes { closed.removeFirst() }
        closed.append(candle)
        return told(candle)
    }

    /// Notes a number; whether it is new.
    private mutating func note(_ id: UInt64, _ step: inout Step) -> Bool {
        guard let last = lastID else {
            lastID = id
            return true
        }
        if id > last {
            if id - last > 1 { step.missing = expect(upTo: id - 1) }
            lastID = id
            isInterrupted = false
            return true
        }
        // The newest stretch that does not begin behind it.
        guard let index = missing.lastIndex(where: { $0.lowerBound <= id }), missing[index].contains(id) else {
            return false
        }
        let gap = missing.remove(at: index)
        if id < gap.upperBound { missing.insert(id + 1...gap.upperBound, at: index) }
        if id > gap.lowerBound { missing.insert(gap.lowerBound...id - 1, at: index) }
        return true
    }

    /// Whether a candle has all trades of its minute: numbers that did not come, inside it or beside it, might be its.
    private func isWhole(_ candle: BuiltCandle) -> Bool {
        guard candle.openTime != firstMinute, !(isInterrupted && candle.trades.upperBound == lastID) else {
            return false
        }
        let below = candle.trades.lowerBound == 0 ? 0 : candle.trades.lowerBound - 1
        let above = candle.trades.upperBound == .max ? .max : candle.trades.upperBound + 1
        return !missing.contains { $0.overlaps(below...above) }
    }

    /// A candle as it is told.
    private func told(_ candle: BuiltCandle) -> BuiltCandle {
        var told = candle
        told.isWhole = isWhole(candle)
        return told
    }

    private mutating func revise(_ print: TradePrint, _ minute: Timestamp, _ step: inout Step) {
        guard let first = closed.first, minute >= first.openTime else {
            step.verdict = .tooLate
            return
        }
        let index = closed.firstIndex { $0.openTime >= minute } ?? closed.endIndex
        if index < closed.endIndex, closed[index].openTime == minute {
            closed[index].add(print, instrument)
        } else {
            closed.insert(BuiltCandle(print, minute, instrument), at: index)
            if closed.count > CandleBuilder.keptMinutes { closed.removeFirst() }
        }
        step.revised = closed.first { $0.openTime == minute }.map(told)
    }
}
