import Backtesting
import Foundation
import Market
import Plots
import Testing

@testable import Reports

#if canImport(FoundationXML)
import FoundationXML
#endif

/// A run of few days, as the store keeps one.
func report(
    strategy: String = "sma-crossover", rules: String? = nil, trades: [String] = [],
    equity: [Double] = [100, 110, 99, 105],
    more: String = "", notes: [String] = [], origin: [(title: String, text: String)] = [("candles", "0123456789abcdef")]
) throws -> RunReport {
    func quoted(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
    let json = try """
    {"strategy":\(quoted(strategy)),\(rules.map { "\"rules\":\(try quoted($0))," } ?? "")
    "parameters":{"fast":20,"slow":50},"symbol":"BTCUSDT","timeframe":"1h","from":"2023-01-30T00:00:00Z",
    "to":"2023-02-03T00:00:00Z","bars":96,"initial_equity":100,"final_equity":105,"total_return":0.05,
    "annualized_return":null,"sharpe":1.25,"max_drawdown":0.1,"trade_count":\(trades.count),"missing_bars":3,
    "gaps":[{"from":"2023-01-31T00:00:00Z","to":"2023-01-31T03:00:00Z","missing":3}],"partial_bars":0,
    "monthly_returns":[{"month":"2023-01","return":0.1,"days":2},{"month":"2023-02","return":-0.045,"days":2}],
    "yearly_returns":[{"year":2023,"return":0.05,"days":4}],
    "undefined":{"annualized_return":"the run is shorter than 30 days"}\(more)}
    """
    var days = DayCurve(bytes: curve(first: 19_387, initial: 100, marks: equity.map { ($0, $0 / 2) }))
    days?.firstOpen = 50
    let header = "opened_at,closed_at,side,quantity,entry_price,exit_price,profit,return,exit,open,mae,mfe\n"
    return try #require(
        RunReport(
            json: json,
            equity: equity.enumerated().map {
                (Timestamp(seconds: 1_675_036_800 + Int64($0.offset) * 86_400), $0.element)
            },
            days: days, trades: header + trades.joined(separator: "\n"),
            bars: (0..<96).map {
                ReportBar(
                    time: Timestamp(seconds: 1_675_036_800 + Int64($0) * 3_600), low: 49, high: 51, close: 50)
            }, number: 7, currency: "USDT", origin: origin, notes: notes))
}

private func curve(first: Int64, initial: Double, marks: [(Double, Double)]) -> [UInt8] {
    var bytes: [UInt8] = []
    func add(_ bits: UInt64) { withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) } }
    add(UInt64(bitPattern: first))
    add(initial.bitPattern)
    add((50.0).bitPattern)
    for mark in marks {
        add(mark.0.bitPattern)
        add(mark.1.bitPattern)
    }
    return bytes
}

@Suite("The tear sheet")
struct TearSheetTests {
    private let trades = [
        "2023-01-30T05:00:00Z,2023-01-31T00:00:00Z,long,1,50,52,4,0.04,exit,false,0.01,0.05",
        "2023-02-01T06:00:00Z,2023-02-02T00:00:00Z,short,1,52,53,-2,-0.02,stop-loss,false,0.03,0.001",
    ]

    @Test("has every figure, table and plot, and what it was made from")
    func whole() throws {
        let page = try TearSheet(
            report(trades: trades), commands: [("Again:", "wick backtest rerun 7")]
        ).html()
        for text in [
            "sma-crossover on BTCUSDT 1h", "fast=20 slow=50", "5.00 %", "1.250", "3 candles are missing in 1 gaps",
            "0123456789abcdef", "wick backtest rerun 7", "2023-01-31", "stop-loss", "the run is shorter than 30 days",
            "The worst", "The best", "backtest 7",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(page.components(separatedBy: "<picture>").count == 1 + 7)
    }

    @Test("needs nothing but itself: no script, no address, nothing to load")
    func selfContained() throws {
        let page = try TearSheet(report(trades: trades)).html()
        #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
        #expect(!page.contains("<link") && !page.contains("url(") && !page.contains("@import"))
        let sources = page.components(separatedBy: "src").dropFirst().filter {
            $0.hasPrefix("=") || $0.hasPrefix("set=")
        }
        #expect(!sources.isEmpty && sources.allSatisfy { $0.contains("\"data:image/svg+xml;base64,") })
    }

    @Test("its pictures are SVG that can be read")
    func pictures() throws {
        let page = try TearSheet(report(trades: trades)).html()
        let parts = page.components(separatedBy: "data:image/svg+xml;base64,").dropFirst()
        #expect(parts.count == 14)
        for part in parts {
            let data = try #require(Data(base64Encoded: String(part.prefix { $0 != "\"" })))
            #expect(XMLParser(data: data).parse())
        }
    }

    @Test(
        "shows hostile names as they are written, and runs nothing of them",
        arguments: [
            "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='alert(1)", "</title></style><b>",
            "&lt;b&gt;", "]]><!--",
        ])
    func hostile(_ name: String) throws {
        let page = try TearSheet(
            report(
                strategy: name, rules: name, more: ",\"\(name.filter { $0 != "\"" && $0 != "\\" })\":1", notes: [name],
                origin: [(name, name)]), commands: [(name, name)]
        ).html()
        let plain = try TearSheet(
            report(strategy: "x", rules: "x", more: ",\"x\":1", notes: ["x"], origin: [("x", "x")]),
            commands: [("x", "x")]
        ).html()
        // As many elements as with a harmless name, and no attribute more.
        for mark in ["<script", "<img ", "<b>", "<title>", "</title>", "</style>", "<!--", "\" onerror", "' onload"] {
            #expect(
                page.components(separatedBy: mark).count == plain.components(separatedBy: mark).count, "\(mark)")
        }
        #expect(page.contains("<h1>\(HTML.escaped(name)) on BTCUSDT 1h</h1>"))
    }

    @Test("what no text has becomes the sign for that")
    func controls() {
        #expect(HTML.escaped("a\u{0}b\u{202E}c\u{1B}[31m") == "a\u{FFFD}b\u{FFFD}c\u{FFFD}[31m")
        #expect(HTML.escaped("a<b>&'\"") == "a&lt;b&gt;&amp;&#39;&quot;")
    }

    @Test("of a run without a trade, a day or candles it says what is missing")
    func empty() throws {
        let bare = try #require(
            RunReport(json: "{\"strategy\":\"macd\"}", equity: [], days: nil, trades: "", origin: []))
        let page = try TearSheet(bare).html()
        #expect(page.contains("There is none.") && page.contains("there are no daily marks"))
        #expect(RunReport(json: "no json", equity: [], days: nil, trades: "") == nil)
    }

    @Test("figures of keys that this release doesn't know are shown under their names")
    func unknown() throws {
        let page = try TearSheet(report(more: ",\"ambiguity_share\":0.25")).html()
        #expect(page.contains("<td>ambiguity share</td><td class=\"number\">0.25</td>"))
    }

    @Test(
        "bytes are written as RFC 4648 says",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
        ])
    func base64(_ text: String, _ wanted: String) {
        #expect(Base64.text(Array(text.utf8)) == wanted)
    }
}
