import Market
import Storage
import Testing
import Venues

@testable import Ingestion

@Suite("Trades that come no more")
struct LiveTradeSilenceTests {
    /// A market of which trade 1 was heard, and a first candle with it.
    private static func heard(_ id: Int = 1) -> MarketStage {
        var stage = MarketStage(next: MarketStage.start)
        stage.open()
        stage.state.endings(1) {}
        stage.hear(stage.trade(id, "100", at: MarketStage.start.milliseconds))
        stage.hear(running(id, at: 0))
        _ = stage.take()
        _ = stage.state.takeDemands()
        return stage
    }

    /// The running candle at so many seconds, with the last trade that it is made of.
    private static func running(_ last: Int, at seconds: Int64) -> String {
        let time = MarketStage.start.milliseconds + seconds * 1_000
        let open = time - time % 60_000
        return
            #"{"e":"kline","E":\#(time),"s":"BTCUSDT","k":{"t":\#(open),"T":\#(open + 59_999),"s":"BTCUSDT","i":"1m","#
            + #""f":1,"L":\#(last),"o":"100","c":"100","h":"100","l":"100","v":"0.5","n":1,"x":false,"q":"50","V":"0.5","#
            + #""Q":"50","B":"0"}}"#
    }

    private func pass(_ stage: inout MarketStage) {
        stage.now = stage.now.adding(seconds: 1)
        stage.state.tick(at: stage.now)
    }

    private func replaced(_ stage: inout MarketStage) -> Bool { stage.state.takeDemands().contains(.replace(1)) }

    @Test("candles whose trades do not come for more than ten seconds have the gap noted and the connection replaced")
    func silent() {
        var stage = Self.heard()
        var asked: [Int] = []
        for second in 1...12 {
            stage.hear(Self.running(1 + second, at: Int64(second)), after: 1)
            pass(&stage)
            if replaced(&stage) { asked.append(second) }
        }
        #expect(asked == [11])
        let updates = stage.take()
        #expect(updates.remarkKinds == ["trades-silent"])
        pass(&stage)
        let gaps = stage.state.takeTradeGaps()
        #expect(gaps.map(\.firstTrade) == [2] && gaps.map(\.lastTrade) == [12] && gaps.map(\.missing) == [11])
        // What comes of them is late; what comes behind them is news.
        stage.hear(stage.trade(5, "100", at: MarketStage.start.milliseconds + 5_000))
        stage.hear(stage.trade(13, "100", at: MarketStage.start.milliseconds + 13_000))
        let told = stage.take()
        #expect(told.contains { if case .late(0, let prints, _) = $0 { prints.map(\.id) == [5] } else { false } })
        #expect(told.contains { if case .print(0, let print, _) = $0 { print.id == 13 } else { false } })
    }

    @Test("where the next connection is no better it lasts twice as long, until a trade comes")
    func patience() {
        var stage = Self.heard()
        var asked: [Int] = []
        for second in 1...90 {
            stage.hear(Self.running(1 + second, at: Int64(second)), after: 1)
            pass(&stage)
            if replaced(&stage) { asked.append(second) }
        }
        #expect(asked == [11, 32, 73])
        stage.hear(stage.trade(200, "100", at: MarketStage.start.milliseconds + 91_000))
        asked = []
        for second in 1...11 {
            stage.hear(Self.running(200 + second, at: 91 + Int64(second)), after: 1)
            pass(&stage)
            if replaced(&stage) { asked.append(second) }
        }
        #expect(asked == [11])
    }

    @Test("a market in which nothing trades, or whose trades come, keeps its connection")
    func quiet() {
        var stage = Self.heard()
        for second in 1...60 {
            stage.hear(Self.running(1, at: Int64(second)), after: 1)
            pass(&stage)
        }
        for second in 61...120 {
            stage.hear(Self.running(second - 59, at: Int64(second)), after: 1)
            stage.hear(stage.trade(second - 59, "100", at: MarketStage.start.milliseconds + Int64(second) * 1_000))
            pass(&stage)
        }
        #expect(!stage.take().remarkKinds.contains("trades-silent"))
    }

    @Test("trades from before a connection, which its first candle is made of, say nothing of it")
    func before() {
        var stage = Self.heard()
        stage.state.closed(1, "it broke off")
        stage.open(2)
        stage.state.endings(2) {}
        for second in 1...30 {
            stage.hear(Self.running(50, at: Int64(second)), on: 2, after: 1)
            pass(&stage)
        }
        #expect(!stage.state.takeDemands().contains(.replace(2)))
    }

    @Test("a venue that counts its trades anew is believed when a later minute ends with a far lower number")
    func anew() {
        var stage = Self.heard(5_000)
        let later = MarketStage.start.milliseconds + 61_000
        stage.hear(stage.trade(7, "100", at: later))
        #expect(!stage.take().contains { if case .print = $0 { true } else { false } })
        stage.hear(Self.running(7, at: 62))
        #expect(stage.take().remarkKinds == ["trades-anew"])
        stage.hear(stage.trade(8, "100", at: later + 2_000))
        #expect(stage.take().contains { if case .print(0, let print, _) = $0 { print.id == 8 } else { false } })
    }

    @Test(
        "a candle that is a little behind the trades, or of their own minute, starts nothing anew", arguments: [30, 62])
    func near(_ second: Int64) {
        var stage = Self.heard(5_000)
        stage.hear(Self.running(second == 30 ? 7 : 4_950, at: second))
        #expect(stage.take().remarkKinds.isEmpty)
    }
}
