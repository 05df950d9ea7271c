import Market
import Venues

@testable import Ingestion

/// A book with every digit used.
enum DepthSnapshotSample {
    static let book = DepthSnapshot(
        lastID: 9_007_199_254_740_993,
        bids: [
            BookLevel(price: Price(mantissa: 5_012_345_678_901), quantity: Quantity(mantissa: 1)),
            BookLevel(price: Price(mantissa: 1), quantity: Quantity(mantissa: 123_456_789_012)),
        ], asks: [BookLevel(price: Price(mantissa: 5_012_345_678_902), quantity: Quantity(mantissa: 900_000_000))],
        limit: 5)

    static func decode(
        _ bytes: UnsafeRawBufferPointer, limit: Int, of instrument: Instrument
    ) throws(StreamDamage) -> DepthSnapshot { try DepthSnapshot.decode(bytes, limit: limit, of: instrument) }
}

/// A market that meets, from a seed, whatever one can meet: two overlapping connections, losses, damaged messages, gaps in
/// books, late, repeated and missing trades, minutes that are missing, answers and failures of the venue.
struct CaptureScript {
    static let instruments = ["BTCUSDT", "ETHUSDT"].map { symbol in
        Instrument(
            venue: "BINANCE", symbol: symbol, base: Currency(String(symbol.dropLast(4)))!, quote: .usdt,
            rules: InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000)))
    }
    static let start = Timestamp(seconds: 1_714_953_600)

    private(set) var state: LiveMarketState
    private(set) var now = CaptureScript.start
    /// Everything that the market said, taken after each thing that it met.
    private(set) var told: [LiveUpdate] = []
    private var numbers: SeededNumbers
    private var open: [Int] = []
    private var nextConnection = 1
    private var updateIDs: [Int64] = [100, 100]
    private var tradeIDs: [Int64] = [1, 1]
    private var minutes: [Int64] = [0, 0]

    static func head(next: Timestamp?) -> CaptureHead {
        CaptureHead(
            venue: "BINANCE", account: "binance-spot", instruments: instruments,
            next: [next?.nanoseconds, next?.nanoseconds], begin: start.nanoseconds)
    }

    init(seed: UInt64, next: Timestamp?, tape: CaptureWriter?) {
        numbers = SeededNumbers(seed: seed)
        state = LiveMarketState(CaptureScript.instruments, next: [next, next], LiveOptions())
        tape?.begin(CaptureScript.head(next: next))
        state.tape = tape
    }

    /// Has the books kept, as when another part of the capture has begun.
    mutating func captureBooks() {
        now = now.adding(nanoseconds: 1)
        state.captureBooks(at: now)
    }

    /// The books that can be read.
    var books: [BookDepth?] { state.books(levels: 5) }

    /// Meets so many things.
    mutating func run(_ count: Int) {
        for _ in 0..<count {
            now = now.adding(nanoseconds: 1 + numbers.below(400_000_000))
            step()
            for demand in state.takeDemands() { answer(demand) }
            _ = state.takeStored()
            take()
        }
    }

    /// Has every market heard on an open connection, without a change of its book.
    mutating func listen(to places: [Int]) {
        for place in places {
            now = now.adding(nanoseconds: 1)
            hear(quote(place), on: open[0])
        }
    }

    private mutating func take() { state.queue.take(into: &told) }

    private mutating func hear(_ text: String, on number: Int) {
        var text = text
        text.withUTF8 { state.heard(UnsafeRawBufferPointer($0), number, at: now) }
    }

    private mutating func step() {
        guard let connection = open.randomElement(using: &numbers) else { return connect() }
        let place = Int(numbers.below(2))
        switch numbers.below(100) {
        case 0: connect()
        case 1: disconnect(connection)
        case 2: hear("{\"e\":\"trade\",\"s\":\n", on: connection)
        case 3..<8: state.tick(at: now)
        case 8..<10: hear(minute(place), on: connection)
        case 10..<55: hear(depth(place), on: connection)
        case 55..<80: hear(trade(place), on: connection)
        default: hear(quote(place), on: connection)
        }
    }

    private mutating func connect() {
        state.opening(nextConnection, MarketStreamDecoder(CaptureScript.instruments), at: now)
        if numbers.below(5) == 0 {
            state.failed(nextConnection, "it could not be made")
        } else {
            open.append(nextConnection)
        }
        nextConnection += 1
    }

    private mutating func disconnect(_ number: Int) {
        open.removeAll { $0 == number }
        state.closed(number, "it was closed")
    }

    /// Most questions are answered a little later; some never.
    private mutating func answer(_ demand: LiveMarketState.Demand) {
        take()
        now = now.adding(nanoseconds: 1 + numbers.below(10_000_000))
        switch demand {
        case .book(let place, let losses):
            guard numbers.below(10) > 0 else { return }
            let mid = 100_00000000 + numbers.below(10) * 1_000_000
            func side(_ sign: Int64) -> [BookLevel] {
                (1...20).map {
                    BookLevel(
                        price: Price(mantissa: mid + sign * $0 * 1_000_000), quantity: Quantity(mantissa: 1_000 * $0))
                }
            }
            state.answer(
                place,
                book: DepthSnapshot(lastID: updateIDs[place], bids: side(-1), asks: side(1), limit: 1_000), at: now)
            _ = state.wantsBook(place, losses: losses)
        case .minutes(let place, let from, let to):
            let isFailure = numbers.below(4) == 0
            let count = max(0, min(5, to.nanoseconds(since: from) / 60_000_000_000))
            let candles = (0..<count).filter { _ in numbers.below(5) > 0 }.map { index in
                let price = Price(mantissa: 100_00000000)
                return Candle(
                    openTime: from.adding(seconds: 60 * index), open: price, high: price, low: price, close: price,
                    volume: Quantity(mantissa: 1_000))
            }
            state.answer(place, minutes: isFailure ? nil : candles, from: from, to: to, at: now)
        case .trades(let place, let id):
            // Some have holes, some reach beyond the stretch, some are damaged on the way.
            let kind = numbers.below(6)
            let trades = (id..<id + 1 + UInt64(numbers.below(4))).filter { _ in numbers.below(8) > 0 }.map { id in
                TradePrint(
                    time: Timestamp(milliseconds: now.milliseconds - numbers.below(30_000)),
                    price: Price(mantissa: 100_00000000 + numbers.below(90) * 1_000_000),
                    quantity: Quantity(mantissa: 1_000 * (1 + numbers.below(9))),
                    aggressor: numbers.below(2) == 0 ? .buy : .sell, id: id)
            }
            if kind > 0 {
                state.answer(place, trades: kind == 1 ? nil : trades, from: id, isFull: kind < 4, at: now)
            }
        case .replace: break
        }
    }

    private mutating func depth(_ place: Int) -> String {
        // Now and then an update is missing.
        if numbers.below(40) == 0 { updateIDs[place] += 3 }
        let first = updateIDs[place] + 1
        updateIDs[place] += 1 + numbers.below(3)
        let price = "\(99 + numbers.below(2)).\(10 + numbers.below(80))"
        let quantity = "0.\(numbers.below(90))"
        return
            #"{"e":"depthUpdate","E":\#(now.milliseconds),"s":"\#(CaptureScript.instruments[place].symbol)","U":\#(first),"#
            + #""u":\#(updateIDs[place]),"b":[["\#(price)","\#(quantity)"]],"a":[["1\#(price)","\#(quantity)"]]}"#
    }

    private mutating func trade(_ place: Int) -> String {
        // Now and then trades are missing.
        if numbers.below(20) == 0 { tradeIDs[place] += 1 + numbers.below(5) }
        let id = max(1, tradeIDs[place] - (numbers.below(10) == 0 ? 2 : 0))
        tradeIDs[place] = max(tradeIDs[place], id + 1)
        let time = now.milliseconds - numbers.below(20) * (numbers.below(10) == 0 ? 5_000 : 1)
        return #"{"e":"trade","E":\#(now.milliseconds),"s":"\#(CaptureScript.instruments[place].symbol)","t":\#(id),"#
            + #""p":"100.\#(numbers.below(90))","q":"0.5","T":\#(time),"m":false,"M":true}"#
    }

    private mutating func quote(_ place: Int) -> String {
        #"{"u":\#(updateIDs[place]),"s":"\#(CaptureScript.instruments[place].symbol)","b":"99.\#(numbers.below(90))","#
            + #""B":"1","a":"101.\#(numbers.below(90))","A":"2"}"#
    }

    private mutating func minute(_ place: Int) -> String {
        let open = CaptureScript.start.milliseconds + minutes[place] * 60_000
        minutes[place] += 1 + (numbers.below(4) == 0 ? 1 : 0)
        return
            #"{"e":"kline","E":\#(open + 60_005),"s":"\#(CaptureScript.instruments[place].symbol)","k":{"t":\#(open),"#
            + #""T":\#(open + 59_999),"s":"\#(CaptureScript.instruments[place].symbol)","i":"1m","f":1,"L":1,"o":"100","#
            + #""c":"100","h":"100","l":"100","v":"0.5","n":1,"x":true,"q":"50","V":"0.5","Q":"50","B":"0"}}"#
    }
}

extension SeededNumbers {
    /// A number from 0 up to a limit, exclusive.
    fileprivate mutating func below(_ limit: Int64) -> Int64 { Int64(next() % UInt64(limit)) }
}
