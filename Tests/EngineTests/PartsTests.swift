import Glibc
import Market
import Synchronization
import Testing
import Trading

@testable import Engine

@Suite("Candles for strategies")
struct CandleSubscriptionTests {
    private func minutes(_ count: Int, gaps: Bool, _ generator: inout SplitMix) -> [Candle] {
        var result: [Candle] = []
        for index in 0..<count {
            if gaps && generator.next() % 9 == 0 { continue }
            let price = Price(mantissa: 1_000 + Int64(generator.next() % 100))
            result.append(
                Candle(
                    openTime: monday.adding(seconds: Int64(index) * 60), open: price, high: price, low: price,
                    close: price, volume: Quantity(mantissa: 1)))
        }
        return result
    }

    @Test(
        "history up to any instant and live candles from there on are together the whole, none twice, none unfinished")
    func historyAndLive() throws {
        var generator = SplitMix(seed: 3)
        let id = InstrumentID(0)
        for round in 0..<60 {
            let all = minutes(400, gaps: round % 2 == 1, &generator)
            let timeframe = Timeframe.all[1 + Int(generator.next() % 5)]
            let cut = Int(generator.next() % UInt64(all.count))
            let before = Array(all[..<cut])
            var subscriptions = CandleSubscriptions(instrumentCount: 1, base: .oneMinute)
            subscriptions.subscribe(id, timeframe, recent: before)
            var seen = CandleSubscriptions.history(before, base: .oneMinute, timeframe: timeframe)
            for candle in all[cut...] {
                subscriptions.take(id, candle) { given, longer in
                    #expect(given == timeframe)
                    #expect(longer.closeTime(timeframe) <= candle.closeTime(.oneMinute))
                    seen.append(longer)
                }
            }
            let expected = CandleResampler.resample(all, to: timeframe)
            let tail = expected.prefix(seen.count + (seen.first?.openTime == expected.first?.openTime ? 0 : 1))
            let first = seen.first?.openTime ?? .epoch
            #expect(seen == tail.filter { $0.openTime >= first })
            #expect(expected.count - tail.count <= 1)
        }
    }

    @Test("the timeframe of the feed itself needs no derivation")
    func baseTimeframe() {
        var subscriptions = CandleSubscriptions(instrumentCount: 1, base: .oneHour)
        subscriptions.subscribe(InstrumentID(0), .oneHour, recent: [])
        subscriptions.subscribe(InstrumentID(0), .oneMinute, recent: [])
        var generator = SplitMix(seed: 1)
        var count = 0
        for candle in minutes(10, gaps: false, &generator) {
            subscriptions.take(InstrumentID(0), candle) { _, _ in count += 1 }
        }
        #expect(count == 0)
    }
}

