import Testing

@testable import Ingestion

@Suite("A book and the best prices of two connections")
struct BookComparisonTests {
    @Test("best prices that only the old connection told are not missed at the new one's")
    func rotation() {
        var stage = BookStage.live()
        stage.ticker(12)
        stage.open(2)
        // The new connection is ahead: 14 comes behind 20, and is passed over.
        stage.ticker(20, "100", on: 2)
        stage.ticker(14, "99", on: 1)
        stage.depth(13, 14, bids: #"["99","1.0"]"#, on: 1)
        #expect(stage.isLive && stage.books == 0)
        stage.depth(15, 20, bids: #"["100","1.0"]"#, on: 1)
        stage.ticker(21, "101", on: 2)
        #expect(stage.isLive && stage.books == 0)
        #expect(stage.state.markets[0].tops.compared == 1)
    }

    @Test("a book that is wrong is found out on the new connection, too")
    func wrong() {
        var stage = BookStage.live()
        stage.ticker(12)
        stage.open(2)
        stage.ticker(20, "100", on: 2)
        stage.depth(13, 20, bids: #"["99","1.0"]"#, on: 2)
        stage.ticker(21, "100.5", on: 2)
        #expect(!stage.isLive && stage.books == 1)
    }

    @Test("best prices of a connection that only began on one market go on from there")
    func behind() {
        var stage = BookStage.live()
        stage.ticker(12)
        stage.open(2)
        stage.ticker(14, "99", on: 1)
        // Nothing is between what both told: the comparison goes on.
        stage.ticker(13, "98.5", on: 2)
        stage.depth(13, 14, bids: #"["99","1.0"]"#, on: 1)
        stage.ticker(15, "98", on: 2)
        #expect(stage.isLive && stage.state.markets[0].tops.compared == 1)
    }
}
