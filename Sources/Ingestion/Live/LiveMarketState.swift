import Market
import Network
import Venues

/// What is known of the markets of a source, and what its venue has to be asked: everything but sockets, clocks and tasks.
struct LiveMarketState {
    /// What the venue has to be asked or told.
    enum Demand: Equatable {
        /// A book as it stands.
        case book(Int)
        /// Closed minutes from one open time up to another, exclusive.
        case minutes(Int, from: Timestamp, to: Timestamp)
        /// Another connection in the place of this one.
        case replace(Int)
    }

    /// One market.
    private struct FollowedMarket {
        var book = LocalBook()
        var tops = TopCheck()
        var candles: CandleBuilder
        var check = CandleCheck()
        /// Minutes in which the trades contradict the venue's candle, unless more comes of them.
        var suspects: [Timestamp: CandleCheck.Fields] = [:]
        var minutes: MinuteLine
        /// The number of the last trade and of the last best prices that were told.
        var lastTrade: UInt64?
        var lastTicker: Int64 = -1
        /// On which connections it was heard.
        var heardOn: Set<Int> = []
        /// Whether its book is being asked for.
        var isAskingForBook = false
        /// Looks at the book at whole seconds.
        var sampler = BookFeatureSampler()

        mutating func sample(before time: Timestamp) -> BookFeature? { sampler.sample(book, before: time) }
    }

    /// One connection.
    private struct Connection {
        var decoder: any MarketDecoder
        var replace: (@Sendable () -> Void)?
        var lastHeard: Timestamp
        var damaged = 0
        var isReplaced = false
    }

    let instruments: [Instrument]
    /// What waits to be taken.
    var queue: LiveQueue
    /// Minutes to be stored.
    private(set) var toStore: [(place: Int, candles: [Candle])] = []
    /// What the books were like at whole seconds, to be stored.
    private(set) var features: [(place: Int, feature: BookFeature)] = []
    /// Keeps everything that is met here, in this order.
    var tape: CaptureWriter?
    /// How often updates of a book were missing or a connection was lost.
    private(set) var gaps = 0
    private var demands: [Demand] = []
    private var markets: [FollowedMarket]
    private var connections: [Int: Connection] = [:]
    private var isLive = false
    /// When something was met last.
    private var time = Timestamp.epoch
    private let shownLevels: Int
    private let silentSeconds: Int64
    /// For how many seconds a connection may be silent before another is made.
    private var patience: Int64
    private static let longestPatience: Int64 = 3_600
    /// With more damaged messages on one connection than this, another is made.
    private static let mostDamaged = 20
    /// How long after its end a second of a book in which nothing moves is looked at: until then a change that belongs
    /// before it may still be on its way.
    private static let featureDelay: Int64 = 2_000_000_000
    /// How long after its end a minute that is made from trades is told, where none came behind it.
    private static let tradeDelay: Int64 = 2_000_000_000
    /// Whether minutes are made from trades, for want of the venue's own.
    private let makesMinutes: Bool

    /// Markets of which the minutes before `next` are known.
    ///
    /// - Parameter makesMinutes: whether minutes are made from trades, for want of the venue's own.
    init(_ instruments: [Instrument], next: [Timestamp?], _ options: LiveOptions, makesMinutes: Bool = false) {
        self.instruments = instruments
        self.makesMinutes = makesMinutes
        queue = LiveQueue(instrumentCount: instruments.count)
        markets = zip(instruments, next).map { instrument, next in
            FollowedMarket(candles: CandleBuilder(instrument), minutes: MinuteLine(next: next))
        }
        shownLevels = options.shownLevels
        silentSeconds = options.silentSeconds
        patience = options.silentSeconds
    }

    /// What has to be asked, which counts as being asked from now on.
    mutating func takeDemands() -> [Demand] {
        defer { demands = [] }
        return demands
    }

    /// What has to be stored.
    mutating func takeStored() -> [(place: Int, candles: [Candle])] {
        defer { toStore = [] }
        return toStore
    }

    /// What has to be kept of the books.
    mutating func takeFeatures() -> [(place: Int, feature: BookFeature)] {
        defer { features = [] }
        return features
    }

    // MARK: Connections

