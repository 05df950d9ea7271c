import Market
import Simulation
import Testing
import Trading

/// Brackets and trailing stops of a strategy, which the kernel keeps, in bars whose opens jump.
@Suite("Protection over gaps")
struct ProtectionGapTests {
    /// Goes long on the first candle and waits.
    private final class Entering: CompiledStrategy {
        static let descriptor = StrategyDescriptor(
            name: "entering", summary: "Enters once.",
            parameters: [.toggle("short", "Whether it sells.", default: false)])
        let warmUp = 0
        private let direction: Direction

        init(_ parameters: Parameters) throws(ParameterErrors) {
            direction = parameters.isOn("short") ? .short : .long
        }

        func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
            context.candleCount == 1 ? Signal(direction, rule: "enter", values: []) : nil
        }
    }

    private func exits(_ protection: Protection, short: Bool = false, _ rows: [FillTable.Row]) throws -> [String] {
        let instrument = FillTable.instrument(kind: .linearPerpetual)
        let cash = Money(whole: 10_000, .usdt)
        let exchange = SimulatedExchange(
            kernel: Kernel(
                cash: cash, instruments: [instrument], catalog: StrategyCatalog([Entering.self])),
            venue: SimulatedVenue(instruments: [instrument], cash: cash, options: FillTable.free))
        exchange.command(
            .register(
                StrategyRegistration(
                    id: StrategyID(rawValue: 1), name: "entering", className: "entering",
                    parameters: try Parameters(
                        Entering.descriptor.parameters, overrides: [("short", short ? "on" : "off")]),
                    instrument: InstrumentID(0), timeframe: .oneMinute,
                    sizing: .quantity(try instrument.quantity("10")), protection: protection), history: []),
            at: FillTable.start)
        for row in [(0, "98", "99", "97", "99", "9"), (1, "100", "101", "99", "100", "9")] + rows {
            exchange.bar(
                InstrumentID(0), .oneMinute,
                Candle(
                    openTime: FillTable.start.adding(seconds: row.0 * 60), open: try instrument.price(row.1),
                    high: try instrument.price(row.2), low: try instrument.price(row.3),
                    close: try instrument.price(row.4), volume: try instrument.quantity(row.5)))
        }
        #expect(exchange.kernel.account.cash == exchange.venue.cash)
        #expect(exchange.kernel.isHolding || exchange.venue.openOrderIDs.isEmpty)
        var lines: [String] = []
        for case .record(.fill(let record)) in exchange.takeOutput() {
            let minute = record.time.nanoseconds(since: FillTable.start) / 60_000_000_000
            let price = DecimalText.text(Int128(record.fill.price.mantissa), scale: 4)
            lines.append("\(minute) \(record.purpose.name) \(price)")
        }
        return Array(lines.dropFirst())
    }

    private let bracket = Protection(stopLoss: .percent(5), takeProfit: .percent(5))

    @Test("a bracket: the gap fills the stop at the open, the target at its limit")
    func gaps() throws {
        #expect(try exits(bracket, [(2, "90", "91", "89", "90", "9")]) == ["2 stop-loss 90"])
        #expect(try exits(bracket, [(2, "110", "111", "109", "110", "9")]) == ["2 take-profit 105"])
        #expect(try exits(bracket, short: true, [(2, "110", "111", "109", "110", "9")]) == ["2 stop-loss 110"])
        #expect(try exits(bracket, short: true, [(2, "90", "91", "89", "90", "9")]) == ["2 take-profit 95"])
    }

    @Test("a bracket: a bar that reaches both after a gap between them is a stop")
    func both() throws {
        #expect(try exits(bracket, [(2, "103", "106", "94", "100", "9")]) == ["2 stop-loss 95"])
        #expect(try exits(bracket, short: true, [(2, "97", "106", "94", "100", "9")]) == ["2 stop-loss 105"])
    }

    @Test("a trailing stop follows closes, not highs, and a gap below it fills at the open")
    func trailing() throws {
        let protection = Protection(trailingStop: .percent(5))
        // The close of 110 brings it to 104.5; the high of 130 brings it nowhere.
        let rise: FillTable.Row = (2, "108", "130", "107", "110", "9")
        #expect(try exits(protection, [rise, (3, "109", "110", "104", "105", "9")]) == ["3 trailing-stop 104.5"])
        #expect(try exits(protection, [rise, (3, "101", "102", "100", "101", "9")]) == ["3 trailing-stop 101"])
        #expect(try exits(protection, [rise, (3, "109", "110", "104.51", "105", "9")]) == [])
    }

    @Test("a trailing stop of a short falls with closes")
    func trailingShort() throws {
        let protection = Protection(trailingStop: .percent(5))
        // 90 × 1.05 = 94.5.
        let fall: FillTable.Row = (2, "92", "93", "70", "90", "9")
        #expect(
            try exits(protection, short: true, [fall, (3, "91", "95", "90", "94", "9")]) == ["3 trailing-stop 94.5"])
        #expect(
            try exits(protection, short: true, [fall, (3, "99", "100", "98", "99", "9")]) == ["3 trailing-stop 99"])
    }

    @Test("a trailing stop never falls back, over a gap of minutes either")
    func keeps() throws {
        let protection = Protection(trailingStop: .percent(5))
        #expect(
            try exits(
                protection,
                [
                    (2, "108", "111", "107", "110", "9"), (3, "107", "108", "105", "106", "9"),
                    (30, "104", "106", "103", "105", "9"),
                ])
                == ["30 trailing-stop 104"])
    }
}
