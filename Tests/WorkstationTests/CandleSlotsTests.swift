import Market
import Testing

@testable import Workstation

@Suite("Time axis of candles")
struct CandleSlotsTests {
    private func slots(_ minutes: [Int64]) -> CandleSlots { CandleSlots(Candles.at(minutes), .oneMinute) }

    private func time(_ minute: Int64) -> Timestamp { Timestamp(seconds: minute * 60) }

    @Test("A short gap leaves empty places, a long one is one marked place")
    func gaps() {
        let slots = slots([10, 11, 14, 30, 31])
        let places = slots.slots(endingAt: time(32), count: 10).map(\.slot)
        // 12 and 13 are missing; 15…29 are fifteen missing minutes and become one place.
        #expect(
            places == [
                .past, .candle(0), .candle(1), .missing, .missing, .candle(2), .gap, .candle(3), .candle(4), .future,
            ])
    }

    @Test("Six missing candles are still shown one by one, seven are not")
    func longestOpenGap() {
        #expect(slots([0, 7]).slots(endingAt: time(7), count: 8).map(\.slot).filter { $0 == .missing }.count == 6)
        #expect(slots([0, 8]).slots(endingAt: time(8), count: 3).map(\.slot) == [.candle(0), .gap, .candle(1)])
    }

    @Test("Going back by n places and forth again ends where it began")
    func thereAndBack() {
        let candles = Candles.walk(400, seed: 5) + Candles.at([28_001_000, 28_001_001])
        let slots = CandleSlots(candles, .oneMinute)
        var random = Random(seed: 8)
        for _ in 0..<300 {
            let start = candles[100 + random.below(candles.count - 100)].openTime
            let count = random.below(90)
            #expect(slots.time(count, after: slots.time(-count, after: start)) == start)
        }
    }

    @Test("Each place of a window is one step from the next")
    func steps() {
        let candles = Candles.walk(300, seed: 6) + Candles.at([28_000_900, 28_000_901])
        let slots = CandleSlots(candles, .oneMinute)
        let places = slots.slots(endingAt: time(28_000_905), count: 200)
        for (place, next) in zip(places, places.dropFirst()) {
            #expect(slots.time(1, after: place.time) == next.time)
            #expect(slots.time(-1, after: next.time) == place.time)
        }
    }

    @Test("The margin shrinks with each candle and is refilled at once")
    func margin() {
        let margins = (0..<17).map { CandleSlots.margin(lastOpen: time(1_600 + $0), timeframe: .oneMinute, of: 8) }
        #expect(margins == [8, 7, 6, 5, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1, 8])
    }

    @Test("While the margin is used up, the left edge of the window stands still")
    func standsStill() {
        var lefts: [Timestamp] = []
        for last in Int64(1_600)..<1_608 {
            let slots = slots(Array(1_000...last))
            lefts.append(ChartWindow(slots, columns: 80, zoom: .narrow, edge: nil).places[0].time)
        }
        #expect(Set(lefts).count == 1)
    }
}

@Suite("Scroll and zoom of the chart")
struct ChartWindowTests {
    private let slots = CandleSlots(Candles.walk(1_000, seed: 3), .oneMinute)

    @Test(
        "Scrolling back and forth by any amount returns to the same window or to the live edge",
        arguments: CandleZoom.allCases)
    func thereAndBack(zoom: CandleZoom) {
        var random = Random(seed: 4)
        let live = ChartWindow(slots, columns: 90, zoom: zoom, edge: nil)
        for _ in 0..<100 {
            let back = live.scrolled(by: -(1 + random.below(400)), slots)
            let window = ChartWindow(slots, columns: 90, zoom: zoom, edge: back)
            let count = 1 + random.below(60)
            let moved = ChartWindow(slots, columns: 90, zoom: zoom, edge: window.scrolled(by: -count, slots))
            let moves = slots.slots(endingAt: window.places.last!.time, count: 2_000).firstIndex {
                $0.time == moved.places.last!.time
            }
            #expect(moves != nil)
            let isAtStart = moved.places.first!.slot == .candle(0)
            if !isAtStart {
                let again = ChartWindow(slots, columns: 90, zoom: zoom, edge: moved.scrolled(by: count, slots))
                #expect(again.places.map(\.time) == window.places.map(\.time))
            }
        }
    }

    @Test("A window never begins before the first candle while there are enough")
    func clamped() {
        let live = ChartWindow(slots, columns: 60, zoom: .narrow, edge: nil)
        let window = ChartWindow(slots, columns: 60, zoom: .narrow, edge: live.scrolled(by: -100_000, slots))
        #expect(window.places.first?.slot == .candle(0))
        #expect(window.places.count == 60)
        #expect(!window.isLive)
    }