    mutating func opening(_ number: Int, _ decoder: any MarketDecoder, at now: Timestamp) {
        time = now
        tape?.add(.open, number, at: now)
        connections[number] = Connection(decoder: decoder, lastHeard: now)
    }

    mutating func failed(_ number: Int, _ reason: String) {
        tape?.add(.failed, number, bytes: Array(reason.utf8), at: time)
        connections[number] = nil
        if connections.isEmpty { lose(reason) }
    }

    mutating func closed(_ number: Int, _ reason: String) {
        tape?.add(.closed, number, bytes: Array(reason.utf8), at: time)
        guard connections.removeValue(forKey: number) != nil else { return }
        for place in markets.indices { markets[place].heardOn.remove(number) }
        // Another that overlaps with it carries on.
        if connections.isEmpty { lose(reason) }
    }

    mutating func endings(_ number: Int, _ replace: (@Sendable () -> Void)?) {
        connections[number]?.replace = replace
    }

    /// What replaces a connection, once.
    mutating func replacement(_ number: Int) -> (@Sendable () -> Void)? {
        guard connections[number]?.isReplaced == false else { return nil }
        connections[number]?.isReplaced = true
        return connections[number]?.replace
    }

    func hasHeardAll(_ number: Int) -> Bool { markets.allSatisfy { $0.heardOn.contains(number) } }

    private mutating func lose(_ reason: String) {
        if isLive { gaps += 1 }
        isLive = false
        queue.append(.link(.lost(reason: reason)))
        for place in markets.indices {
            _ = markets[place].book.markStale(.disconnected)
            markets[place].tops.reset()
            markets[place].candles.interrupt()
        }
    }

    // MARK: Messages

    mutating func heard(_ bytes: UnsafeRawBufferPointer, _ number: Int, at now: Timestamp) {
        time = now
        tape?.add(.text, number, [], bytes, at: now)
        // What a connection said before it ended, and comes late, was told by its successor.
        guard connections[number] != nil else { return }
        do throws(StreamDamage) {
            let message = try connections[number]!.decoder.decode(bytes)
            take(message, number, at: now)
        } catch {
            damage(error, number)
        }
    }

    private mutating func take(_ message: MarketMessage, _ number: Int, at now: Timestamp) {
        switch message {
        case .depth:
            let place = connections[number]!.decoder.depth.instrument
            hear(place, number, at: now)
            takeDepth(place, connections[number]!.decoder.depth, number, at: now)
        case .bookTicker(let ticker):
            hear(ticker.instrument, number, at: now)
            takeTicker(ticker, at: now)
        case .trade(let trade):
            hear(trade.instrument, number, at: now)
            takeTrade(trade, at: now)
        case .kline(let kline):
            hear(kline.instrument, number, at: now)
            if kline.isClosed, kline.timeframe == .oneMinute { takeMinute(kline, at: now) }
        case .serverShutdown: demands.append(.replace(number))
        case .answer(let answer):
            if case .refused(_, let message) = answer.outcome {
                queue.append(.remark(kind: "feed-refused", text: "the venue refused a subscription: \(message)"))
            }
        case .aggregateTrade, .other: break
        }
    }

    /// Something of a market came.
    private mutating func hear(_ place: Int, _ number: Int, at now: Timestamp) {
        connections[number]!.lastHeard = now
        patience = silentSeconds
        if !isLive {
            isLive = true
            queue.append(.link(.live))
            // What closed meanwhile is asked for at once.
            for place in markets.indices { askForMinutes(place, at: now) }
        }
        if markets[place].heardOn.insert(number).inserted { heed(markets[place].book.streamBegan(), place) }
    }

    private mutating func takeDepth(_ place: Int, _ diff: DepthDiff, _ number: Int, at now: Timestamp) {
        if let feature = markets[place].sample(before: diff.time) { features.append((place, feature)) }
        let step = markets[place].book.apply(diff)
        if case .wantsSnapshot(.stale(.gap)) = step { gaps += 1 }
        heed(step, place)
        guard markets[place].book.state == .live, step != .ignored else { return }
        judge(markets[place].tops.note(markets[place].book), place)
        show(place, at: now)
    }

    private mutating func show(_ place: Int, at now: Timestamp) {
        guard var depth = markets[place].book.depth(levels: shownLevels) else { return }
        depth.time = now
        queue.append(.depth(place, depth))
    }

