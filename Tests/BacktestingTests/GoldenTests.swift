import Backtesting
import Market
import Testing
import Trading

/// Results kept from an earlier day: a change of any of them is a change of what a backtest means.
@Suite struct GoldenTests {
    struct Golden: CustomTestStringConvertible, Sendable {
        var strategy: String
        var variant: String
        var finalEquity: String
        var fees: String
        var trades: Int

        init(_ strategy: String, _ variant: String, _ finalEquity: String, _ fees: String, _ trades: Int) {
            self.strategy = strategy
            self.variant = variant
            self.finalEquity = finalEquity
            self.fees = fees
            self.trades = trades
        }

        var testDescription: String { "\(strategy) \(variant)" }
    }

    static let kept = [
        Golden("sma-crossover", "plain", "8117.3272309905", "1713.5183857095", 98),
        Golden("sma-crossover", "fixed", "9392.2731531622", "475.3366254378", 98),
        Golden("sma-crossover", "percent", "9403.76669054953942", "469.15174522776058", 98),
        Golden("sma-crossover", "protected", "7809.44093037107482", "1682.18764881202518", 98),
        Golden("sma-crossover", "partial", "8111.28907182848458", "1344.62971943773542", 84),
        Golden("sma-crossover", "short", "7745.9755174230643", "1704.4268238399957", 195),
        Golden("ema-crossover", "plain", "8283.9034601654", "1464.1930860346", 83),
        Golden("ema-crossover", "fixed", "9457.662850279", "402.165211921", 83),
        Golden("ema-crossover", "percent", "9465.35609146172188", "398.22489109783812", 83),
        Golden("ema-crossover", "protected", "8062.1775586299936016", "1441.8956058026447984", 83),
        Golden("ema-crossover", "partial", "8345.31106870808962", "1090.90819118705038", 72),
        Golden("ema-crossover", "short", "7949.4216469681912", "1459.5966006305288", 165),
        Golden("rsi-mean-reversion", "plain", "9523.0653378546", "442.6015135454", 23),
        Golden("rsi-mean-reversion", "fixed", "9864.1514041594", "112.2046632406", 23),
        Golden("rsi-mean-reversion", "percent", "9860.81633148464812", "113.67709102183188", 23),
        Golden("rsi-mean-reversion", "protected", "9034.1221980645769168", "602.4334355851862832", 32),
        Golden("rsi-mean-reversion", "partial", "9293.04783327404392", "436.99029047931608", 23),
        Golden("rsi-mean-reversion", "short", "9330.46877276670076", "441.33435928197924", 46),
        Golden("bollinger-breakout", "plain", "7959.422087255", "1602.644431545", 90),
        Golden("bollinger-breakout", "fixed", "9353.7197724058", "438.5910269942", 90),
        Golden("bollinger-breakout", "percent", "9363.44200925678866", "434.58544887119134", 90),
        Golden("bollinger-breakout", "protected", "7679.93356685249614", "1575.31527586252386", 90),
        Golden("bollinger-breakout", "partial", "8121.92092256248318", "1268.33875631701682", 85),
        Golden("bollinger-breakout", "short", "7625.97239720844598", "1597.22437582157402", 182),
        Golden("macd", "plain", "6391.6932010535", "3097.8703534465", 192),
        Golden("macd", "fixed", "8724.8989007848", "931.5760064152", 192),
        Golden("macd", "percent", "8776.50265876663", "897.40556432465", 192),
        Golden("macd", "protected", "5924.60086408701754", "2991.60833486816246", 192),
        Golden("macd", "partial", "7169.13486773556928", "2008.38006521247072", 147),
        Golden("macd", "short", "5865.38007149766766", "3045.44976339371234", 384),
        Golden("supertrend", "plain", "7509.0192061387", "1909.2838815613", 112),
        Golden("supertrend", "fixed", "9188.6021779204", "543.2216088796", 112),
        Golden("supertrend", "percent", "9210.17685374381404", "532.52574877762596", 112),
        Golden("supertrend", "protected", "7203.6274603177773028", "1871.3061625864798972", 112),
        Golden("supertrend", "partial", "7630.51837884475654", "1519.49427209442346", 99),
        Golden("supertrend", "short", "7135.46975738442604", "1898.76969350841396", 223),
    ]

    /// A perpetual contract, which may be sold short.
    static let perpetual: Instrument = {
        var instrument = freeInstrument
        instrument.kind = .linearPerpetual
        return instrument
    }()

    func configuration(_ golden: Golden) throws -> BacktestConfiguration {
        let isShorting = golden.variant == "short"
        var text = BacktestText(
            strategy: golden.strategy, parameters: isShorting ? [.init("allow-short", "on")] : [])
        text.quantityStep = "0.00001"
        switch golden.variant {
        case "fixed": text.sizing = "fixed:0.1"
        case "percent": text.sizing = "percent:25"
        case "protected":
            text.stopLossPercent = "1.5"
            text.takeProfitPercent = "3"
            text.trailingStopPercent = "2"
        case "partial": text.participationPercent = "10"
        case "short": text.sizing = "percent:50"
        default: break
        }
        if golden.variant != "plain" { text.slippageBasisPoints = "2" }
        return try text.configuration(for: isShorting ? Self.perpetual : freeInstrument)
    }

    @Test(arguments: kept)
    func resultsStayAsTheyWere(_ golden: Golden) throws {
        let instrument = golden.variant == "short" ? Self.perpetual : freeInstrument
        let result = try Backtest.run(walk(5_000, seed: 42, instrument: instrument), configuration(golden))
        #expect(result.finalEquity.decimalText == golden.finalEquity)
        #expect(result.feesPaid.decimalText == golden.fees)
        #expect(result.metrics.tradeCount == golden.trades)
    }
}