@Suite("Market view")
struct MarketViewTests {
    private let instrument = Instrument(
        venue: "X", symbol: "AB", base: Currency("A")!, quote: Currency("B")!,
        rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))

    private func candle(_ minute: Int64, _ open: Int64, _ high: Int64, _ low: Int64, _ close: Int64) -> Candle {
        Candle(
            openTime: monday.adding(seconds: minute * 60), open: Price(mantissa: open), high: Price(mantissa: high),
            low: Price(mantissa: low), close: Price(mantissa: close), volume: Quantity(mantissa: 1))
    }

    private func print(_ second: Int64, _ price: Int64) -> TradePrint {
        TradePrint(
            time: monday.adding(seconds: second), price: Price(mantissa: price), quantity: Quantity(mantissa: 2),
            aggressor: .buy, id: UInt64(second))
    }

    @Test("prints form the minute, its close ends it, a revision replaces it, an older one is left out")
    func formingMinute() {
        var builder = MarketViewBuilder(id: InstrumentID(0), instrument: instrument)
        for (second, price) in [(1, 10), (20, 14), (59, 9)] as [(Int64, Int64)] { builder.add(print(second, price)) }
        let forming = builder.view.forming
        #expect(forming?.open == Price(mantissa: 10) && forming?.high == Price(mantissa: 14))
        #expect(forming?.low == Price(mantissa: 9) && forming?.close == Price(mantissa: 9))
        #expect(forming?.volume == Quantity(mantissa: 6) && forming?.minutes == 1)
        builder.close(candle(0, 10, 14, 9, 9))
        #expect(builder.view.forming == nil && builder.view.minutes.count == 1)
        builder.close(candle(0, 10, 15, 9, 9))
        #expect(builder.view.minutes.map(\.high) == [Price(mantissa: 15)])
        builder.close(candle(-5, 1, 1, 1, 1))
        #expect(builder.view.minutes.count == 1)
        builder.add(print(30, 11))
        #expect(builder.view.forming == nil)
    }

    @Test("late prints have their place on the tape, at a time between those of their neighbours")
    func latePrints() {
        var builder = MarketViewBuilder(id: InstrumentID(0), instrument: instrument)
        for second in [10, 20, 30] as [Int64] { builder.add(print(second, 10)) }
        var early = print(12, 11)
        early.time = monday
        builder.add(late: [early, print(25, 12)], forming: candle(0, 10, 12, 10, 10))
        #expect(builder.view.tape.map(\.id) == [10, 12, 20, 25, 30])
        #expect(builder.view.tape.map(\.time.seconds) == [10, 10, 20, 25, 30].map { monday.seconds + $0 })
        #expect(builder.view.last == Price(mantissa: 10) && builder.view.lastHeard == monday.adding(seconds: 30))
        #expect(builder.view.forming?.high == Price(mantissa: 12))
        // A minute that is not the running one is no forming candle.
        builder.add(late: [print(5, 10)], forming: candle(-1, 1, 1, 1, 1))
        #expect(
            builder.view.tape.map(\.id) == [5, 10, 12, 20, 25, 30] && builder.view.forming?.open == Price(mantissa: 10))
    }

    @Test("a full tape takes no older prints")
    func lateOnFullTape() {
        var builder = MarketViewBuilder(id: InstrumentID(0), instrument: instrument)
        for second in 1_000..<2_000 { builder.add(print(Int64(second), 10)) }
        let before = builder.view.tape.map(\.id)
        builder.add(late: (0..<600).map { print($0, 10) }, forming: nil)
        #expect(builder.view.tape.map(\.id) == before)
    }

    @Test("a revision of an earlier minute replaces that one")
    func revisedEarlier() {
        var builder = MarketViewBuilder(id: InstrumentID(0), instrument: instrument)
        for minute in 0..<4 as Range<Int64> { builder.close(candle(minute, 10, 10, 10, 10)) }
        builder.close(candle(1, 10, 15, 10, 14))
        #expect(builder.view.minutes.map(\.high.mantissa) == [10, 15, 10, 10])
        #expect(builder.view.last == Price(mantissa: 10) && builder.view.dayHigh == Price(mantissa: 15))
    }

    @Test("a minute that was missing gets its place between the others")
    func missingMinute() {
        var builder = MarketViewBuilder(id: InstrumentID(0), instrument: instrument)
        for minute in [0, 3] as [Int64] { builder.close(candle(minute, 10, 10, 10, 10)) }
        for minute in [1, 2] as [Int64] { builder.close(candle(minute, 10, 15, 10, 14)) }
        #expect(builder.view.minutes.map(\.high.mantissa) == [10, 15, 15, 10])
        #expect(zip(builder.view.minutes, builder.view.minutes.dropFirst()).allSatisfy { $0.openTime < $1.openTime })
        #expect(builder.view.last == Price(mantissa: 10))
    }

    @Test("the day's extremes and reference are of the last 24 hours")
    func dayStatistics() {
        var builder = MarketViewBuilder(id: InstrumentID(0), instrument: instrument)
        builder.load(history: (0..<2_000).map { candle($0, 100 + $0, 101 + $0, 99 + $0, 100 + $0) })
        // The newest closes at minute 2,000, so the day begins with minute 560.
        #expect(builder.view.dayReference == Price(mantissa: 660))
        #expect(builder.view.dayLow == Price(mantissa: 659))
        #expect(builder.view.dayHigh == Price(mantissa: 2_100))
        builder.close(candle(2_000, 50, 50, 50, 50))
        #expect(builder.view.dayLow == Price(mantissa: 50))
        #expect(builder.view.dayReference == Price(mantissa: 661))
        #expect(builder.view.last == Price(mantissa: 50))
    }

    @Test("silence makes data stale, and a word makes them live")
    func staleness() {
        var builder = MarketViewBuilder(id: InstrumentID(0), instrument: instrument)
        builder.refreshStatus(now: monday, staleAfter: 10)
        #expect(builder.view.status == .waiting)
        builder.add(print(0, 10))
        builder.refreshStatus(now: monday.adding(seconds: 10), staleAfter: 10)
        #expect(builder.view.status == .live)
        builder.refreshStatus(now: monday.adding(seconds: 25), staleAfter: 10)
        #expect(builder.view.status == .stale(seconds: 25))
        builder.add(print(26, 10))
        builder.refreshStatus(now: monday.adding(seconds: 26), staleAfter: 10)
        #expect(builder.view.status == .live)
    }

    @Test("tape, book history and minutes are bounded")
    func bounds() {
        var builder = MarketViewBuilder(id: InstrumentID(0), instrument: instrument)
        for second in 0..<3_000 {
            builder.add(print(Int64(second), 10))
            builder.add(BookDepth(time: monday.adding(seconds: Int64(second)), bids: [], asks: []))
        }
        #expect((400...800).contains(builder.view.tape.count))
        #expect(builder.view.depthHistory.count == 600)
        builder.load(history: (0..<30_000).map { candle($0 - 40_000, 1, 1, 1, 1) })
        #expect(builder.view.minutes.count == 20_000)
        #expect(builder.view.tape.last?.time == monday.adding(seconds: 2_999))
    }
}

