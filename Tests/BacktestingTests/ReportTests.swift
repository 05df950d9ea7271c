import Backtesting
import Foundation
import Market
import Testing

/// What a run is written out as.
@Suite struct ReportTests {
    func result(_ count: Int = 5) throws -> BacktestResult {
        try Backtest.run(
            series(Array(BacktestTests.bars.prefix(count))),
            configuration("sma-crossover", BacktestTests.crossover, step: "0.001"))
    }

    @Test func theJSONHasTheKeysInTheirOrderAndExactAmounts() throws {
        #expect(
            try result().json(seconds: 0.5) == """
                {"strategy":"sma-crossover","parameters":{"fast":1,"slow":2,"allow-short":false},"symbol":"BTCUSDT",\
                "timeframe":"1m","from":"2023-01-01T00:00:00Z","to":"2023-01-01T00:05:00Z","bars":5,\
                "initial_equity":10000,"final_equity":9157.51,"total_return":-0.084249,"annualized_return":null,\
                "sharpe":null,"sortino":null,"calmar":null,"max_drawdown":0.084249,"win_rate":0,"profit_factor":0,\
                "trade_count":1,"average_trade_seconds":120,"fees_paid":9.99,"exposure":0.4,"seconds":0.5,\
                "open_trade":true,"missing_bars":0,"partial_bars":0,"gaps":[],"refused_orders":0}
                """)
    }

    @Test func theJSONIsJSON() throws {
        let object = try JSONSerialization.jsonObject(with: Data(try result().json(seconds: 0).utf8))
        #expect((object as? [String: Any])?["trade_count"] as? Int == 1)
    }

    private func trades(_ count: Int = 5) throws -> String {
        try result(count).tradesCSV(
            ExtendedMetrics(result(count), series(Array(BacktestTests.bars.prefix(count)))))
    }

    @Test func theTradesAreCSVWithAStableHeader() throws {
        #expect(
            try trades() == """
                opened_at,closed_at,side,quantity,entry_price,exit_price,entry_notional,exit_notional,fees,profit,\
                return,seconds,exit,open,mae,mfe
                2023-01-01T00:03:00Z,2023-01-01T00:05:00Z,long,832.500,12.00,11.00,9990,9157.5,9.99,\
                -842.49,-0.08433333333333333,120,open,true,0.08333333333333333,0

                """)
        #expect(try trades(6).contains(",exit,false,"))
    }

    @Test func theEquityIsOneExactMarkACandle() throws {
        let curve = try #require(try result().equity)
        #expect(
            curve.json == """
                [
                {"time":"2023-01-01T00:01:00Z","equity":10000},
                {"time":"2023-01-01T00:02:00Z","equity":10000},
                {"time":"2023-01-01T00:03:00Z","equity":10000},
                {"time":"2023-01-01T00:04:00Z","equity":9990.01},
                {"time":"2023-01-01T00:05:00Z","equity":9157.51}
                ]

                """)
    }

    @Test func longCurvesAreWrittenInPieces() throws {
        let curve = try #require(try Backtest.run(walk(3_000, seed: 1), configuration("macd")).equity)
        var pieces: [String] = []
        curve.writeJSON { pieces.append($0) }
        #expect(pieces.count > 1)
        #expect(pieces.joined() == curve.json)
        #expect((try JSONSerialization.jsonObject(with: Data(curve.json.utf8)) as? [Any])?.count == 3_000)
    }

    @Test func withoutTheCurveEverythingElseIsTheSame() throws {
        var configuration = try configuration("macd")
        let whole = try Backtest.run(walk(3_000, seed: 1), configuration)
        configuration.keepsEquityCurve = false
        let lean = try Backtest.run(walk(3_000, seed: 1), configuration)
        #expect(lean.equity == nil)
        #expect(lean.json(seconds: 0) == whole.json(seconds: 0))
    }

    @Test func aThinnedCurveKeepsItsEndsAndExtremes() throws {
        let curve = try #require(try Backtest.run(walk(3_000, seed: 2), configuration("macd")).equity)
        let all = (0..<curve.count).map { curve.equity($0).approximation }
        let thin = curve.thinned(to: 100)
        #expect(thin.count <= 100)
        #expect(thin.first?.value == all.first && thin.last?.value == all.last)
        #expect(thin.map(\.value).min() == all.min() && thin.map(\.value).max() == all.max())
        #expect(thin.map(\.time) == thin.map(\.time).sorted())
        #expect(curve.thinned(to: 5_000).count == 3_000)
    }

    @Test func aCurveThinnedByDaysKeepsTheLastMarkOfEach() throws {
        let result = try Backtest.run(walk(6_000, seed: 4), configuration("macd"))
        let curve = try #require(result.equity)
        let points = curve.thinnedKeepingDays(to: 100)
        #expect(points.count <= 100)
        #expect(points.map(\.time) == points.map(\.time).sorted())
        #expect(Set(points.map(\.time)).count == points.count)
        #expect(result.daily.count > 3)
        for index in 0..<result.daily.count {
            let day = result.daily.day(index).day
            let last = points.last { $0.time.adding(nanoseconds: -1).day == day }
            #expect(last?.value == result.daily.equity(index).approximation)
        }
        // More days than points are those of the curve as it is thinned anyway; a short curve stays whole.
        #expect(curve.thinnedKeepingDays(to: 8).map(\.time) == curve.thinned(to: 8).map(\.time))
        #expect(curve.thinnedKeepingDays(to: 6_000).count == 6_000)
    }

    @Test func figuresReadWell() throws {
        let figures = try result().figures
        func text(_ key: String) -> String? { figures.first { $0.key == key }?.text }
        #expect(text("final_equity") == "9157.51 USDT")
        #expect(text("total_return") == "-8.42 %")
        #expect(text("sharpe") == "–")
        #expect(text("average_trade_seconds") == "2.0 min")
    }
}
