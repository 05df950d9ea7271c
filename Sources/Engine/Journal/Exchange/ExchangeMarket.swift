import Market
import Simulation
import Trading

// The market: updates of a stretch that is written down before any of them acts.
extension JournaledExchange {
    /// Writes a stretch of the market down, before any of it acts.
    ///
    /// - Returns: false when the journal can take no more now; the stretch must not act then.
    func begin(_ stretch: [MarketUpdate], upTo end: Timestamp) -> Bool {
        guard log.journal != nil else { return true }
        batch.removeAll()
        for update in stretch {
            switch update {
            case .quote(let id, let quote): batch.append(.quote(id, quote))
            case .print(let id, let print, _): batch.append(.print(id, print))
            case .minute(let id, let candle): batch.append(.minute(id, candle))
            case .book(let id, let depth): if !isRemote { batch.append(.book(id, depth)) }
            case .bookLost(let id, let time):
                if !isRemote { batch.append(.book(id, BookDepth(time: time, bids: [], asks: []))) }
            case .timer(let time): batch.append(.timer(time))
            // Other books and late trades are for the screen; bars come from a recording, which needs no journal; what was missed
            // gets records of its own, and what was filled in is in the history of a command.
            case .late, .depth, .bar, .finished, .missed, .filled, .revised, .link, .remark: break
            }
        }
        if batch.count > 0 {
            waitForInputs()
            if !log.appendMarket(batch, at: end) { return false }
        }
        marketTime = max(marketTime, end)
        return true
    }

    /// Takes in an update of a batch.
    func take(_ input: MarketInput) {
        switch input {
        case .quote(let id, let quote): self.quote(id, quote)
        case .print(let id, let print): self.print(id, print)
        case .book(let id, let depth): book(id, depth)
        case .minute(let id, let candle): minute(id, candle)
        case .bar(let id, let candle): bar(id, subscriptions.base, candle)
        case .timer(let time): timer(time)
        }
    }

    /// Notes up to where the market was told.
    func noteMarketTime(_ time: Timestamp) { marketTime = max(marketTime, time) }

    /// A new best bid and ask: orders meet it, then the kernel marks by it.
    func quote(_ instrument: InstrumentID, _ quote: Quote) {
        log.countUpdate()
        if !isRemote, connection.beginQuote(instrument, quote) { walk() }
        kernel.step(.quote(instrument, quote), into: &effects)
        if !effects.isEmpty {
            // A market update that led to something gets a decision record of its own, as the cause of what follows.
            settle(
                after: log.append(.quote, at: quote.time) { writer in
                    writer.value(instrument)
                    writer.value(quote)
                })
        }
        close(at: quote.time)
    }

    /// A print of the tape: orders meet it.
    func print(_ instrument: InstrumentID, _ print: TradePrint) {
        log.countUpdate()
        if !isRemote, connection.beginPrint(instrument, print) { walk() }
        close(at: print.time)
    }

    /// The visible levels of a book: orders meet them, unless they are at a venue over a network.
    func book(_ instrument: InstrumentID, _ depth: BookDepth) {
        if isRemote { return }
        log.countUpdate()
        if connection.beginBook(instrument, depth) { walk() }
        close(at: depth.time)
    }

    /// A second of the market's time began: once a second, and a point of the equity curve once a minute.
    func timer(_ time: Timestamp) {
        log.countUpdate()
        lastSecond = time.seconds
        if !connection.isTransparent {
            // What was late comes with time, whatever the market does.
            connection.elapse(to: time)
            settle()
        }
        kernel.step(.timer(time), into: &effects)
        if !effects.isEmpty { settle(after: log.append(.timer, at: time) { $0.value(time) }) }
        close(at: time)
        let minute = time.floored(to: .oneMinute)
        if let lastMinute, minute > lastMinute { recordAccount(isEquityPoint: true, at: minute) }
        lastMinute = max(minute, lastMinute ?? minute)
    }

    /// A closed minute of a market whose quotes and prints are told too; the longer candles that it completes follow it.
    func minute(_ instrument: InstrumentID, _ candle: Candle) {
        log.countUpdate()
        self.candle(instrument, .oneMinute, candle)
        subscriptions.take(instrument, candle) { self.candle(instrument, $0, $1) }
    }

    /// A recorded candle of which nothing else is known: orders meet its open and its path, then the kernel sees it
    /// closed, and the longer ones that it completes.
    func bar(_ instrument: InstrumentID, _ timeframe: Timeframe, _ candle: Candle) {
        log.countUpdate()
        if !isRemote, connection.beginBar(instrument, candle) {
            walk()
            connection.endBar(instrument, close: candle.close)
        }
        self.candle(instrument, timeframe, candle)
        subscriptions.take(instrument, candle) { self.candle(instrument, $0, $1) }
    }

    func candle(_ instrument: InstrumentID, _ timeframe: Timeframe, _ candle: Candle) {
        let time = candle.closeTime(timeframe)
        let input = log.append(.candle, at: time) { writer in
            writer.value(instrument)
            writer.value(timeframe)
            writer.value(candle)
        }
        step(input) { kernel.close(candle, of: instrument, timeframe, into: &effects) }
        settle(after: input)
        close(at: time)
    }
}
