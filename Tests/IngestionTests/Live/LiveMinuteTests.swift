import Foundation
import Market
import Testing
import Venues

@testable import Ingestion

@Suite("Minutes of markets that are followed")
struct LiveMinuteTests {
    @Test("minutes that closed while nothing was heard are asked for as soon as the market is there again")
    func backfill() {
        var stage = MarketStage(next: MarketStage.start.adding(seconds: -600))
        stage.open()
        stage.hear(stage.trade(1, "100", at: MarketStage.start.milliseconds))
        let demands = stage.state.takeDemands().filter { if case .minutes = $0 { true } else { false } }
        #expect(demands.count == 2)
        guard case .minutes(0, let from, let to)? = demands.first else { return }
        #expect(from == MarketStage.start.adding(seconds: -600))
        #expect(to == MarketStage.start.adding(seconds: -60))
    }

    @Test("a closed minute is told and stored, the same of a second connection is not")
    func minute() {
        var stage = MarketStage(next: MarketStage.start)
        stage.now = MarketStage.start.adding(seconds: 60)
        stage.open(1)
        stage.open(2)
        stage.hear(stage.minute(0), on: 1)
        stage.hear(stage.minute(0), on: 2)
        let minutes = stage.take().count { if case .minute = $0 { true } else { false } }
        #expect(minutes == 1)
        #expect(stage.state.takeStored().map(\.candles.count) == [1])
    }