@Suite("Alerts")
struct AlertBookTests {
    private func alert(_ kind: String, strategy: Int32? = nil, order: UInt64? = nil) -> Alert {
        Alert(
            time: monday, priority: .warning, kind: kind, text: kind,
            strategy: strategy.map { StrategyID(rawValue: $0) }, order: order.map { OrderID(rawValue: $0) })
    }

    @Test("equal alerts are one with a counter; an acknowledged one is closed and the next begins anew")
    func collapse() {
        var book = AlertBook()
        let first = book.raise(alert("denied", strategy: 1, order: 5))
        let second = book.raise(alert("denied", strategy: 1, order: 6))
        #expect(second == first)
        let other = book.raise(alert("denied", strategy: 2, order: 7))
        #expect(other != first)
        let byHand = [book.raise(alert("denied", order: 8)), book.raise(alert("denied", order: 9))]
        #expect(byHand[0] != byHand[1])
        #expect(book.views.map(\.count).sorted() == [1, 1, 1, 2])
        let seenTo = book.acknowledge([first, 999])
        #expect(seenTo == [first])
        let anew = book.raise(alert("denied", strategy: 1))
        #expect(anew != first)
    }

    @Test("an alert can be seen to under its first number after the store gave it another")
    func numbers() {
        var book = AlertBook()
        let number = book.raise(alert("x"))
        #expect(number < 0)
        book.number(number, becomes: 17)
        #expect(book.views.map(\.id) == [17])
        let found = book.acknowledge([number])
        #expect(found == [17])
        #expect(book.views[0].state == .acknowledged)
    }

    @Test("a shelved alert counts on out of sight and comes back when its time is over")
    func shelving() {
        var book = AlertBook()
        let number = book.raise(alert("x"))
        let isShelved = book.shelve(number, until: monday.adding(seconds: 60))
        #expect(isShelved)
        let isUnknownShelved = book.shelve(-99, until: monday)
        #expect(!isUnknownShelved)
        _ = book.raise(alert("x"))
        #expect(book.views.map(\.state) == [.shelved(until: monday.adding(seconds: 60))])
        #expect(book.views[0].count == 2)
        let isEarly = book.unshelve(now: monday.adding(seconds: 59))
        #expect(!isEarly)
        let isBack = book.unshelve(now: monday.adding(seconds: 60))
        #expect(isBack)
        #expect(book.views[0].state == .unacknowledged)
    }

    @Test("the book is bounded, and what was seen to goes first")
    func bounded() {
        var book = AlertBook()
        let kept = book.raise(alert("kept"))
        for index in 0..<AlertBook.capacity {
            let number = book.raise(alert("kind \(index)"))
            if index < 10 { _ = book.acknowledge([number]) }
        }
        #expect(book.views.count == AlertBook.capacity)
        #expect(book.views.contains { $0.id == kept })
    }

    @Test("a price alert goes off once, from the side the price came from, and is kept as text")
    func priceLevels() throws {
        let instrument = Instrument(
            venue: "X", symbol: "AB", base: Currency("A")!, quote: Currency("B")!,
            rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
        var alerts = PriceAlerts()
        let price = try instrument.price("5")
        alerts.add(InstrumentID(0), price, last: try instrument.price("4"))
        alerts.add(InstrumentID(0), try instrument.price("3.5"), last: try instrument.price("4"))
        #expect(PriceAlerts(text: alerts.text([instrument]), [instrument]).levels == alerts.levels)
        #expect(PriceAlerts(text: "X:AB above\nX:ZZ above 1\nX:AB beside 2\nX:AB above x", [instrument]).levels.isEmpty)
        let reached = [
            alerts.take(InstrumentID(0), at: try instrument.price("4.9")),
            alerts.take(InstrumentID(1), at: price),
            alerts.take(InstrumentID(0), at: price),
            alerts.take(InstrumentID(0), at: price),
            alerts.take(InstrumentID(0), at: try instrument.price("3")),
        ]
        #expect(reached.map(\.count) == [0, 0, 1, 0, 1])
    }
}

@Suite("Parts of the engine")
struct EnginePartsTests {
    @Test("a line of the log has no control characters, whoever's words it repeats")
    func plainLog() {
        let log = EngineLog(path: nil, maximumBytes: 1_000)
        log.write(.warning, "refused: \u{1B}[2Jgone\r\nnext\u{9B}31m\u{7F}", at: monday)
        #expect(log.newest.lines.map(\.text) == ["refused:  [2Jgone  next 31m "])
    }

