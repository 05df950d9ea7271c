import Journal
import Market
import Storage
import Testing
import Trading

@testable import Engine

@Suite("An engine that goes on from its journal")
struct JournalResumeTests {
    /// Three strategies that trade often, one of them short too, with stops and targets.
    private func configure(_ configuration: inout EngineConfiguration) {
        configuration.registersStarters = false
        configuration.limits = RiskLimits(maximumOpenOrders: 30, maximumDrawdown: .percent(40))
    }

    private func busy() throws -> TemporaryDirectory {
        let folder = try TemporaryDirectory()
        let rig = try JournalRig(in: folder, configure)
        let instruments = try rig.stores.account.instruments()
        let bitcoin = try #require(instruments.first { $0.symbol == "BTCUSDT" })
        let solana = try #require(instruments.first { $0.symbol == "SOLUSDT" })
        for record in [
            StrategyRecord(
                name: "fast", className: "ema-crossover", parameters: ["fast": "2", "slow": "5"], instrument: bitcoin,
                timeframe: .oneMinute, sizing: .equityShare(.percent(30)),
                protection: Protection(stopLoss: .percent(1), takeProfit: .percent(1)), status: .enabled),
            StrategyRecord(
                name: "trail", className: "sma-crossover", parameters: ["fast": "3", "slow": "8"], instrument: solana,
                timeframe: .oneMinute, sizing: .equityShare(.percent(30)),
                protection: Protection(trailingStop: .percent(1)), status: .enabled),
            StrategyRecord(
                name: "slow", className: "rsi-mean-reversion", parameters: ["period": "3", "low": "40", "high": "60"],
                instrument: solana, timeframe: try #require(Timeframe("3m")), sizing: .equityShare(.percent(20)),
                status: .enabled),
        ] {
            _ = try rig.stores.account.add(record, at: monday)
        }
        rig.write()
        rig.abandon()
        // The journal of that first session knows nothing of the strategies: the next finds them in the store.
        return folder
    }

    @Test("no market update is written before the commands that came before it are on the disk")
    func commandsFirst() throws {
        let rig = try JournalRig(in: try busy(), configure)
        #expect(rig.core.exchange.log.lastOuterInput > 0)
        for seconds: Int64 in [1, 60, 5] {
            let exchange = rig.core.exchange
            exchange.command(.resetBreakers, at: rig.core.commandTime)
            let command = exchange.log.lastOuterInput
            let quote = Quote(
                time: rig.time.adding(seconds: seconds), bid: Price(mantissa: 1), ask: Price(mantissa: 2),
                bidSize: .zero, askSize: .zero)
            #expect(exchange.begin([.quote(InstrumentID(0), quote)], upTo: quote.time))
            #expect(rig.journal.durable(.decisions) >= command)
        }
        rig.abandon()
    }

    @Test("rules that the venue has changed meanwhile hold in the session that goes on, and in those after it")
    func changedRules() throws {
        func source(_ rules: InstrumentRules) -> ScriptedSource {
            ScriptedSource(of: [
                Instrument(
                    venue: "BINANCE", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt, rules: rules)
            ])
        }
        func session(in folder: TemporaryDirectory, _ rules: InstrumentRules) throws -> JournalRig {
            try JournalRig(in: folder) {
                configure(&$0)
                $0.feed = .live(LiveFeedOptions(source: source(rules)))
            }
        }
        let before = InstrumentRules(tick: Price(mantissa: 1_000_000), quantityStep: Quantity(mantissa: 1_000))
        var now = before
        now.tick = Price(mantissa: 10_000_000)
        now.quantityStep = Quantity(mantissa: 100_000)
        now.maximumMarketQuantity = Quantity(mantissa: 20_000_000)
        let first = try session(in: try TemporaryDirectory(), before)
        first.pass(seconds: 60)
        #expect(first.core.instruments.map(\.rules) == [before])
        first.write()
        first.abandon()
        let second = try session(in: first.folder, now)
        #expect(second.core.instruments.map(\.rules) == [now])
        second.pass(seconds: 60)
        second.write()
        second.abandon()
        let third = try session(in: first.folder, now)
        #expect(third.core.instruments.map(\.rules) == [now])
        #expect(try third.stores.account.instruments().map(\.rules) == [now])
        third.abandon()
    }

    @Test("a latch that another process set and limits that were changed hold, whatever the store is behind by")
    func latchBeforeStore() throws {
        let first = try JournalRig(in: try busy(), configure)
        first.pass(seconds: 600)
        let copy = try first.crashImage()
        first.abandon()
        let limits = RiskLimits(maximumOpenOrders: 3)
        let second = try JournalRig(in: copy, at: first.time) {
            configure(&$0)
            $0.limits = limits
        }
        #expect(second.core.kernel.tradingState == .active && second.core.kernel.limits == limits)
        try EmergencyLatch.set(directory: copy.path, origin: "test", time: second.time)
        second.core.comparesWithStore = false
        second.core.adoptOutsideChanges()
        #expect(second.core.kernel.tradingState == .halted)
        second.abandon()
    }

    @Test("killed at any moment and started again, it ends as if nothing had happened")
    func killedAnywhere() throws {
        let whole = try JournalRig(in: try busy(), configure)
        var copies: [(folder: TemporaryDirectory, time: Timestamp)] = []
        for seconds: Int64 in [61, 7, 113, 300, 59, 601, 3, 247] {
            whole.pass(seconds: seconds)
            copies.append((try whole.crashImage(), whole.time))
        }
        whole.pass(seconds: 600)
        #expect(whole.core.kernel.account.fees.units > 0)
        for copy in copies {
            let resumed = try JournalRig(in: copy.folder, at: copy.time, configure)
            resumed.pass(seconds: whole.time.nanoseconds(since: copy.time) / 1_000_000_000)
            #expect(resumed.state == whole.state, "killed at \(copy.time)")
            #expect(try resumed.decisions([.finding, .reconciliation]).isEmpty, "killed at \(copy.time)")
            #expect(resumed.core.kernel.account == whole.core.kernel.account)
            resumed.abandon()
        }
        whole.abandon()
    }
}
