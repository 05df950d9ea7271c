import Market
import Storage
import Testing
import Trading

@testable import Engine

@Suite("Paper trading on the synthetic market")
struct PaperTradingTests {
    @Test("the strategies that a new store begins with trade within hours")
    func startersTrade() throws {
        let rig = try EngineRig(in: try TemporaryDirectory())
        rig.pass(seconds: 3 * 3_600)
        rig.write()
        let fills = try rig.store.fills(limit: 1_000)
        #expect(fills.count >= 4)
        #expect(Set(fills.map(\.record.owner)).count >= 2)
        let snapshot = rig.snapshot
        #expect(snapshot.strategies.map(\.registration.name) == ["sma-cross", "rsi-dip", "trend"])
        #expect(snapshot.strategies.contains { $0.lastSignal != nil })
        #expect(snapshot.account.equityHistory.count >= 179)
    }

    @Test("cash is what it began with, less what the stored fills cost, and equity adds the marked positions")
    func accountIdentity() throws {
        let rig = try EngineRig(in: try TemporaryDirectory())
        for _ in 0..<6 {
            rig.pass(seconds: 1_200)
            rig.write()
            try checkIdentity(rig.store)
            let snapshot = rig.snapshot
            var equity = snapshot.account.cash
            for view in snapshot.positions {
                let instrument = snapshot.markets[view.position.instrument.index].instrument
                equity += instrument.notional(view.mark, view.position.quantity)
            }
            #expect(equity == snapshot.account.equity)
        }
    }

    @Test("one seed gives one session, however its time is sliced")
    func sameSeedSameRecords() throws {
        func session(slice: Int64) throws -> [Record] {
            let rig = try EngineRig(in: try TemporaryDirectory())
            rig.pass(seconds: 3_600 + 1_800, slice: slice)
            rig.write()
            return rig.records
        }
        let first = try session(slice: 17)
        let second = try session(slice: 3_600)
        #expect(first.count > 10)
        let isEqual = first.map { "\($0)" } == second.map { "\($0)" }
        #expect(isEqual)
    }

    @Test("a strategy sees closed candles only: every signal stands on a whole minute of its timeframe")
    func signalsOnClosedCandles() throws {
        let rig = try EngineRig(in: try TemporaryDirectory())
        _ = rig.ask(.enableStrategy(StrategyID(rawValue: 3)))
        rig.pass(seconds: 2 * 3_600)
        rig.write()
        let signals = rig.records.compactMap { record -> SignalRecord? in
            if case .signal(let signal) = record { return signal }
            return nil
        }
        #expect(!signals.isEmpty)
        for signal in signals {
            let seconds: Int64 = signal.strategy.rawValue == 3 ? 300 : 60
            #expect(signal.time.nanoseconds % (seconds * 1_000_000_000) == 0)
        }
    }

    @Test("a session that keeps its candles has history and closed minutes in the store without a gap")
    func keepsCandles() throws {
        let rig = try EngineRig(in: try TemporaryDirectory()) {
            $0.storesCandles = true
            $0.registersStarters = false
        }
        rig.pass(seconds: 300)
        rig.write()
        let series = try rig.store.series()
        #expect(series.map(\.count) == [245, 245, 245])
        #expect(series.allSatisfy { $0.missing == 0 })
        let stored = try rig.store.candles(venue: "SYNTHETIC", symbol: "BTCUSDT", .oneMinute).candles
        #expect(stored == rig.snapshot.markets[0].minutes)
    }

    @Test("the closed minutes on the screen are the market's, without a gap")
    func minutesAreWhole() throws {
        let rig = try EngineRig(in: try TemporaryDirectory())
        rig.pass(seconds: 1_200)
        for market in rig.snapshot.markets {
            #expect(market.minutes.count == 260)
            for index in 1..<market.minutes.count {
                #expect(market.minutes[index].openTime == market.minutes[index - 1].closeTime(.oneMinute))
            }
            #expect(market.status == .live)
            #expect(market.tape.count >= 100)
            #expect(market.depth?.bids.count == 20)
            #expect(market.depthHistory.count >= 500)
        }
    }
}

/// Checks that cash and positions of a store are the fold of its fills.
func checkIdentity(_ store: Store, sourceLocation: SourceLocation = #_sourceLocation) throws {
    guard let account = try store.account() else { return }
    var cash = account.initialEquity
    var held: [String: Int64] = [:]
    for entry in try store.fills(limit: 100_000) {
        let fill = entry.record.fill
        let notional = entry.instrument.notional(fill.price, fill.quantity)
        if entry.record.side == .buy { cash -= notional } else { cash += notional }
        cash -= fill.quoteFee
        let key = "\(entry.record.owner.rawValue) \(entry.instrument.name)"
        held[key, default: 0] += entry.record.side.sign * fill.quantity.mantissa
    }
    #expect(cash == account.cash, sourceLocation: sourceLocation)
    for record in try store.positions(includingFlat: true) {
        let key = "\(record.position.owner.rawValue) \(record.instrument.name)"
        #expect(record.position.quantity.mantissa == held[key, default: 0], sourceLocation: sourceLocation)
        held[key] = nil
    }
    #expect(held.values.allSatisfy { $0 == 0 }, sourceLocation: sourceLocation)
}
