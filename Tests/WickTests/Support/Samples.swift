import Foundation

/// Candle files made from a seed.
enum Samples {
    /// The columns of `minutes`.
    static let header = "timestamp,open,high,low,close,volume\n"

    /// Rows of minutes from 2023-01-01 on, a walk with cents; the minutes in `gap` are left out.
    static func minutes(_ count: Int, gap: Range<Int> = 0..<0) -> String {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next(_ bound: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % bound)
        }
        func text(_ cents: Int64) -> String {
            "\(cents / 100)." + String(String(100 + cents % 100).dropFirst())
        }
        var rows = header
        var price: Int64 = 2_000_000
        for minute in 0..<count {
            let open = price
            let close = max(1_000_000, open + next(6_001) - 3_000)
            let high = max(open, close) + next(500)
            let low = min(open, close) - next(500)
            let volume = 1 + next(900)
            price = close
            if gap.contains(minute) { continue }
            rows +=
                "\(1_672_531_200_000 + Int64(minute) * 60_000),\(text(open)),\(text(high)),\(text(low)),\(text(close)),"
            rows += "0.\(100 + volume)\n"
        }
        return rows
    }
}
