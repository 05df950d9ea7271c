import Engine
import Market
import Terminal
import Trading

/// A book laid out on the rows of a pane: which price stands in which row.
struct LadderView: Sendable {
    /// The levels in groups.
    let ladder: BookLadder
    /// The instrument.
    let instrument: Instrument
    /// The row between the sides; it may lie outside of the pane.
    let spreadRow: Int
    /// How many rows there are.
    let rows: Int
    /// The grouped price of the lowest ask row.
    let bestAsk: Price
    /// The grouped price of the highest bid row.
    let bestBid: Price
    private let lowestAsk: Price
    private let highestBid: Price

    /// The layout of a market's book in so many rows; `nil` without a book.
    init?(_ market: MarketView, _ state: BookState, rows: Int) {
        guard rows > 0, let book = LadderView.book(market) else { return nil }
        let tick = market.instrument.tick
        let automatic = state.memo.group(market.id, book, tick: tick, rows: max(2, rows / 2 - 1))
        let group = state.groups[market.id] ?? automatic
        ladder = BookLadder(book, group: group, depth: state.depth, rows: max(1, rows * 2))
        instrument = market.instrument
        self.rows = rows
        let ask = ladder.asks.first?.price
        let bid = ladder.bids.first?.price
        guard let reference = ask ?? bid.map({ $0 + group }) else { return nil }
        bestAsk = reference
        bestBid = bid ?? Price(mantissa: reference.mantissa - group.mantissa)
        lowestAsk = book.asks.first?.price ?? bestAsk
        highestBid = book.bids.first?.price ?? bestBid
        let middle = rows / 2
        if state.isCentred {
            let anchor = state.memo.anchor(reference, group: group, reach: rows / 6)
            spreadRow = middle - Int((reference.mantissa - anchor.mantissa) / group.mantissa)
        } else {
            let anchor = state.anchor ?? reference
            let distance = (reference.mantissa - anchor.mantissa) / max(1, group.mantissa)
            spreadRow = middle - Int(min(max(distance, -10_000), 10_000))
        }
    }

    /// The market's book, or its best prices alone where the source has no more.
    static func book(_ market: MarketView) -> BookDepth? {
        if let depth = market.depth, !depth.bids.isEmpty || !depth.asks.isEmpty { return depth }
        guard let quote = market.quote else { return nil }
        return BookDepth(
            time: quote.time, bids: [BookLevel(price: quote.bid, quantity: quote.bidSize)],
            asks: [BookLevel(price: quote.ask, quantity: quote.askSize)])
    }

    /// The side and price of a row; `nil` for the row of the spread.
    func price(row: Int) -> (side: Side, price: Price)? {
        if row == spreadRow { return nil }
        let group = ladder.group.mantissa
        if row < spreadRow {
            return (.sell, Price(mantissa: bestAsk.mantissa + Int64(spreadRow - 1 - row) * group))
        }
        return (.buy, Price(mantissa: bestBid.mantissa - Int64(row - spreadRow - 1) * group))
    }

    /// The row that a price belongs to, inside of the pane or not; the spread's row for prices inside of the spread.
    func row(of price: Price) -> Int {
        let group = ladder.group.mantissa
        if price >= lowestAsk {
            let steps = (price.mantissa - bestAsk.mantissa + group - 1) / group
            return spreadRow - 1 - Int(min(max(steps, 0), 1_000_000))
        }
        if price <= highestBid {
            let steps = (bestBid.mantissa - price.mantissa + group - 1) / group
            return spreadRow + 1 + Int(min(max(steps, 0), 1_000_000))
        }
        return spreadRow
    }

    /// What rests in a row.
    func quantity(row: Int) -> Quantity {
        let index = row < spreadRow ? spreadRow - 1 - row : row - spreadRow - 1
        let side = row < spreadRow ? ladder.asks : ladder.bids
        return row != spreadRow && side.indices.contains(index) ? side[index].quantity : .zero
    }
}
