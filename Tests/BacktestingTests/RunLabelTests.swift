import Backtesting
import Foundation
import Market
import Testing

/// What every file of a run carries.
@Suite struct RunLabelTests {
    private let stamp = RunStamp(dataHash: "00ff", seed: 7, version: "1.2")

    private func label(
        _ className: String = "cross", command: String = "wick backtest run --strategy cross"
    ) -> RunLabel {
        RunLabel(
            [RunLabel.Strategy(className, [("fast", "5"), ("short", "off")])], isPortfolio: false, stamp: stamp,
            command: command)
    }

    @Test func `every row of the trades ends with what the run was made from`() {
        #expect(
            label().stamped("opened_at,profit\n2023-01-01T00:03:00Z,5\n2023-01-02T00:03:00Z,-1\n") == """
                opened_at,profit,strategy,parameters,seed,data_hash,detail_hash,version,command
                2023-01-01T00:03:00Z,5,cross,fast=5 short=off,7,00ff,,1.2,wick backtest run --strategy cross
                2023-01-02T00:03:00Z,-1,cross,fast=5 short=off,7,00ff,,1.2,wick backtest run --strategy cross

                """)
    }

    @Test func `commas, quotes and line breaks are quoted as RFC 4180 has it`() {
        let rules = "mine\nentry: \"a\""
        let text = label(rules, command: "wick backtest run --csv 'a,b'").stamped("profit\n5\n")
        #expect(
            text == """
                profit,strategy,rules,parameters,seed,data_hash,detail_hash,version,command
                5,mine,"mine
                entry: ""a""\",fast=5 short=off,7,00ff,,1.2,"wick backtest run --csv 'a,b'"

                """)
        let records = CSVText.records(text)
        #expect(records.count == 2)
        #expect(CSVText.fields(records[1])[2] == rules)
    }

    @Test func `a round trip of a portfolio has the parameters of its own strategy`() {
        let strategies = [
            RunLabel.Strategy("cross", [("fast", "5")], name: "slow, calm"),
            RunLabel.Strategy("macd", [], name: "other"),
        ]
        let label = RunLabel(
            strategies, isPortfolio: true,
            stamp: RunStamp(dataHash: "00ff", detailHash: "11", seed: nil, version: "1.2"),
            command: "wick backtest portfolio p.yaml")
        #expect(
            label.stamped("profit,strategy,symbol\n5,\"slow, calm\",A\n6,other,B\n") == """
                profit,strategy,symbol,class,parameters,seed,data_hash,detail_hash,version,command
                5,"slow, calm",A,cross,fast=5,,00ff,11,1.2,wick backtest portfolio p.yaml
                6,other,B,macd,,,00ff,11,1.2,wick backtest portfolio p.yaml

                """)
    }

    @Test func `trades of a run without any have the head alone`() {
        #expect(label().stamped("profit\n").split(separator: "\n").count == 1)
    }

    @Test func `an equity file is an object with the label beside the curve`() throws {
        let run = try Backtest.run(series(BacktestTests.bars), configuration("sma-crossover", BacktestTests.crossover))
        let curve = try #require(run.equity)
        var text = ""
        curve.writeJSON(label: label()) { text += $0 }
        let head = """
            {"run":{"strategy":"cross","parameters":{"fast":5,"short":false},"data_hash":"00ff","seed":"7",\
            "version":"1.2","command":"wick backtest run --strategy cross"},"curve":
            """
        #expect(text == head + String(curve.json.dropLast()) + "}\n")
        #expect(try JSONSerialization.jsonObject(with: Data(text.utf8)) is [String: Any])
    }
}