    private mutating func takeTicker(_ ticker: BookTicker, at now: Timestamp) {
        guard ticker.updateID > markets[ticker.instrument].lastTicker else { return }
        markets[ticker.instrument].lastTicker = ticker.updateID
        judge(markets[ticker.instrument].tops.note(ticker), ticker.instrument)
        guard let quote = ticker.quote(at: now), quote.bid < quote.ask else { return }
        queue.append(.quote(ticker.instrument, quote))
    }

    private mutating func takeTrade(_ trade: StreamTrade, at now: Timestamp) {
        let step = markets[trade.instrument].candles.apply(trade.print)
        guard step.verdict != .duplicate else { return }
        if let closed = step.closed {
            if let verdict = markets[trade.instrument].check.note(closed) { judge(verdict, trade.instrument) }
            tell(made: closed, trade.instrument, at: now)
        }
        if let revised = step.revised, let verdict = markets[trade.instrument].check.note(revised) {
            judge(verdict, trade.instrument)
            // The venue's candle closed without a trade that came late.
            if case .differs = verdict.result {
                queue.append(.revised(trade.instrument, revised.candle))
                toStore.append((trade.instrument, [revised.candle]))
            }
        }
        // Late ones are in their candle; the tape goes forward only.
        if let last = markets[trade.instrument].lastTrade, trade.print.id <= last { return }
        markets[trade.instrument].lastTrade = trade.print.id
        var print = trade.print
        print.time = now
        queue.append(.print(trade.instrument, print))
    }

    /// Tells a minute that was made from trades, where there are none of the venue; one that lacks trades is none.
    private mutating func tell(made minute: BuiltCandle, _ place: Int, at now: Timestamp) {
        guard makesMinutes, minute.isWhole else { return }
        tell(place, markets[place].minutes.close(minute.candle, at: now))
    }

    private mutating func takeMinute(_ kline: StreamKline, at now: Timestamp) {
        let place = kline.instrument
        guard kline.candle.isConsistent else {
            return queue.append(
                .remark(
                    kind: "candle-damaged",
                    text:
                        "\(instruments[place].pair) \(kline.candle.openTime): the venue's candle contradicts itself; it "
                        + "is asked for again"))
        }
        // A last trade may still be on its way; what contradicts a minute later does so for good.
        let settled = markets[place].suspects.filter { $0.key < kline.candle.openTime }
        for (time, fields) in settled.sorted(by: { $0.key < $1.key }) {
            markets[place].suspects[time] = nil
            queue.append(
                .remark(
                    kind: "candle-differs",
                    text: "\(instruments[place].pair) \(time): the venue's candle and its trades differ in \(fields); "
                        + "the venue's counts"))
        }
        if let verdict = markets[place].check.note(kline) { judge(verdict, place) }
        if let built = markets[place].candles.close(at: kline.candle.closeTime(.oneMinute)),
            let verdict = markets[place].check.note(built)
        {
            judge(verdict, place)
        }
        tell(place, markets[place].minutes.close(kline.candle, at: now))
        askForMinutes(place, at: now)
    }

    private mutating func judge(_ verdict: CandleCheck.Verdict, _ place: Int) {
        switch verdict.result {
        case .differs(let fields): markets[place].suspects[verdict.openTime] = fields
        case .equal, .incomplete: markets[place].suspects[verdict.openTime] = nil
        }
    }

    private mutating func damage(_ damage: StreamDamage, _ number: Int) {
        connections[number]!.damaged += 1
        let count = connections[number]!.damaged
        if count == 1 || count == LiveMarketState.mostDamaged {
            queue.append(.remark(kind: "feed-damaged", text: "a message can't be read: \(damage)"))
        }
        // Nobody knows of which book it was.
        for place in markets.indices { heed(markets[place].book.markStale(.damaged), place) }
        if count == LiveMarketState.mostDamaged { demands.append(.replace(number)) }
    }

    /// A book whose top is not the venue's is no book.
    private mutating func judge(_ result: TopCheck.Result, _ place: Int) {
        guard case .disagreed = result else { return }
        heed(markets[place].book.markStale(.disagreed), place)
    }