    @Test("minutes that come too late to be acted on are stored and shown all the same")
    func lateMinutes() {
        var stage = MarketStage(next: MarketStage.start)
        stage.now = MarketStage.start.adding(seconds: 180)
        stage.open()
        stage.hear(stage.minute(2))
        for _ in 0..<70 {
            stage.now = stage.now.adding(seconds: 1)
            stage.state.tick(at: stage.now)
        }
        #expect(
            stage.state.takeStored().map { $0.candles.map(\.openTime) } == [[MarketStage.start.adding(seconds: 120)]])
        #expect(stage.take().remarkKinds == ["feed-gap"])
        let open = stage.state.takeCandleGaps()
        #expect(open.map(\.state) == [.open] && open.map(\.missing) == [2])
        #expect(open.first?.from == MarketStage.start && open.first?.to == MarketStage.start.adding(seconds: 120))
        let price = Price(mantissa: 100_00000000)
        let candles = [0, 60].map { second in
            Candle(
                openTime: MarketStage.start.adding(seconds: second), open: price, high: price, low: price, close: price,
                volume: Quantity(mantissa: 1_000))
        }
        stage.state.answer(
            0, minutes: candles, from: MarketStage.start, to: MarketStage.start.adding(seconds: 120), at: stage.now)
        let updates = stage.take()
        #expect(updates.compactMap { if case .filled(0, let candles) = $0 { candles } else { nil } } == [candles])
        #expect(!updates.contains { if case .missed = $0 { true } else { false } })
        #expect(updates.remarkKinds == ["minutes-fetched"])
        #expect(stage.state.takeStored().map(\.candles) == [candles])
        #expect(stage.state.takeCandleGaps() == open.map { $0.ended(.filled, missing: 0, at: stage.now) })
    }

    @Test("minutes that the venue does not have are in the log at once")
    func absentMinutes() {
        var stage = MarketStage(next: MarketStage.start)
        stage.now = MarketStage.start.adding(seconds: 180)
        stage.open()
        stage.hear(stage.minute(2))
        stage.state.answer(
            0, minutes: [], from: MarketStage.start, to: MarketStage.start.adding(seconds: 120), at: stage.now)
        let gaps = stage.state.takeCandleGaps()
        #expect(gaps.map(\.state) == [.absent] && gaps.map(\.missing) == [2] && gaps.map(\.endedAt) == [stage.now])
        #expect(stage.state.takeCandleGaps().isEmpty)
    }

    @Test("a halt is one stretch in the log, told of once, and ends as filled with minutes that come after all")
    func halt() {
        var stage = MarketStage(next: MarketStage.start)
        stage.open()
        stage.now = MarketStage.start.adding(seconds: 60)
        func absent(_ minute: Int64) {
            stage.now = MarketStage.start.adding(seconds: minute * 60 + 95)
            let from = MarketStage.start.adding(seconds: minute * 60)
            stage.state.answer(0, minutes: [], from: from, to: from.adding(seconds: 60), at: stage.now)
        }
        for minute in 0..<3 as Range<Int64> { absent(minute) }
        let kept = stage.state.takeCandleGaps()
        #expect(Set(kept.map(\.foundAt)).count == 1 && kept.allSatisfy { $0.from == MarketStage.start })
        #expect(kept.map(\.missing) == [1, 2, 3] && kept.map(\.count) == [1, 2, 3])
        #expect(stage.take().remarkKinds == ["feed-gap"])
        for minute in [1, 0, 2] as [Int64] { stage.hear(stage.minute(minute)) }
        let filled = stage.state.takeCandleGaps()
        #expect(filled.map(\.missing) == [2, 1, 0] && filled.map(\.state) == [.absent, .absent, .filled])
        #expect(Set(filled.map(\.foundAt)) == Set(kept.map(\.foundAt)))
        #expect(stage.state.takeStored().count == 3)
        // Another one later is another.
        stage.hear(stage.minute(3))
        // The venue's time stands still here: only a second answer is believed.
        for _ in 0..<2 { absent(4) }
        #expect(stage.state.takeCandleGaps().map(\.missing) == [1])
        #expect(stage.take().remarkKinds.last == "feed-gap")
    }

    @Test("a minute that was told without its last trades is corrected by what the stream closes it with")
    func corrected() {
        var stage = MarketStage(next: MarketStage.start)
        stage.open()
        stage.now = MarketStage.start.adding(seconds: 66)
        let price = Price(mantissa: 99_00000000)
        let early = Candle(
            openTime: MarketStage.start, open: price, high: price, low: price, close: price,
            volume: Quantity(mantissa: 1_000))
        stage.state.answer(
            0, minutes: [early], from: MarketStage.start, to: MarketStage.start.adding(seconds: 60), at: stage.now)
        #expect(stage.take().contains { if case .minute(0, early) = $0 { true } else { false } })
        stage.hear(stage.minute(0, close: "100"))
        let updates = stage.take()
        #expect(
            updates.contains { if case .revised(0, let new) = $0 { new.close.mantissa == 100_00000000 } else { false } }
        )
        #expect(updates.remarkKinds == ["minute-corrected"])
        #expect(stage.state.takeStored().map { $0.candles.map(\.close.mantissa) } == [[99_00000000], [100_00000000]])
    }

    @Test("a minute whose trades contradict it is told of when the next closes, and the venue's counts")
    func contradiction() {
        var stage = MarketStage(next: MarketStage.start)
        stage.open()
        let first = MarketStage.start.milliseconds
        stage.hear(stage.trade(1, "100", at: first - 1_000))
        stage.hear(stage.trade(2, "100", at: first + 1_000))
        stage.now = MarketStage.start.adding(seconds: 60)
        stage.hear(stage.minute(0, close: "101", ids: (2, 2)))
        #expect(stage.take().remarkKinds.isEmpty)
        stage.now = MarketStage.start.adding(seconds: 120)
        stage.hear(stage.minute(1, close: "101", count: 0))
        #expect(stage.take().remarkKinds == ["candle-differs"])
    }

    /// A minute that the venue closed with the trades up to one, of which the trades after the first have not come yet.
    private func closedEarly(lastTrade: Int, close: String) -> MarketStage {
        var stage = MarketStage(next: MarketStage.start)
        stage.open()
        let first = MarketStage.start.milliseconds
        stage.hear(stage.trade(1, "100", at: first - 1_000))
        stage.hear(stage.trade(2, "100", at: first + 1_000))
        stage.now = MarketStage.start.adding(seconds: 60)
        stage.hear(stage.minute(0, close: close, count: lastTrade - 1, ids: (2, lastTrade)))
        _ = stage.take()
        _ = stage.state.takeStored()
        return stage
    }

    @Test("trades of a minute that come behind the venue's candle do not change what it said of them")
    func late() {
        var stage = closedEarly(lastTrade: 4, close: "101")
        let time = MarketStage.start.milliseconds + 59_000
        stage.hear(stage.trade(5, "102", at: time + 2_000))
        stage.hear(stage.trade(3, "100", at: time))
        #expect(stage.state.takeStored().isEmpty)
        #expect(!stage.take().contains { if case .revised = $0 { true } else { false } })
    }

    @Test("a trade beyond the last of the venue's candle revises it, for chart and store")
    func revision() {
        var stage = closedEarly(lastTrade: 2, close: "100")
        let time = MarketStage.start.milliseconds + 59_000
        stage.hear(stage.trade(4, "102", at: time + 2_000))
        stage.hear(stage.trade(3, "101", at: time))
        #expect(stage.state.takeStored().map { $0.candles.map(\.close.mantissa) } == [[101_00000000]])
        #expect(stage.take().contains { if case .revised = $0 { true } else { false } })
    }
}
