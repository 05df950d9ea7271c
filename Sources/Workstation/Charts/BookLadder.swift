import Market

/// One price row of a book, with what rests between it and the next.
struct LadderRow: Hashable, Sendable {
    /// The grouped price: the lower end of a bid's group, the upper end of an ask's.
    var price: Price
    /// What rests in the group; zero where nothing does.
    var quantity: Quantity
}

/// A book sorted into price groups: asks round up, bids down, so a group never looks better than the prices in it.
struct BookLadder: Sendable {
    /// Ask rows from the best upward, without holes: prices at which nothing rests have a row too.
    let asks: [LadderRow]
    /// Bid rows from the best downward, without holes.
    let bids: [LadderRow]
    /// The size of a group.
    let group: Price

    /// The best `depth` levels of each side in groups of `group`, at most `rows` rows a side.
    init(_ book: BookDepth, group: Price, depth: Int, rows: Int) {
        self.group = Price(mantissa: max(1, group.mantissa))
        asks = BookLadder.rows(book.asks.prefix(depth), self.group, .ceiling, direction: 1, count: rows)
        bids = BookLadder.rows(book.bids.prefix(depth), self.group, .floor, direction: -1, count: rows)
    }

    private static func rows(
        _ levels: ArraySlice<BookLevel>, _ group: Price, _ rounding: Rounding, direction: Int64, count: Int
    ) -> [LadderRow] {
        guard let best = levels.first, count > 0 else { return [] }
        let start = best.price.rounded(toTick: group, rounding).mantissa
        var rows: [LadderRow] = []
        for level in levels {
            let price = level.price.rounded(toTick: group, rounding).mantissa
            let index = (price - start) * direction / group.mantissa
            guard index >= 0, index < Int64(count) else { break }
            while rows.count <= Int(index) {
                let rowPrice = Price(mantissa: start + Int64(rows.count) * group.mantissa * direction)
                rows.append(LadderRow(price: rowPrice, quantity: .zero))
            }
            rows[Int(index)].quantity = rows[Int(index)].quantity + level.quantity
        }
        return rows
    }

    /// The group that spreads the levels of both sides over about `rows` rows a side: 1, 2, 5, 10 … ticks. Up to a
    /// quarter of the outermost prices may have no row: a ladder half empty shows less than one that ends sooner.
    static func fittingGroup(_ book: BookDepth, tick: Price, rows: Int) -> Price {
        func span(_ levels: [BookLevel]) -> Int64 {
            guard let first = levels.first, let last = levels.last else { return 0 }
            return abs(last.price.mantissa - first.price.mantissa)
        }
        let widest = Double(max(span(book.bids), span(book.asks)))
        let step = NiceNumbers.roundStep(atLeast: widest * 0.75 / Double(max(1, rows)), unit: tick.mantissa)
        return Price(mantissa: step)
    }

    /// The next coarser (or finer) group: 1, 2, 5, 10 … ticks; never below one tick.
    static func neighbour(of group: Price, tick: Price, isCoarser: Bool) -> Price {
        let unit = max(1, tick.mantissa)
        let ticks = max(1, group.mantissa / unit)
        if isCoarser {
            return Price(mantissa: NiceNumbers.roundStep(atLeast: Double(ticks) + 0.5, unit: 1) * unit)
        }
        var finer: Int64 = 1
        while true {
            let next = NiceNumbers.roundStep(atLeast: Double(finer) + 0.5, unit: 1)
            if next >= ticks { return Price(mantissa: finer * unit) }
            finer = next
        }
    }
}
