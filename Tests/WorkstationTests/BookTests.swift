import Engine
import Market
import Terminal
import Testing
import Trading

@testable import Workstation

@Suite("Book, heat map and tape")
struct BookTests {
    private func book(bids: [(Int64, Int64)], asks: [(Int64, Int64)], second: Int64 = 0) -> BookDepth {
        func levels(_ pairs: [(Int64, Int64)]) -> [BookLevel] {
            pairs.map { BookLevel(price: Price(mantissa: $0.0), quantity: Quantity(mantissa: $0.1)) }
        }
        return BookDepth(time: Timestamp(seconds: 1_000_000 + second), bids: levels(bids), asks: levels(asks))
    }

    @Test("Ladder, heat map and tape look as they did, in colours, without them and in ASCII")
    func pictures() throws {
        var view = ViewState()
        view.book.cursor = .init(symbol: InstrumentID(0), price: Price(mantissa: 6_366_500))
        for (name, theme) in GoldenTests.themes {
            try Golden.check(PanePicture.draw(BookPane.self, 40, 21, view: view, theme: theme), "pane-book-\(name)")
            try Golden.check(PanePicture.draw(HeatmapPane.self, 76, 16, theme: theme), "pane-heatmap-\(name)")
            try Golden.check(PanePicture.draw(TapePane.self, 36, 10, theme: theme), "pane-tape-\(name)")
        }
        try Golden.check(PanePicture.draw(BookPane.self, 25, 13), "pane-book-25x13")
    }

    @Test("Asks are grouped upward and bids downward, holes have a row")
    func grouping() {
        let ladder = BookLadder(
            book(bids: [(99, 1), (96, 2), (88, 4)], asks: [(101, 8), (105, 16), (106, 32)]), group: Price(mantissa: 5),
            depth: 20, rows: 10)
        #expect(ladder.bids.map(\.price.mantissa) == [95, 90, 85])
        #expect(ladder.bids.map(\.quantity.mantissa) == [3, 0, 4])
        #expect(ladder.asks.map(\.price.mantissa) == [105, 110])
        #expect(ladder.asks.map(\.quantity.mantissa) == [24, 32])
    }

    @Test("Grouping keeps every quantity within the depth, at any group")
    func conserves() {
        var random = Random(seed: 9)
        for _ in 0..<200 {
            var price = Int64(10_000)
            let asks = (0..<30).map { _ in
                price += 1 + Int64(random.below(9))
                return (price, Int64(1 + random.below(100)))
            }
            let ladder = BookLadder(
                book(bids: [], asks: asks), group: Price(mantissa: 1 + Int64(random.below(20))), depth: 25, rows: 1_000)
            #expect(ladder.asks.reduce(0) { $0 + $1.quantity.mantissa } == asks.prefix(25).reduce(0) { $0 + $1.1 })
            for (row, next) in zip(ladder.asks, ladder.asks.dropFirst()) {
                #expect(next.price.mantissa - row.price.mantissa == ladder.group.mantissa)
            }
        }
    }

