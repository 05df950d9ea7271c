import Bytes
import Foundation
import Market
import Rules
import Testing
import Trading

/// A strategy of rules can be written down and goes on bit for bit.
@Suite struct StateTests {
    static let names = ["sma-crossover", "macd", "bollinger-breakout", "supertrend", "trend-pullback", "everything"]

    /// Rules that use every function and name of the language.
    static let everything = """
        name: everything
        timeframe: 5m
        define:
          a: sma(3) + ema(4) + wma(5) + rsi(6) + roc(7) + stdev(8) + zscore(9) + highest(high, 5) + lowest(low, 6)
          b: bollinger(7, 2).upper + macd(3, 6, 2).histogram + atr(4) + adx(5) + dmi(6).plus + cci(7)
          c: supertrend(5, 2).line + stochastic(5, 3, 2).d + donchian(6).middle + keltner(5, 4, 1.5).lower + obv() + vwap()
          d: bars_since(crosses_above(close, open[2])) + hour + minute + weekday + position + bars_held
          e: when(defined(entry_price), 1, 0) + abs(close) + sign(open) + sqrt(volume) + floor(a) % 7 + min(a, b)
          f: (ema(close, 3) + atr(3))@1h + highest(high, 2)@15m
        entry: crosses_below(a, b) or (c > 0)[1] and d > 3
        exit: e > f or crosses_above(a, c)
        """

    static func rules(_ name: String) throws -> RuleClass {
        name == "everything" ? try RulesTests.rules(everything) : try bundledRules(name)
    }

    static func bytes(_ strategy: any Strategy) -> [UInt8] {
        var writer = ByteWriter()
        strategy.save(to: &writer)
        return writer.bytes
    }

    @Test("another that takes over the state says the same from there on", arguments: names, 1...6)
    func goesOn(_ name: String, _ seed: Int) throws {
        let rules = try Self.rules(name)
        let all = bars(walk(1_500, seed: UInt64(seed), timeframe: Timeframe("5m")!))
        var numbers = SeededNumbers(state: UInt64(seed))
        let place = Int.random(in: 1..<all.count, using: &numbers)
        let first = try strategy(rules)
        _ = try signals(first, Array(all[..<place]))
        let second = try strategy(rules)
        var reader = ByteReader(Self.bytes(first))
        try second.restore(from: &reader)
        try reader.expectEnd()
        for bar in all[place...] {
            let direction = [Direction.long, .flat, .short].randomElement(using: &numbers) ?? .flat
            let context = StrategyContext(direction: direction, entryPrice: 25_000, candleCount: 1)
            #expect(try first.onCandle(bar, context) == second.onCandle(bar, context))
        }
        #expect(Self.bytes(first) == Self.bytes(second))
    }

    @Test("bytes that are cut or changed are refused or taken, and never lead out of bounds")
    func damaged() throws {
        let rules = try Self.rules("everything")
        let all = bars(walk(400, seed: 5, timeframe: Timeframe("5m")!))
        let whole = try strategy(rules)
        _ = try signals(whole, Array(all[..<300]))
        let bytes = Self.bytes(whole)
        var numbers = SeededNumbers(state: 9)
        for _ in 0..<400 {
            var damaged = bytes
            if Bool.random(using: &numbers) { damaged.removeLast(Int.random(in: 1..<bytes.count, using: &numbers)) }
            for _ in 0..<3 {
                damaged[Int.random(in: 0..<damaged.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
            let other = try strategy(rules)
            var reader = ByteReader(damaged)
            guard (try? other.restore(from: &reader)) != nil else { continue }
            for bar in all[300...] {
                _ = try? other.onCandle(bar, StrategyContext(direction: .flat, entryPrice: 0, candleCount: 1))
            }
        }
    }

    @Test("the name of the class is its text, and brings back the same rules", arguments: names)
    func className(_ name: String) throws {
        let rules = try Self.rules(name)
        let text = rules.text
        let again = try #require(RuleText(className: text.className))
        #expect(again.className == text.className && again.parameters == text.parameters)
        #expect(StrategyClass.title(of: text.className) == "rules:\(name)")
        let read = try #require(RuleClass.strategyClass(named: text.className))
        let all = bars(walk(800, seed: 1, timeframe: Timeframe("5m")!))
        let made = try read.make(Parameters(read.descriptor.parameters))
        #expect(try signals(made, all).map(\.signal) == signals(strategy(rules), all).map(\.signal))
    }
}
