import Market

/// How wide a candle is drawn.
enum CandleZoom: Int, Hashable, Sendable, CaseIterable, Comparable {
    /// One column a candle.
    case narrow
    /// One column and one empty column.
    case spaced
    /// Three columns and one empty column.
    case wide

    /// Columns from one candle to the next.
    var pitch: Int {
        switch self {
        case .narrow: 1
        case .spaced: 2
        case .wide: 4
        }
    }

    /// The columns of the candle itself.
    var width: Int { self == .wide ? 3 : 1 }

    static func < (a: CandleZoom, b: CandleZoom) -> Bool { a.rawValue < b.rawValue }
}

/// The part of a series that a chart shows.
struct ChartWindow: Sendable {
    /// The places from left to right; those at the edges may be empty.
    let places: [(slot: CandleSlot, time: Timestamp)]
    /// The length of the candles.
    let timeframe: Timeframe
    /// How wide candles are.
    let zoom: CandleZoom
    /// The columns there are.
    let columns: Int
    /// Whether the newest candle is shown and the chart moves with it.
    let isLive: Bool

    /// Empty columns to the right of the newest candle, at most.
    static let marginColumns = 8

    /// The window of `columns` columns that ends at `edge`, or at the live edge when that is `nil`.
    ///
    /// A window never begins before the first candle while there are candles enough to fill it.
    init(_ slots: CandleSlots, columns: Int, zoom: CandleZoom, edge: Timestamp?) {
        self.zoom = zoom
        timeframe = slots.timeframe
        self.columns = max(0, columns)
        let count = max(0, columns) / zoom.pitch
        let live = slots.liveEdge(margin: ChartWindow.margin(zoom, count: count))
        var end = edge ?? live ?? .epoch
        if let live, end > live { end = live }
        if let first = slots.candles.first, end < first.openTime { end = first.openTime }
        var places = slots.slots(endingAt: end, count: count)
        let pastCount = places.prefix { $0.slot == .past }.count
        if pastCount > 0, let live, end < live {
            end = min(live, slots.time(pastCount, after: end))
            places = slots.slots(endingAt: end, count: count)
        }
        self.places = places
        isLive = edge == nil || end == live
    }

    /// Places kept empty at the right when following the market.
    static func margin(_ zoom: CandleZoom, count: Int) -> Int {
        max(1, min(marginColumns / zoom.pitch, count / 4))
    }

    /// The first column of a place.
    func column(_ place: Int) -> Int { columns % zoom.pitch + place * zoom.pitch }

    /// The column in the middle of a place's candle.
    func center(_ place: Int) -> Int { column(place) + zoom.width / 2 }

    /// The place at a time, or `nil` when it is not shown. O(places).
    func place(at time: Timestamp) -> Int? {
        guard let first = places.first, let last = places.last, time >= first.time,
            time.nanoseconds(since: last.time) < timeframe.nanoseconds
        else { return nil }
        return places.lastIndex { $0.time <= time }
    }

    /// The edge after moving by `count` places to the right (to the left when negative): `nil` when it reaches the live
    /// edge.
    func scrolled(by count: Int, _ slots: CandleSlots) -> Timestamp? {
        guard let last = places.last else { return nil }
        let live = slots.liveEdge(margin: ChartWindow.margin(zoom, count: places.count))
        let edge = slots.time(count, after: last.time)
        guard let live, edge < live else { return nil }
        return ChartWindow(slots, columns: columns, zoom: zoom, edge: edge).places.last.map(\.time)
    }

    /// The edge that brings `time` to the middle; `nil` when that is the live edge.
    func centered(on time: Timestamp, _ slots: CandleSlots) -> Timestamp? {
        let live = slots.liveEdge(margin: ChartWindow.margin(zoom, count: places.count))
        let edge = slots.time(places.count / 2, after: time)
        guard let live, edge < live else { return nil }
        return ChartWindow(slots, columns: columns, zoom: zoom, edge: edge).places.last.map(\.time)
    }
}