    @Test("Finer undoes coarser, and nothing is finer than a tick", arguments: [1, 5, 25] as [Int64])
    func neighbours(tick: Int64) {
        var group = Price(mantissa: tick)
        var groups: [Int64] = []
        for _ in 0..<8 {
            groups.append(group.mantissa / tick)
            let coarser = BookLadder.neighbour(of: group, tick: Price(mantissa: tick), isCoarser: true)
            #expect(BookLadder.neighbour(of: coarser, tick: Price(mantissa: tick), isCoarser: false) == group)
            group = coarser
        }
        #expect(groups == [1, 2, 5, 10, 20, 50, 100, 200])
        #expect(
            BookLadder.neighbour(of: Price(mantissa: tick), tick: Price(mantissa: tick), isCoarser: false).mantissa
                == tick)
    }

    @Test("Every row's price leads back to the row")
    func rows() throws {
        let market = Fixture.snapshot().markets[0]
        for rows in [5, 14, 37] {
            let view = try #require(LadderView(market, BookState(), rows: rows))
            for row in 0..<rows {
                guard let place = view.price(row: row) else {
                    #expect(row == view.spreadRow)
                    continue
                }
                #expect(view.row(of: place.price) == row)
                #expect((place.side == .sell) == (row < view.spreadRow))
            }
        }
    }

    @Test("Prices stay on their rows while the market moves a little")
    func steady() throws {
        var market = Fixture.snapshot().markets[0]
        let state = BookState()
        let before = try #require(LadderView(market, state, rows: 31))
        func moved(_ levels: [BookLevel]) -> [BookLevel] {
            levels.map { BookLevel(price: $0.price + before.ladder.group, quantity: $0.quantity) }
        }
        let depth = try #require(market.depth)
        market.depth = BookDepth(time: depth.time, bids: moved(depth.bids), asks: moved(depth.asks))
        let after = try #require(LadderView(market, state, rows: 31))
        #expect(after.ladder.group == before.ladder.group)
        #expect(before.price(row: 0)?.price == after.price(row: 0)?.price)
        #expect(after.spreadRow == before.spreadRow - 1)
    }

    @Test("A market without a book says why instead of showing one")
    func missing() {
        var snapshot = Fixture.snapshot()
        snapshot.markets[0].depth = nil
        snapshot.markets[0].quote = nil
        snapshot.markets[0].depthHistory = []
        snapshot.markets[0].tape = []
        snapshot.markets[0].missing = "A replay of candles has no book and no prints"
        for pane in [BookPane.self, HeatmapPane.self, TapePane.self] as [any Pane.Type] {
            let text = PanePicture.draw(pane, 60, 12, snapshot: snapshot).text()
            #expect(text.contains("A replay of candles has no book and no prints"))
            #expect(!text.contains("█"))
        }
    }

    @Test("A stale book is dimmed and says how old it is")
    func stale() {
        var snapshot = Fixture.snapshot()
        snapshot.markets[0].status = .stale(seconds: 9)
        let canvas = PanePicture.draw(BookPane.self, 40, 12, snapshot: snapshot)
        for x in 0..<40 where canvas[x, 2].scalar != 0x20 { #expect(canvas[x, 2].style.attributes.contains(.dim)) }
        let context = PaneContext(
            snapshot: snapshot, view: ViewState(), theme: .standard, isFocused: true, now: Fixture.now,
            statistics: FrameStatistics())
        #expect(BookPane.note(context) == "stale 9s")
    }

    @Test("The cursor walks over the rows, skips the spread and opens tickets on the right side")
    func cursor() throws {
        let snapshot = Fixture.snapshot()
        let market = snapshot.markets[0]
        var view = ViewState()
        view.focus = .book
        let context = PanePicture.handler(38, 21, snapshot)
        _ = BookPane.handle(.down, &view, context)
        let ladder = try #require(LadderView(market, view.book, rows: 21))
        #expect(view.book.cursor?.price == ladder.bestBid)
        _ = BookPane.handle(.up, &view, context)
        #expect(view.book.cursor?.price == ladder.bestAsk)
        func form(_ action: Action) -> OrderTicket? {
            for consequence in BookPane.handle(action, &view, context) ?? [] {
                if case .form(let form) = consequence { return form as? OrderTicket }
                if case .ifTrade(let inner) = consequence, case .form(let form)? = inner.first {
                    return form as? OrderTicket
                }
            }
            return nil
        }
        func value(_ form: OrderTicket?, _ name: String) -> String? { form?.fields.first { $0.name == name }?.value }
        let price = market.instrument.text(ladder.bestAsk)
        #expect(value(form(.bookBuy), "price") == price)
        // Enter on an ask buys it.
        #expect(value(form(.open), "side") == "buy")
        #expect(value(form(.bookSell), "side") == "sell")
    }

    @Test("Resampling to bands and columns loses nothing that lies inside")
    func heatConserves() {
        var random = Random(seed: 77)
        for _ in 0..<50 {
            let books = (0..<40).map { second in
                book(
                    bids: (0..<10).map { (Int64(1_000 - $0 * 3 - random.below(3)), Int64(1 + random.below(1_000))) },
                    asks: (0..<10).map { (Int64(1_003 + $0 * 3 + random.below(3)), Int64(1 + random.below(1_000))) },
                    second: Int64(second))
            }
            let grid = HeatGrid(
                books, columns: 40, rows: 100, end: Timestamp(seconds: 1_000_040), columnNanoseconds: 1_000_000_000,
                top: Price(mantissa: 1_050), band: Price(mantissa: 1))
            let sum = grid.values.filter(\.isFinite).reduce(0, +)
            let expected = books.reduce(0) { total, book in
                total + (book.bids + book.asks).reduce(0) { $0 + Float($1.quantity.mantissa) }
            }
            #expect(sum == expected)
            // Coarser bands hold the same.
            let coarse = HeatGrid(
                books, columns: 40, rows: 20, end: Timestamp(seconds: 1_000_040), columnNanoseconds: 1_000_000_000,
                top: Price(mantissa: 1_050), band: Price(mantissa: 5))
            #expect(coarse.values.filter(\.isFinite).reduce(0, +) == expected)
        }
    }

    @Test("A column of several snapshots holds their mean, one without any holds nothing")
    func heatMean() {
        let books = [
            book(bids: [(100, 10)], asks: [(110, 4)], second: 0), book(bids: [(100, 30)], asks: [(110, 4)], second: 1),
            book(bids: [(100, 50)], asks: [(110, 4)], second: 4),
        ]
        let grid = HeatGrid(
            books, columns: 3, rows: 2, end: Timestamp(seconds: 1_000_006), columnNanoseconds: 2_000_000_000,
            top: Price(mantissa: 110), band: Price(mantissa: 10))
        #expect(grid[0, 1] == 20 && grid[0, 0] == 4)
        #expect(grid[1, 0].isNaN && grid[1, 1].isNaN)
        #expect(grid[2, 1] == 50)
        #expect(grid.mids == [Price(mantissa: 105), nil, Price(mantissa: 105)])
    }

    @Test("The heat map stands still while its margin is used, and changes only its newest column")
    func heatJumps() {
        var snapshot = Fixture.snapshot()
        let view = ViewState()
        var columns: [Int] = []
        var before = PanePicture.draw(HeatmapPane.self, 80, 18, view: view, snapshot: snapshot)
        for _ in 1...7 {
            var book = snapshot.markets[0].depthHistory.last!
            book.time = book.time.adding(seconds: 1)
            snapshot.markets[0].depthHistory.append(book)
            let after = PanePicture.draw(HeatmapPane.self, 80, 18, view: view, snapshot: snapshot)
            columns.append(PanePicture.changes(before, after))
            before = after
        }
        // At most one jump in seven seconds; every other second touches a column or two.
        #expect(columns.sorted()[5] <= 2 * 18)
    }

    @Test("The tape shows newest first and hides what is smaller than the minimum")
    func tape() {
        let snapshot = Fixture.snapshot()
        var view = ViewState()
        let market = snapshot.markets[0]
        let all = TapePane.visible(market.tape, market, view, offset: 0, count: 100)
        #expect(all.first?.id == market.tape.last?.id)
        let context = PanePicture.handler(34, 14, snapshot)
        _ = TapePane.handle(.coarser, &view, context)
        _ = TapePane.handle(.coarser, &view, context)
        let minimum = view.tape.minimums[market.id]!
        let some = TapePane.visible(market.tape, market, view, offset: 0, count: 100)
        #expect(some.allSatisfy { $0.quantity >= minimum } && some.count < all.count)
        for _ in 0..<3 { _ = TapePane.handle(.finer, &view, context) }
        #expect(view.tape.minimums[market.id] == nil)
    }

    @Test("A frozen tape stands still while prints come, and says how many")
    func frozen() {
        var snapshot = Fixture.snapshot()
        var view = ViewState()
        _ = TapePane.handle(.freeze, &view, PanePicture.handler(34, 14, snapshot))
        let before = PanePicture.draw(TapePane.self, 34, 14, view: view, snapshot: snapshot).text()
        var print = snapshot.markets[0].tape.last!
        print.time = print.time.adding(seconds: 5)
        snapshot.markets[0].tape.append(print)
        #expect(PanePicture.draw(TapePane.self, 34, 14, view: view, snapshot: snapshot).text() == before)
        _ = TapePane.handle(.freeze, &view, PanePicture.handler(34, 14, snapshot))
        #expect(view.tape.frozen == nil)
    }

    @Test("No figure of book and tape is ever cut, at any width")
    func wholeNumbers() {
        let snapshot = Fixture.snapshot()
        let market = snapshot.markets[0]
        let prices = Set(market.tape.map { market.instrument.text($0.price) })
        for width in 1...60 {
            let lines = PanePicture.draw(TapePane.self, width, 10, snapshot: snapshot).text().split(separator: "\n")
            for word in lines.flatMap({ $0.split(separator: " ") }) where word.hasPrefix("636") || word.hasPrefix("637")
            {
                #expect(prices.contains(String(word)), "\(width): \(word)")
            }
        }
    }
}
