import Ingestion
import Market

#if canImport(Glibc)
import Glibc
#endif

/// Candles for benchmarks, from a seed; they need not look like a market, only cost like one.
enum SyntheticYear {
    /// The minutes of a year.
    static let count = 525_600

    static let instrument = Instrument(
        venue: "BENCH", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt,
        rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))

    /// A random walk in cents around 25,000.
    static func walk(_ count: Int = count, seed: UInt64 = 1) -> CandleSeries {
        var state = seed
        var close: Int64 = 2_500_000
        return make(count) { _ in
            close = max(close + Int64(next(&state) % 4_001) - 2_000, 100_000)
            return close
        }
    }

    /// Falls for a thousand candles and rises ever after: a crossover buys once and holds, so that the rest is quiet.
    static func valley(_ count: Int) -> CandleSeries {
        make(count) { $0 < 1_000 ? 2_500_000 - Int64($0) * 100 : 2_400_000 + Int64($0 - 1_000) }
    }

    /// Makes this executable write the year to a file and end.
    static let option = "--write-year"

    /// Writes the year as CSV, and ends the process.
    static func write(_ path: String) -> Never {
        do {
            try CandleExport.write(walk(), .csv, to: path)
        } catch {
            print(error)
            exit(1)
        }
        exit(0)
    }

    private static func make(_ count: Int, _ close: (Int) -> Int64) -> CandleSeries {
        var candles: [Candle] = []
        candles.reserveCapacity(count)
        var open: Int64 = 2_500_000
        for index in 0..<count {
            let cents = close(index)
            candles.append(
                Candle(
                    openTime: Timestamp(seconds: 1_672_531_200 + Int64(index) * 60), open: price(open),
                    high: price(max(open, cents) + 500), low: price(min(open, cents) - 500), close: price(cents),
                    volume: Quantity(mantissa: 100_000_000)))
            open = cents
        }
        return CandleSeries(instrument: instrument, timeframe: .oneMinute, candles: candles)
    }

    private static func price(_ cents: Int64) -> Price { Price(mantissa: cents * 1_000_000) }

    /// SplitMix64.
    private static func next(_ state: inout UInt64) -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
