import Market
import Network
import Storage
import Venues

/// What is known of the markets of a source, and what its venue has to be asked: everything but sockets, clocks and tasks.
struct LiveMarketState {
    /// What the venue has to be asked or told.
    enum Demand: Equatable {
        /// A book as it stands, between these losses of the market.
        case book(Int, losses: Int = 0)
        /// Closed minutes from one open time up to another, exclusive.
        case minutes(Int, from: Timestamp, to: Timestamp)
        /// Trades from a number on.
        case trades(Int, from: UInt64)
        /// Another connection in the place of this one.
        case replace(Int)
    }

    /// One market.
    struct FollowedMarket {
        var book = LocalBook()
        /// Changes of the book that came before what is between.
        var early = EarlyChanges()
        var tops = TopCheck()
        var lag = BookLag()
        /// Whether it was asked for as it had been left behind, and no change has come since.
        var awaitsChanges = false
        /// For how many seconds in which something else comes its changes may stay away.
        var depthPatience = LiveMarketState.depthPatience
        var candles: CandleBuilder
        var check = CandleCheck()
        /// Minutes in which the trades contradict the venue's candle, unless more comes of them.
        var suspects: [Timestamp: CandleCheck.Fields] = [:]
        var minutes: MinuteLine
        /// Minutes that did not come in time and are asked for on.
        var openMinutes: [CandleGap] = []
        /// The last stretches that did not come and are not asked for, oldest first.
        var absentMinutes: [CandleGap] = []
        /// The number of the last trade and of the last best prices that were told.
        var lastTrade: UInt64?
        /// When that trade happened, by the venue's clock.
        var lastTradeTime: Timestamp?
        /// Trades that were not heard.
        var gaps = TradeGaps()
        /// Whether trades stay behind the venue's candles.
        var tradeSilence = TradeSilence()
        var lastTicker: Int64 = -1
        /// On which connections it was heard.
        var heardOn: Set<Int> = []
        /// On which connections its best prices were heard.
        var tickersOn: Set<Int> = []
        /// Whether its book is being asked for.
        var isAskingForBook = false
        /// Looks at the book at whole seconds.
        var sampler = BookFeatureSampler()

        mutating func sample(before time: Timestamp) -> BookFeature? { sampler.sample(book, before: time) }
    }

    /// One connection.
    struct Connection {
        var decoder: any MarketDecoder
        var replace: (@Sendable () -> Void)?
        var lastHeard: Timestamp
        /// Whether anything of a market came on it.
        var isHeard = false
        var damaged = 0
        var isReplaced = false
        var silence: DepthSilence
    }

    let instruments: [Instrument]
    /// What waits to be taken.
    var queue: LiveQueue
    /// Minutes to be stored.
    var toStore: [(place: Int, candles: [Candle])] = []
    /// What the books were like at whole seconds, to be stored.
    var features: [(place: Int, feature: BookFeature)] = []
    /// Stretches of trades that were not heard and what became of them, to be kept.
    var gapsToStore: [TradeGap] = []
    /// Stretches of minutes that did not come in time and what became of them, to be kept.
    var candleGapsToStore: [CandleGap] = []
    /// Keeps everything that is met here, in this order.
    var tape: CaptureWriter?
    /// How often the market was lost: what was asked before a loss answers nothing behind it.
    private(set) var losses = 0
    /// How often updates of a book were missing or a connection was lost.
    var gaps = 0
    var demands: [Demand] = []
    var markets: [FollowedMarket]
    var connections: [Int: Connection] = [:]
    var isLive = false
    /// When something was met last.
    var time = Timestamp.epoch
    /// The venue's time.
    var venueTime = HeardTime()
    let shownLevels: Int
    let silentSeconds: Int64
    /// How many seconds have passed since anything of a market came.
    var quiet: Int64 = 0
    /// After more of them a book is not looked at: changes of it may be on their way, or lost.
    static let longestQuiet: Int64 = 4
    /// For how many seconds a connection may be silent before another is made.
    var patience: Int64
    static let longestPatience: Int64 = 3_600
    /// With more damaged messages on one connection than this, another is made.
    static let mostDamaged = 20
    /// How long after its end a second of a book in which nothing moves is looked at: until then a change that belongs
    /// before it may still be on its way.
    static let featureDelay: Int64 = 2_000_000_000
    /// How long after its end a minute that is made from trades is told, where none came behind it.
    static let tradeDelay: Int64 = 2_000_000_000
    /// Whether minutes are made from trades, for want of the venue's own.
    let makesMinutes: Bool

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

    /// What has to be kept of trades that were not heard.
    mutating func takeTradeGaps() -> [TradeGap] {
        defer { gapsToStore = [] }
        return gapsToStore
    }

    /// What has to be kept of minutes that did not come in time.
    mutating func takeCandleGaps() -> [CandleGap] {
        defer { candleGapsToStore = [] }
        return candleGapsToStore
    }

    // MARK: Connections

    mutating func opening(_ number: Int, _ decoder: any MarketDecoder, at now: Timestamp) {
        time = now
        tape?.add(.open, number, at: now)
        connections[number] = Connection(decoder: decoder, lastHeard: now, silence: DepthSilence(markets.count))
    }

    mutating func failed(_ number: Int, _ reason: String) {
        tape?.add(.failed, number, bytes: Array(reason.utf8), at: time)
        connections[number] = nil
        if connections.isEmpty { lose(reason) }
    }

    mutating func closed(_ number: Int, _ reason: String) {
        tape?.add(.closed, number, bytes: Array(reason.utf8), at: time)
        guard connections.removeValue(forKey: number) != nil else { return }
        for place in markets.indices {
            markets[place].heardOn.remove(number)
            markets[place].tickersOn.remove(number)
            settleEarly(place, at: time)
        }
        // Another that overlaps with it carries on; one that is only being made does not.
        if !connections.values.contains(where: \.isHeard) { lose(reason) }
    }

    mutating func endings(_ number: Int, _ replace: (@Sendable () -> Void)?) {
        connections[number]?.replace = replace
    }

    /// What replaces a connection, once.
    mutating func replacement(_ number: Int) -> (@Sendable () -> Void)? {
        guard let replace = connections[number]?.replace, connections[number]?.isReplaced == false else { return nil }
        connections[number]?.isReplaced = true
        return replace
    }

    func hasHeardAll(_ number: Int) -> Bool { markets.allSatisfy { $0.heardOn.contains(number) } }

    mutating func lose(_ reason: String) {
        if isLive { gaps += 1 }
        isLive = false
        losses += 1
        queue.append(.link(.lost(reason: reason)))
        for place in markets.indices {
            _ = markets[place].book.markStale(.disconnected)
            markets[place].isAskingForBook = false
            markets[place].early.removeAll()
            markets[place].tops.reset()
            markets[place].lag.reset()
            markets[place].awaitsChanges = false
            markets[place].candles.interrupt()
            markets[place].tradeSilence.lost()
            // A venue that was away may count anew.
            markets[place].lastTicker = -1
        }
    }
}