    @Test("the inbox refuses what it can't hold, takes an emergency stop all the same, and nothing once closed")
    func inboxOverflow() throws {
        let inbox = Inbox(wake: try WakeDescriptor())
        for _ in 0..<Inbox.capacity { #expect(inbox.send(.stepReplay, origin: "t", reply: nil) == nil) }
        #expect(inbox.send(.stepReplay, origin: "t", reply: nil) == .full)
        #expect(inbox.send(.emergencyStop(keepsProtection: false, origin: "t"), origin: "t", reply: nil) == nil)
        #expect(inbox.take()?.isEmergency == true)
        for _ in 0..<Inbox.capacity { #expect(inbox.take()?.isEmergency == false) }
        #expect(inbox.take() == nil)
        #expect(inbox.send(.stepReplay, origin: "t", reply: nil) == nil)
        #expect(inbox.close().count == 1)
        #expect(inbox.send(.halt(origin: "t"), origin: "t", reply: nil) == .closed("the engine is stopping"))
    }

    @Test("an emergency stop that nobody takes any more is kept for the next engine, and says so; nothing else is")
    func keptStop() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path
        let inbox = Inbox(wake: try WakeDescriptor()) { origin throws(EngineError) in
            try EmergencyLatch.set(directory: path, origin: origin, time: monday)
        }
        _ = inbox.close("the engine has stopped: a test")
        let answers = Mutex<[String]>([])
        inbox.submit(.stepReplay, origin: "t") { reply in answers.withLock { $0.append("\(reply)") } }
        #expect(!EmergencyLatch.isSet(directory: path))
        inbox.submit(.emergencyStop(keepsProtection: false, origin: "t"), origin: "t") { reply in
            answers.withLock { $0.append("\(reply)") }
        }
        while answers.withLock({ $0.count }) < 2 { usleep(1_000) }
        #expect(EmergencyLatch.isSet(directory: path))
        let texts = answers.withLock { $0 }
        #expect(texts.allSatisfy { $0.contains("the engine has stopped: a test") })
        #expect(texts[1].contains("holds for the next engine") && !texts[0].contains("holds"))
    }

    @Test("a wake descriptor is readable once signalled, and quiet once drained, however often")
    func wakeDescriptor() throws {
        let wake = try WakeDescriptor()
        func isReadable() -> Bool {
            var descriptor = pollfd(fd: wake.readEnd, events: Int16(POLLIN), revents: 0)
            return poll(&descriptor, 1, 0) > 0
        }
        #expect(!isReadable())
        for _ in 0..<3 {
            for _ in 0..<1_000 { wake.signal() }
            #expect(isReadable())
            wake.drain()
            #expect(!isReadable())
        }
    }

    @Test("the log keeps its newest lines, writes all, and puts a file aside that has grown")
    func log() throws {
        let folder = try TemporaryDirectory()
        let log = EngineLog(path: folder.path + "/wick.log", maximumBytes: 2_000)
        for index in 0..<1_200 {
            log.write(.info, "line \(index)\nwith a break", at: monday)
            if index % 50 == 0 { log.flush() }
        }
        log.flush()
        let (lines, generation) = log.newest
        #expect(generation == 1_200)
        #expect(lines.count == 500)
        #expect(lines.last?.text == "line 1199 with a break")
        #expect(access(folder.path + "/wick.log.1", F_OK) == 0)
        var status = stat()
        #expect(stat(folder.path + "/wick.log", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("day totals read back as they were written, and nonsense reads as nothing")
    func dayTotals() {
        let huge: Int128 = 1 << 90
        var totals = DayTotals()
        let isNewDay = totals.begin(day: 5) {
            [(id: StrategyID(rawValue: 2), units: Int128(-7)), (id: StrategyID(rawValue: 3), units: huge)]
        }
        #expect(isNewDay)
        let isSameDay = totals.begin(day: 5) { [] }
        #expect(!isSameDay)
        let read = DayTotals(text: totals.text)
        #expect(read.day == 5 && read[StrategyID(rawValue: 2)] == -7 && read[StrategyID(rawValue: 3)] == huge)
        #expect(read[StrategyID(rawValue: 9)] == 0)
        #expect(DayTotals(text: "x\n1 2")[StrategyID(rawValue: 1)] == 0)
        #expect(DayTotals(text: "4\n1 2 3\n2 5").text == "4\n2 5")
    }
}
