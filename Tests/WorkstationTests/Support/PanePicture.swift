import Engine
import Market
import Terminal

@testable import Workstation

extension Random {
    /// A whole number from 0 to `bound` − 1.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}

/// One pane alone on a canvas of its size.
enum PanePicture {
    /// Draws a pane's content.
    static func draw(
        _ pane: any Pane.Type, _ width: Int, _ height: Int, view: ViewState = ViewState(),
        snapshot: Snapshot = Fixture.snapshot(), theme: Theme = .standard, isFocused: Bool = true
    ) -> Canvas {
        var canvas = Canvas(size: Size(width: width, height: height), fill: Cell(" ", style: theme[.background]))
        let context = PaneContext(
            snapshot: snapshot, view: view, theme: theme, isFocused: isFocused, now: Fixture.now,
            statistics: FrameStatistics())
        pane.draw(canvas.bounds, into: &canvas, context)
        return canvas
    }

    /// How many cells differ between two pictures of one size.
    static func changes(_ a: Canvas, _ b: Canvas) -> Int {
        var count = 0
        for y in 0..<a.size.height {
            for x in 0..<a.size.width where a[x, y] != b[x, y] { count += 1 }
        }
        return count
    }

    /// What a handler sees when a pane was drawn last at this size.
    static func handler(_ width: Int, _ height: Int, _ snapshot: Snapshot = Fixture.snapshot()) -> HandlerContext {
        HandlerContext(snapshot: snapshot, now: Fixture.now, area: Rect(x: 0, y: 0, width: width, height: height))
    }
}

/// Candles made by hand.
enum Candles {
    /// A candle of the minute numbered `minute` since the epoch, all prices in units.
    static func minute(
        _ minute: Int64, _ open: Int64, _ high: Int64, _ low: Int64, _ close: Int64, volume: Int64 = 1
    ) -> Candle {
        Candle(
            openTime: Timestamp(seconds: minute * 60), open: Price(mantissa: open), high: Price(mantissa: high),
            low: Price(mantissa: low), close: Price(mantissa: close), volume: Quantity(mantissa: volume))
    }

    /// Candles at these minutes, all alike.
    static func at(_ minutes: [Int64]) -> [Candle] { minutes.map { minute($0, 100, 110, 90, 105) } }

    /// `count` minutes of a random walk, a few of them missing.
    static func walk(_ count: Int, seed: UInt64, gaps: Bool = true) -> [Candle] {
        var random = Random(seed: seed)
        var candles: [Candle] = []
        var price: Int64 = 100_000
        for index in 0..<count {
            let open = price
            price = max(1_000, price + Int64(random.below(401)) - 200)
            if gaps, random.below(12) == 0 { continue }
            candles.append(
                minute(
                    Int64(28_000_000 + index), open, max(open, price) + Int64(random.below(50)),
                    min(open, price) - Int64(random.below(50)), price, volume: Int64(random.below(1_000))))
        }
        return candles
    }
}