    @Test("An edge outside of the candles shows the first or the newest ones")
    func outside() {
        let early = ChartWindow(slots, columns: 60, zoom: .narrow, edge: Timestamp(seconds: 86_400))
        #expect(early.places.first?.slot == .candle(0))
        let late = ChartWindow(slots, columns: 60, zoom: .narrow, edge: Timestamp(iso8601: "2090-01-01"))
        #expect(late.isLive)
        #expect(late.places.contains { $0.slot == .candle(slots.candles.count - 1) })
    }

    @Test("Scrolling past the newest candle follows the market again")
    func live() {
        let live = ChartWindow(slots, columns: 60, zoom: .narrow, edge: nil)
        let back = ChartWindow(slots, columns: 60, zoom: .narrow, edge: live.scrolled(by: -5, slots))
        #expect(!back.isLive)
        #expect(back.scrolled(by: 5, slots) == nil)
        #expect(back.scrolled(by: 5_000, slots) == nil)
    }

    @Test("Columns of candles stay within the plot and do not overlap", arguments: CandleZoom.allCases)
    func columns(zoom: CandleZoom) {
        for columns in 1...70 {
            let window = ChartWindow(slots, columns: columns, zoom: zoom, edge: nil)
            for place in window.places.indices {
                #expect(window.column(place) >= 0)
                #expect(window.column(place) + zoom.width <= columns)
                if place > 0 { #expect(window.column(place) - window.column(place - 1) >= zoom.width) }
            }
        }
    }

    @Test("No candles, no columns: an empty window instead of a trap")
    func empty() {
        let none = CandleSlots([], .oneMinute)
        #expect(ChartWindow(none, columns: 40, zoom: .narrow, edge: nil).places.allSatisfy { $0.slot == .past })
        #expect(ChartWindow(slots, columns: 0, zoom: .wide, edge: nil).places.isEmpty)
        #expect(ChartWindow(none, columns: 40, zoom: .narrow, edge: nil).scrolled(by: 3, none) == nil)
    }

    @Test("A date is brought to the middle")
    func centered() {
        let target = slots.candles[400].openTime
        let window = ChartWindow(slots, columns: 80, zoom: .narrow, edge: nil)
        let there = ChartWindow(slots, columns: 80, zoom: .narrow, edge: window.centered(on: target, slots))
        let place = there.place(at: target)
        #expect(place.map { abs($0 - 40) <= 1 } == true)
        #expect(there.place(at: slots.candles[600].openTime) == nil)
        #expect(there.place(at: slots.candles[100].openTime) == nil)
    }
}

@Suite("Labels of the time axis")
struct TimeTicksTests {
    private func ticks(_ from: String, count: Int, _ timeframe: Timeframe, columns: Int) -> [String] {
        let start = Timestamp(iso8601: from)!
        let candles = (0..<count).map { index in
            Candle(
                openTime: start.adding(seconds: Int64(index) * timeframe.seconds), open: Price(mantissa: 1),
                high: Price(mantissa: 1), low: Price(mantissa: 1), close: Price(mantissa: 1), volume: .zero)
        }
        let window = ChartWindow(
            CandleSlots(candles, timeframe), columns: columns, zoom: .narrow, edge: candles.last!.openTime)
        return TimeTicks.ticks(window, timeframe: timeframe).map(\.text)
    }

    @Test("Minutes get a label each quarter of an hour, midnight its date")
    func minutes() {
        #expect(ticks("2024-03-23T23:20", count: 60, .oneMinute, columns: 60) == ["23:30", "23:45", "24 Mar", "00:15"])
    }

    @Test("Hours get half days, days get months, a new year its number")
    func longer() {
        #expect(
            ticks("2024-03-23T00:00", count: 60, .oneHour, columns: 60) == [
                "23 Mar", "12:00", "24 Mar", "12:00", "25 Mar",
            ])
        #expect(ticks("2023-10-20", count: 120, .oneDay, columns: 120) == ["Nov", "Dec", "2024", "Feb"])
    }

    @Test("Labels keep their distance, whatever the timeframe and the width", arguments: Timeframe.all)
    func distance(timeframe: Timeframe) {
        let candles = CandleSeriesMaker.even(2_000, timeframe)
        for columns in stride(from: 5, to: 200, by: 13) {
            let window = ChartWindow(CandleSlots(candles, timeframe), columns: columns, zoom: .narrow, edge: nil)
            let ticks = TimeTicks.ticks(window, timeframe: timeframe)
            for (tick, next) in zip(ticks, ticks.dropFirst()) { #expect(next.place - tick.place >= 6) }
        }
    }
}

/// Candles without gaps.
enum CandleSeriesMaker {
    static func even(_ count: Int, _ timeframe: Timeframe) -> [Candle] {
        let start = Timestamp(iso8601: "2020-01-01")!
        return (0..<count).map { index in
            Candle(
                openTime: start.adding(seconds: Int64(index) * timeframe.seconds), open: Price(mantissa: 10),
                high: Price(mantissa: 12), low: Price(mantissa: 9), close: Price(mantissa: 11),
                volume: Quantity(mantissa: 5))
        }
    }
}
