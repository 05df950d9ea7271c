import Market
import Testing

@testable import Trading

/// Buys at its first candle and can't go on at its third.
private final class FaultyStrategy: CompiledStrategy {
    static let descriptor = StrategyDescriptor(name: "faulty", summary: "Fails.", parameters: [])
    let warmUp = 1

    init(_ parameters: Parameters) throws(ParameterErrors) {}

    func onCandle(_ bar: Bar, _ context: StrategyContext) throws(StrategyFault) -> Signal? {
        if context.candleCount == 3 { throw StrategyFault("the third candle is too much") }
        return context.candleCount == 1 ? Signal(.long, rule: "first", values: []) : nil
    }
}

@Suite("Strategies that fail")
struct StrategyFaultTests {
    private let kernel = Kernel(
        cash: Money(whole: 10_000, .usdt), instruments: [Fixture.bitcoin],
        catalog: StrategyCatalog([FaultyStrategy.self, ScriptedStrategy.self]))

    private func register(className: String = "faulty", history: [Candle] = []) -> [Effect] {
        let registration = StrategyRegistration(
            id: StrategyID(rawValue: 1), name: "s1", className: className, parameters: Parameters([]),
            instrument: Fixture.btc, timeframe: .oneMinute, sizing: .quantity(Quantity(mantissa: 1_000)),
            protection: Protection(stopLoss: .percent(5)))
        return step(.command(.register(registration, history: history), at: Fixture.start))
    }

    private func step(_ event: Event) -> [Effect] {
        var effects: [Effect] = []
        kernel.step(event, into: &effects)
        return effects
    }

    private func candle(_ minute: Int64) -> Candle {
        let price = Price(mantissa: 10_000)
        return Candle(
            openTime: Fixture.start.adding(seconds: minute * 60), open: price, high: price, low: price, close: price,
            volume: Quantity(mantissa: 1))
    }

    private func close(_ minute: Int64) -> [Effect] { step(.candle(Fixture.btc, .oneMinute, candle(minute))) }

    private func fill(_ order: Order) -> [Effect] {
        step(
            .report(
                OrderReport(
                    order: order.id, time: kernel.now,
                    kind: .filled(
                        Fill(
                            tradeID: order.id.rawValue, price: Price(mantissa: 10_000), quantity: order.leaves,
                            quoteFee: .zero(.usdt), liquidity: .taker)))))
    }

    @Test("a strategy that throws is halted at once, with its reason recorded and told")
    func halts() throws {
        _ = register()
        _ = close(0)
        _ = close(1)
        let effects = close(2)
        #expect(kernel.registrations[0].status == .halted)
        let alert = try #require(effects.alerts.first { $0.kind == Alert.strategyFault })
        #expect(alert.text.contains("the third candle is too much") && alert.priority == .critical)
        let reasons = effects.records.compactMap { if case .strategy(_, let reason) = $0 { reason } else { nil } }
        #expect(reasons == ["the third candle is too much"])
        #expect(close(3).isEmpty)
    }

    @Test("what a failing strategy opens is cancelled")
    func cancelsEntry() {
        _ = register()
        let entry = close(0).submitted[0]
        _ = close(1)
        #expect(close(2).cancelled == [entry.id])
    }

    @Test("the stop of a failing strategy's position stays")
    func keepsStop() {
        _ = register()
        let stop = fill(close(0).submitted[0]).submitted[0]
        #expect(stop.request.purpose == .stopLoss)
        _ = close(1)
        #expect(close(2).cancelled.isEmpty)
        #expect(kernel.openOrders.map(\.id) == [stop.id])
    }

    @Test("a strategy that throws at the candles of the past is registered and halted")
    func throwsInHistory() {
        _ = register(history: [candle(0), candle(1), candle(2), candle(3)])
        #expect(kernel.registrations[0].status == .halted)
    }

    @Test("a supervisor halts a strategy by command, and halting it again does nothing")
    func haltCommand() {
        _ = register()
        let entry = close(0).submitted[0]
        let command = Event.command(.haltStrategy(StrategyID(rawValue: 1), reason: "over its time"), at: kernel.now)
        let effects = step(command)
        #expect(kernel.registrations[0].status == .halted)
        #expect(effects.cancelled == [entry.id])
        #expect(effects.alerts.contains { $0.text.contains("over its time") })
        #expect(step(command).isEmpty)
    }

    @Test("candles that were missed move a strategy on without a signal acting")
    func catchUp() {
        _ = register(className: "scripted")
        let effects = step(
            .command(.catchUp(StrategyID(rawValue: 1), candles: [candle(0), candle(1)]), at: kernel.now))
        #expect(effects.submitted.isEmpty)
        #expect(kernel.image.strategies[0].candleCount == 2)
        // The script leaves at its third candle, which is the first it sees live.
        #expect(close(2).signals.map(\.signal.rule) == ["flat"])
    }

    @Test("the probe names the strategy while it runs, and nobody afterwards")
    func probe() {
        let word = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
        defer { word.deallocate() }
        let kernel = Kernel(
            cash: Money(whole: 10_000, .usdt), instruments: [Fixture.bitcoin],
            catalog: StrategyCatalog([WatchedStrategy.self]), options: KernelOptions(probe: StrategyProbe(word)))
        WatchedStrategy.$word.withValue(Word(pointer: word)) {
            let registration = StrategyRegistration(
                id: StrategyID(rawValue: 7), name: "s7", className: "watched", parameters: Parameters([]),
                instrument: Fixture.btc, timeframe: .oneMinute, sizing: .allIn)
            var effects: [Effect] = []
            kernel.step(.command(.register(registration, history: []), at: Fixture.start), into: &effects)
            kernel.step(.candle(Fixture.btc, .oneMinute, candle(0)), into: &effects)
            #expect(effects.signals.map(\.signal.rule) == ["7"])
        }
        #expect(word.pointee == 0)
    }
}

private struct Word: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Int32>
}

/// Says what the probe says while it runs.
private final class WatchedStrategy: CompiledStrategy {
    @TaskLocal static var word: Word?
    static let descriptor = StrategyDescriptor(name: "watched", summary: "Reads the probe.", parameters: [])
    let warmUp = 1

    init(_ parameters: Parameters) throws(ParameterErrors) {}

    func onCandle(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        Signal(.flat, rule: "\(WatchedStrategy.word?.pointer.pointee ?? -1)", values: [])
    }
}
