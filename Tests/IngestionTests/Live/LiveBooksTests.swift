import Testing
import Venues

@testable import Ingestion

@Suite("Books whose changes come no more")
struct LiveBooksTests {
    /// A market whose best prices have left its book behind.
    private func leftBehind() -> BookStage {
        var stage = BookStage.live()
        stage.ticker(13, "99")
        stage.tick(2)
        stage.ticker(14, "99.5")
        #expect(stage.isLive && stage.books == 0)
        stage.tick(3)
        return stage
    }

    private func replaced(_ stage: BookStage) -> [LiveMarketState.Demand] {
        stage.state.demands.filter { if case .replace = $0 { true } else { false } }
    }

    @Test("a book that best prices have left behind is shown no more, and is asked for anew")
    func behind() {
        var stage = leftBehind()
        #expect(!stage.isLive && stage.state.takeDemands() == [.book(0)])
        #expect(stage.state.markets[0].book.state == .stale(.disagreed))
        var updates: [LiveUpdate] = []
        stage.state.queue.take(into: &updates)
        #expect(updates.contains { if case .depth(0, let depth) = $0 { depth.bids.isEmpty } else { false } })
    }

    @Test("a book that follows its best prices, however late each time, is left alone")
    func follows() {
        var stage = BookStage.live()
        // One update behind all the time, and two seconds.
        for id in 13..<40 {
            stage.ticker(id + 1, "99.\(id + 1)")
            stage.tick()
            stage.depth(id, id, bids: #"["99.\#(id)","1.0"]"#)
        }
        #expect(stage.isLive && stage.state.demands.isEmpty)
    }

    @Test("best prices that are ahead and still those of the book say nothing against it")
    func sameTop() {
        var stage = BookStage.live()
        stage.ticker(13, "99")
        stage.ticker(14)
        stage.tick(8)
        #expect(stage.isLive && stage.state.demands.isEmpty)
    }

    @Test("a book that is left behind again without a change is asked for once its changes are heard")
    func again() {
        var stage = leftBehind()
        stage.answer(14)
        #expect(stage.isLive)
        _ = stage.state.takeDemands()
        stage.ticker(16, "99")
        stage.tick(5)
        #expect(!stage.isLive && stage.books == 0)
        stage.depth(17, 17)
        #expect(!stage.isLive && stage.books == 1)
        stage.answer(17)
        #expect(stage.isLive)
    }

    @Test("a book that is left behind again without a change is asked for once another connection is heard")
    func elsewhere() {
        var stage = leftBehind()
        stage.answer(14)
        _ = stage.state.takeDemands()
        stage.ticker(16, "99")
        stage.tick(5)
        stage.open(2)
        stage.trade(1, on: 2)
        #expect(!stage.isLive && stage.books == 1)
    }

    @Test("a connection that tells trades and no change of the book is replaced")
    func deaf() {
        var stage = BookStage.live()
        for id in 1..<LiveMarketState.depthPatience {
            stage.trade(id)
            stage.tick()
        }
        #expect(replaced(stage).isEmpty)
        stage.trade(100)
        stage.tick()
        #expect(replaced(stage) == [.replace(1)])
        var updates: [LiveUpdate] = []
        stage.state.queue.take(into: &updates)
        #expect(updates.contains { if case .remark("depth-silent", _, _) = $0 { true } else { false } })
    }

    @Test("a market in which little happens, or of which changes come, keeps its connection")
    func quiet() {
        var stage = BookStage.live()
        for id in 1..<30 {
            stage.trade(id)
            stage.tick()
            if id % 9 == 0 { stage.depth(id + 12, id + 12) }
        }
        stage.tick(20)
        #expect(!stage.state.demands.contains(.replace(1)))
    }

    @Test("where the next connection is no better it lasts twice as long, until a change comes")
    func patience() {
        var stage = BookStage.live()
        func seconds(_ number: Int) -> Int {
            _ = stage.state.takeDemands()
            for second in 1...1_000 {
                stage.trade(number * 10_000 + second, on: number)
                stage.tick()
                if stage.state.demands.contains(.replace(number)) {
                    _ = stage.state.replacement(number)
                    stage.open(number + 1)
                    stage.state.closed(number, "replaced")
                    return second
                }
            }
            return 0
        }
        let (first, second, third) = (seconds(1), seconds(2), seconds(3))
        #expect([first, second, third] == [10, 20, 40])
        stage.depth(100, 100, on: 4)
        let fourth = seconds(4)
        #expect(fourth == 10)
    }
}