    /// Has a book asked for that wants to be, unless it is already.
    private mutating func heed(_ step: BookStep, _ place: Int) {
        guard case .wantsSnapshot = step, !markets[place].isAskingForBook else { return }
        markets[place].isAskingForBook = true
        demands.append(.book(place))
    }

    // MARK: Answers

    /// A book came that was asked for.
    mutating func answer(_ place: Int, book: DepthSnapshot, at now: Timestamp) {
        time = now
        if let tape {
            tape.add(.book, place, [Int64(book.limit)], bytes: book.captured(of: instruments[place]), at: now)
        }
        // One that is too old is asked for again by whoever asked.
        guard markets[place].book.apply(book, at: now) == .live else { return }
        markets[place].tops.reset()
        show(place, at: now)
    }

    /// Whether a book is to be asked for.
    func isBookWanted(_ place: Int) -> Bool { markets[place].book.isSnapshotWanted && !connections.isEmpty }

    /// Whether a book is (still) to be asked for; where it is not, asking for it has ended.
    mutating func wantsBook(_ place: Int) -> Bool {
        let isWanted = isBookWanted(place)
        if !isWanted { markets[place].isAskingForBook = false }
        return isWanted
    }

    /// Minutes came that were asked for; `nil` when they could not be had.
    mutating func answer(_ place: Int, minutes: [Candle]?, from: Timestamp, to: Timestamp, at now: Timestamp) {
        time = now
        if let tape {
            let bytes = CapturedMinutes.bytes(minutes ?? [], of: instruments[place])
            tape.add(
                minutes == nil ? .noMinutes : .minutes, place, [from.nanoseconds, to.nanoseconds], bytes: bytes, at: now
            )
        }
        if let minutes {
            tell(place, markets[place].minutes.answer(minutes, from: from, to: to, at: now))
        } else {
            tell(place, markets[place].minutes.fail(at: now))
        }
    }

    /// A second has passed: minutes that nobody told of are asked for, silent connections are replaced.
    mutating func tick(at now: Timestamp) {
        time = now
        tape?.add(.tick, at: now)
        guard isLive || !connections.isEmpty else { return }
        for place in markets.indices {
            let past = now.adding(nanoseconds: -LiveMarketState.featureDelay)
            if let feature = markets[place].sample(before: past) { features.append((place, feature)) }
            let over = now.adding(nanoseconds: -LiveMarketState.tradeDelay)
            if makesMinutes, let made = markets[place].candles.close(at: over) { tell(made: made, place, at: now) }
        }
        for place in markets.indices { askForMinutes(place, at: now) }
        for (number, connection) in connections where !connection.isReplaced {
            guard now.nanoseconds(since: connection.lastHeard) >= patience * 1_000_000_000 else { continue }
            patience = min(patience * 2, LiveMarketState.longestPatience)
            demands.append(.replace(number))
        }
    }

    /// The books as they can be read now.
    func books(levels: Int) -> [BookDepth?] { markets.map { $0.book.depth(levels: levels) } }

    /// Another part of the capture has begun: books that are known go into it, so that it can be played alone. Played with
    /// the parts before it they change nothing, as nobody asked for them.
    mutating func captureBooks(at now: Timestamp) {
        guard let tape else { return }
        for place in markets.indices where !markets[place].book.isSnapshotWanted {
            guard let book = DepthSnapshot(known: markets[place].book) else { continue }
            tape.add(.book, place, [Int64(book.limit)], bytes: book.captured(of: instruments[place]), at: now)
        }
    }

    private mutating func askForMinutes(_ place: Int, at now: Timestamp) {
        guard let question = markets[place].minutes.question(at: now) else { return }
        demands.append(.minutes(place, from: question.from, to: question.to))
    }

    private mutating func tell(_ place: Int, _ steps: [MinuteLine.Step]) {
        for step in steps {
            switch step {
            case .closed(let candle):
                queue.append(.minute(place, candle))
                toStore.append((place, [candle]))
            case .missed(let candles):
                queue.append(.missed(place, candles))
                toStore.append((place, candles))
            case .gap(let from, let to):
                queue.append(
                    .remark(
                        kind: "feed-gap",
                        text: "\(instruments[place].pair): there are no minutes from \(from) to \(to)"))
            }
        }
    }
}
