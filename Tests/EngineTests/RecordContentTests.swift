import Bytes
import Journal
import Market
import Testing
import Trading

@testable import Engine

@Suite("Records of the journal, taken apart")
struct RecordContentTests {
    private static let time = Timestamp(seconds: 1_714_953_600)
    private static let bitcoin = InstrumentID(0)
    private static let instrument = Instrument(
        venue: "SYNTHETIC", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt, priceScale: 2, quantityScale: 5,
        rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
    private static let candle = Candle(
        openTime: time, open: Price(mantissa: 6_000_000), high: Price(mantissa: 6_100_000),
        low: Price(mantissa: 5_900_000), close: Price(mantissa: 6_050_050), volume: Quantity(mantissa: 150_000),
        minutes: 1)
    private static let quote = Quote(
        time: time, bid: Price(mantissa: 6_000_000), ask: Price(mantissa: 6_000_100),
        bidSize: Quantity(mantissa: 1), askSize: Quantity(mantissa: 2))
    private static let registration = StrategyRegistration(
        id: StrategyID(rawValue: 3), name: "trend", className: "ema-crossover", parameters: Parameters([]),
        instrument: bitcoin, timeframe: .oneMinute, sizing: .equityShare(.percent(30)))
    private static let fill = Fill(
        tradeID: 7, price: Price(mantissa: 6_000_100), quantity: Quantity(mantissa: 5_000),
        quoteFee: Money(whole: 2, .usdt), liquidity: .taker)
    private static let alert = Alert(time: time, priority: .warning, kind: "denied", text: "too much")

    private static func order() -> Order {
        Order(
            id: OrderID(rawValue: 12), owner: registration.id,
            request: OrderRequest(
                instrument: bitcoin, side: .buy, type: .market, quantity: .zero, spend: Money(whole: 3_000, .usdt),
                purpose: .entry),
            quote: .usdt, decisionPrice: Price(mantissa: 6_000_000), createdAt: time)
    }

    /// A kind of record with what an engine writes into it, and the line that people read.
    struct Sample: Sendable, CustomTestStringConvertible {
        var kind: UInt8
        var bytes: [UInt8]
        var line: String

        init(_ kind: JournalKind, _ line: String, _ body: (inout ByteWriter) -> Void) {
            self.init(kind.rawValue, line, body)
        }

        init(_ kind: UInt8, _ line: String, _ body: (inout ByteWriter) -> Void) {
            var writer = ByteWriter()
            body(&writer)
            self.kind = kind
            self.line = line
            bytes = writer.bytes
        }

        init(_ effect: Effect, _ line: String) {
            self.init(effect.journalKind, line) { effect.writePayload(to: &$0) }
        }

        var testDescription: String { JournalKind(rawValue: kind)?.name ?? "\(kind)" }
    }

    static let samples: [Sample] = inputs + effects + notes

    private static var inputs: [Sample] {
        [
            Sample(.candle, "SYNTHETIC:BTCUSDT 1m o 60000.00 h 61000.00 l 59000.00 c 60500.50 v 1.50000") {
                $0.value(bitcoin)
                $0.value(Timeframe.oneMinute)
                $0.value(candle)
            },
            Sample(.quote, "SYNTHETIC:BTCUSDT 60000.00 × 60001.00") {
                $0.value(bitcoin)
                $0.value(quote)
            },
            Sample(.mark, "SYNTHETIC:BTCUSDT 60000.00 × 60001.00") {
                $0.value(bitcoin)
                $0.value(quote)
            },
            Sample(.timer, "2024-05-06T00:00:00Z") { $0.value(time) },
            Sample(.report, "order 12 filled 0.05000 at 60001.00, fee 2.00 USDT, taker, trade 7") {
                $0.value(OrderReport(order: OrderID(rawValue: 12), time: time, kind: .filled(fill)))
            },
            Sample(.command, "halt trend: it throws") {
                $0.value(Command.haltStrategy(registration.id, reason: "it throws"))
            },
            Sample(.marketBatch, "1 quote, 2 timers") { writer in
                var batch = MarketBatchWriter()
                batch.append(.quote(bitcoin, quote))
                batch.append(.timer(time))
                batch.append(.timer(time.adding(seconds: 1)))
                writer.raw(batch.bytes)
            },
            Sample(.subscribe, "SYNTHETIC:BTCUSDT 1h, 1 candles of the running interval") {
                $0.value(CandleSubscription(bitcoin, .oneHour, recent: [candle]))
            },
            Sample(.missed, "SYNTHETIC:BTCUSDT o 60000.00 h 61000.00 l 59000.00 c 60500.50 v 1.50000") {
                $0.value(bitcoin)
                $0.value(candle)
            },
            Sample(.withheld, "order 12, order 13: emergency stop") {
                $0.value(
                    Withholding(orders: [OrderID(rawValue: 12), OrderID(rawValue: 13)], reason: .emergencyStop))
            },
            Sample(.finding, "order 12, to be asked about") { $0.value(VenueFinding.query(OrderID(rawValue: 12))) },
            Sample(.reconciliation, "a; b") { $0.array(["a", "b"]) },
        ]
    }

    private static var effects: [Sample] {
        let trip = RoundTrip(owner: registration.id, instrument: bitcoin, quote: .usdt)
        let signal = SignalRecord(
            strategy: registration.id, instrument: bitcoin, time: time, price: candle.close,
            signal: Signal(.long, rule: "fast above slow", values: [NamedValue("fast", 1.5)]), outcome: "order 12")
        let verdict = Verdict(
            order: OrderID(rawValue: 12), time: time,
            outcomes: [
                CheckOutcome(.terms, isPassed: true),
                CheckOutcome(.openOrders, isPassed: false, value: 31, limit: 30),
            ])
        return [
            Sample(.submit(order()), "order 12: buy for 3000.00 USDT SYNTHETIC:BTCUSDT market, entry of trend"),
            Sample(.cancel(OrderID(rawValue: 12)), "order 12"),
            Sample(
                .amend(OrderID(rawValue: 12), OrderAmendment(triggerPrice: Price(mantissa: 5_950_000))),
                "order 12: trigger 59500.00"),
            Sample(.query(OrderID(rawValue: 12)), "order 12"),
            Sample(.record(.signal(signal)), "trend long: fast above slow → order 12"),
            Sample(.record(.verdict(verdict)), "order 12 denied: open-orders 31 (limit 30)"),
            Sample(
                .record(.order(order())),
                "order 12 initialized: buy for 3000.00 USDT SYNTHETIC:BTCUSDT market, entry of trend"),
            Sample(
                .record(
                    .fill(
                        FillRecord(
                            order: OrderID(rawValue: 12), owner: registration.id, instrument: bitcoin, side: .buy,
                            time: time, fill: fill, purpose: .entry))),
                "order 12 buy 0.05000 at 60001.00, fee 2.00 USDT, taker, trade 7"),
            Sample(
                .record(.position(Position(owner: .manual, instrument: bitcoin, quote: .usdt))),
                "manual SYNTHETIC:BTCUSDT flat, realised 0.00 USDT before fees"),
            Sample(.record(.trip(trip)), "trend SYNTHETIC:BTCUSDT long 0.00000, result 0.00 USDT, by exit"),
            Sample(.record(.strategy(registration, reason: "drawdown")), "trend (ema-crossover) enabled: drawdown"),
            Sample(.record(.strategyRemoved(registration.id)), "trend"),
            Sample(
                .record(.tradingState(.reducing(.dailyLoss), at: time)), "reductions only: maximum daily loss reached"),
            Sample(.record(.refusal("no such order")), "no such order"),
            Sample(.alert(alert), "warning denied: too much"),
            Sample(.account, "equity 100000.00 USDT, cash 100000.00 USDT, a point of the equity curve") {
                $0.value(AccountPoint(account: Account(cash: Money(whole: 100_000, .usdt)), isEquityPoint: true))
            },
        ]
    }

    private static var notes: [Sample] {
        [
            Sample(.sessionStart, "session 4, 1.2, synthetic 7, 1 instruments, by the clock 2024-05-06T00:00:00Z") {
                $0.value(
                    SessionStart(
                        number: 4, version: "1.2", source: "synthetic 7", instruments: ["SYNTHETIC:BTCUSDT"],
                        wallTime: time))
            },
            Sample(.sessionEnd, "session 4") { $0.unsigned(4) },
            Sample(.supervision, "trend is kept out of record 99: did not come back") {
                $0.value(Suspension(input: 99, strategy: registration.id, reason: "did not come back"))
            },
            Sample(.note, "warning denied: too much") { $0.value(EngineNote.alert(alert)) },
            Sample(.note, "alerts 1, 2 seen by keyboard") {
                $0.value(EngineNote.acknowledge([1, 2], origin: "keyboard"))
            },
            Sample(.note, "alert 5 put aside until 2024-05-06T00:00:00Z by command") {
                $0.value(EngineNote.shelve(5, until: time, origin: "command"))
            },
            Sample(.note, "halt account by signal") {
                $0.value(EngineNote.audit(action: "halt", subject: "account", detail: "", origin: "signal", at: time))
            },
            Sample(.note, "peaks = 1 | 2") { $0.value(EngineNote.value("1\n2", key: "peaks", at: time)) },
            Sample(ReservedKind.override, "by root, \"copied back\": record 9 is torn") {
                $0.text("root")
                $0.text("copied back")
                $0.text("record 9 is torn")
            },
        ]
    }

    @Test("every kind is one readable line", arguments: samples)
    func line(_ sample: Sample) throws {
        let names = JournalNames(instruments: [Self.instrument], strategies: [Self.registration])
        var text = RecordText(names)
        text.learn(.submit(Self.order()))
        let content = try #require(RecordContent(kind: sample.kind, payload: sample.bytes[...]))
        #expect(text.line(content) == sample.line)
    }

    @Test("a record with more or less in it than its form is not guessed at", arguments: samples)
    func otherForm(_ sample: Sample) {
        // A batch ends where its bytes do.
        guard sample.kind != JournalKind.marketBatch.rawValue else { return }
        #expect(RecordContent(kind: sample.kind, payload: (sample.bytes + [0])[...]) == nil)
        #expect(RecordContent(kind: sample.kind, payload: sample.bytes.dropLast()) == nil)
    }

    @Test("every kind that an engine writes has a form here")
    func complete() {
        let known = Set(Self.samples.map(\.kind))
        for kind in JournalKind.allCases {
            #expect(known.contains(kind.rawValue), "\(kind.name)")
        }
        #expect(RecordContent(kind: 200, payload: []) == nil)
    }

    @Test("without names, numbers and whole units are shown")
    func nameless() throws {
        let content = try #require(RecordContent(kind: 16, payload: Self.inputsOfSubmit[...]))
        #expect(
            RecordText(JournalNames()).line(content)
                == "order 12: buy for 3000.00 USDT instrument 0 market, entry of strategy 3")
    }

    private static var inputsOfSubmit: [UInt8] {
        var writer = ByteWriter()
        Effect.submit(order()).writePayload(to: &writer)
        return writer.bytes
    }
}
