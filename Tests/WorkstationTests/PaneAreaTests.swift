import Market
import Terminal
import Testing

@testable import Workstation

@Suite("Every pane keeps to its area")
struct PaneAreaTests {
    @Test("at every size, however small", arguments: PaneID.allCases)
    func staysInside(id: PaneID) throws {
        let pane = try #require(PaneRegistry.pane(id))
        var view = ViewState()
        view.chart.indicators = [
            .init(identifier: "macd", values: [12, 26, 9]), .init(identifier: "ema", values: [9]),
        ]
        var snapshot = BacktestsPaneTests.snapshot()
        snapshot.markets[0].missing = nil
        let isBacktests = id == .backtests
        snapshot.searches = isBacktests ? [SearchPaneTests.search(.walkForward)] : []
        let pages: [BacktestsState.Page] =
            isBacktests ? [.list, .result(3), .comparison([3, 2]), .search(7)] : [.list]
        var outside: [String] = []
        for page in pages {
            view.backtests.page = page
            view.backtests.section = .months
            view.backtests.searchSection = .windows
            for width in Array(1...30) + [41, 60, 79, 120] {
                for height in [1, 2, 3, 4, 6, 9, 13, 20, 34] {
                    var canvas = Canvas(size: Size(width: width + 6, height: height + 6), fill: Cell("\u{25A8}"))
                    let area = Rect(x: 3, y: 3, width: width, height: height)
                    let context = PaneContext(
                        snapshot: snapshot, view: view, theme: .standard, isFocused: true, now: Fixture.now,
                        statistics: FrameStatistics())
                    pane.draw(area, into: &canvas, context)
                    for y in 0..<canvas.size.height {
                        for x in 0..<canvas.size.width
                        where !area.contains(Point(x: x, y: y)) && canvas[x, y] != Cell("\u{25A8}") {
                            outside.append("\(width)×\(height) at \(x - 3), \(y - 3)")
                        }
                    }
                }
            }
        }
        #expect(outside.isEmpty, "\(outside.count) cells: \(outside.prefix(12).joined(separator: "; "))")
    }
}
