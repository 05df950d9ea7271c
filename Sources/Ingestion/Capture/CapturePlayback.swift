public import Market
import Venues

/// Plays what was captured of a market through the code that follows it: the same decoder, books, minutes and checks see
/// the same things in the same order, and what they lead to is the same each time. Nothing is asked of the network.
///
/// It has no clock: whoever plays it says how far.
public final class CapturePlayback {
    /// The venue's name in capitals.
    public let venue: String
    /// What it is of; updates name instruments by their places.
    public let instruments: [Instrument]
    /// When its first entry was received.
    public let begin: Timestamp
    /// When its last entry was.
    public let end: Timestamp
    /// When what comes next was received, never before what came last; `nil` at the end.
    public private(set) var nextTime: Timestamp?

    private let path: String
    private let recording: any RecordedMarket
    private var state: LiveMarketState
    private var upcoming: CaptureEntry?

    /// Opens a capture, or a recording in plain text (`<nanoseconds> <json>` a line, packed by gzip or not).
    ///
    /// - Parameters:
    ///   - known: instruments with their rules, for a recording in plain text, which names none.
    ///   - levels: how many levels a side of the books are told.
    /// - Throws: `IngestionError` when there is nothing that can be played.
    public init(
        _ path: String, known: [Instrument] = [], levels: Int = LiveOptions().shownLevels
    ) throws(IngestionError) {
        self.path = path
        let isNamedSo = path.hasSuffix(CapturePath.suffix)
        if try isNamedSo ? true : CapturePlayback.isCapture(path) {
            recording = try CaptureReader(path)
        } else {
            recording = try RecordedText(path, known: known)
        }
        let head = recording.head
        guard head.venue == RecordedTextSurvey.venue else {
            throw IngestionError(
                .notCapture, path, "it is of \(head.venue), whose messages this release can't read; there is BINANCE")
        }
        venue = head.venue
        instruments = head.instruments
        (begin, end) = (recording.begin, recording.end)
        var options = LiveOptions()
        options.shownLevels = levels
        state = LiveMarketState(
            head.instruments, next: head.next.map { $0.map(Timestamp.init(nanoseconds:)) }, options,
            makesMinutes: !recording.hasMinutes)
        try advance()
    }

    /// Up to where the past of an instrument belongs to what is played: from there on it tells minutes itself.
    public func historyEnd(_ index: Int) -> Timestamp {
        recording.head.next[index].map(Timestamp.init(nanoseconds:)) ?? begin.floored(to: .oneMinute)
    }

    /// Plays everything that was received before a time, and appends what the market has said.
    ///
    /// - Throws: `IngestionError` when the file can't be read on.
    public func play(before time: Timestamp, into updates: inout [LiveUpdate]) throws(IngestionError) {
        while let entry = upcoming, let now = nextTime, now < time {
            meet(entry)
            try advance()
        }
        if upcoming == nil, !isEndTold {
            isEndTold = true
            if let remark = recording.remark { state.queue.append(.remark(kind: "capture-torn", text: remark)) }
        }
        state.queue.take(into: &updates)
    }

    private var isEndTold = false

    private func advance() throws(IngestionError) {
        upcoming = try recording.next()
        nextTime = upcoming.map { max($0.time, nextTime ?? $0.time) }
    }

    /// Lets the market meet an entry.
    private func meet(_ entry: CaptureEntry) {
        let now = entry.time
        switch entry.kind {
        case .capture: break
        case .open: state.opening(entry.number, MarketStreamDecoder(instruments), at: now)
        case .failed: state.failed(entry.number, CapturePlayback.words(entry))
        case .closed: state.closed(entry.number, CapturePlayback.words(entry))
        case .text: entry.bytes.withUnsafeBytes { state.heard($0, entry.number, at: now) }
        case .tick: state.tick(at: now)
        case .book: takeBook(entry)
        case .minutes, .noMinutes: takeMinutes(entry)
        case .trades, .noTrades: takeTrades(entry)
        case .lost:
            state.queue.append(
                .remark(
                    kind: "capture-lost", text: "\(entry.number) messages are missing here: the disk did not follow"))
        }
        // What it would ask the venue for now is among what follows, where it was answered.
        for demand in state.takeDemands() {
            guard !recording.hasMinutes, case .minutes(let place, let from, let to) = demand else { continue }
            state.answer(place, minutes: [], from: from, to: to, at: now)
        }
        _ = state.takeStored()
        _ = state.takeFeatures()
        _ = state.takeTradeGaps()
        _ = state.takeCandleGaps()
    }

    private func takeBook(_ entry: CaptureEntry) {
        guard instruments.indices.contains(entry.number) else { return damaged(entry) }
        let limit = Int(clamping: entry.arguments[0])
        let book = entry.bytes.withUnsafeBytes { bytes in
            try? DepthSnapshot.decode(
                bytes, limit: limit == 0 ? DepthDiff.mostLevels : limit, of: instruments[entry.number])
        }
        guard var book else { return damaged(entry) }
        // Of a recording nobody knows how many levels were asked for; no fewer than there are.
        if limit == 0 { book.limit = max(1, book.bids.count, book.asks.count) }
        state.answer(entry.number, book: book, at: entry.time)
    }

    private func takeMinutes(_ entry: CaptureEntry) {
        guard instruments.indices.contains(entry.number) else { return damaged(entry) }
        let (from, to) = (Timestamp(nanoseconds: entry.arguments[0]), Timestamp(nanoseconds: entry.arguments[1]))
        guard entry.kind == .minutes else {
            return state.answer(entry.number, minutes: nil, from: from, to: to, at: entry.time)
        }
        guard let candles = CapturedMinutes.candles(entry.bytes, of: instruments[entry.number]), from <= to else {
            return damaged(entry)
        }
        state.answer(entry.number, minutes: candles, from: from, to: to, at: entry.time)
    }

    private func takeTrades(_ entry: CaptureEntry) {
        guard instruments.indices.contains(entry.number), let id = UInt64(exactly: entry.arguments[0]) else {
            return damaged(entry)
        }
        let isFull = entry.arguments[1] != 0
        guard entry.kind == .trades else {
            return state.answer(entry.number, trades: nil, from: id, isFull: isFull, at: entry.time)
        }
        let trades = entry.bytes.withUnsafeBytes { try? TradeBodies.trades($0, of: instruments[entry.number]) }
        guard let trades else { return damaged(entry) }
        state.answer(entry.number, trades: trades, from: id, isFull: isFull, at: entry.time)
    }

    private func damaged(_ entry: CaptureEntry) {
        state.queue.append(
            .remark(kind: "capture-damaged", text: "an answer of the venue (\(entry.kind.rawValue)) can't be read"))
    }

    private static func words(_ entry: CaptureEntry) -> String { String(decoding: entry.bytes, as: UTF8.self) }

    /// Whether a file begins as a capture does.
    private static func isCapture(_ path: String) throws(IngestionError) -> Bool {
        let source = try ByteSource(path: path)
        var bytes = [UInt8](repeating: 0, count: CaptureFrames.beginning.count)
        var count = 0
        while count < bytes.count {
            var read = 0
            var failure: IngestionError?
            bytes.withUnsafeMutableBytes { target in
                do throws(IngestionError) {
                    read = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: target[count...]))
                } catch { failure = error }
            }
            if let failure { throw failure }
            if read == 0 { break }
            count += read
        }
        return bytes == CaptureFrames.beginning
    }
}
