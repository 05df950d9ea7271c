import Backtesting
import Foundation
import Market
import Plots
import Testing

@testable import Reports

@Suite("Plots of runs")
struct RunPlotTests {
    private func points(_ panel: Panel, named wanted: String?) -> [PlotPoint] {
        for mark in panel.marks {
            switch mark {
            case .line(let points, _, let name, _, _) where name == wanted: return points
            case .area(let points, _, _, let name) where name == wanted: return points
            default: continue
            }
        }
        return []
    }

    @Test("equity stands beside buying and holding, both from the same cash")
    func equity() throws {
        let panel = try report().equityPanel
        #expect(points(panel, named: "equity").map(\.y) == [100, 110, 99, 105])
        // The price began at 50 and closed at half the equity: as much of the cash as the price is of 50.
        #expect(points(panel, named: "buy and hold, without costs").map(\.y) == [100, 100, 110, 99, 105])
    }

    @Test("the fall below the peak is counted from the highest mark so far, the initial equity included")
    func underwater() throws {
        let panel = try report(equity: [90, 120, 60, 120]).drawdownPanel(share: 1)
        let depths = points(panel, named: nil).map(\.y)
        for (depth, wanted) in zip(depths, [-0.1, 0, -0.5, 0]) { #expect(abs(depth - wanted) < 1e-12) }
        #expect(depths.count == 4)
    }

    @Test("months stand in their places, years beside them, and the colours are those of the months")
    func months() throws {
        guard case .cells(let grid)? = try report().monthPanel.marks.first else {
            Issue.record("there is a grid")
            return
        }
        #expect(grid.values.count == 1 && grid.values[0].count == 13)
        #expect(grid.values[0][0] == 0.1 && grid.values[0][1] == -0.045 && grid.values[0][2] == nil)
        #expect(grid.values[0][12] == 0.05 && grid.limit == 0.1)
    }

    @Test("episodes of drawdown, by hand")
    func episodes() throws {
        // From 100: 110 peak, down to 88 and back at 110, then 105 to the end.
        let curve = try #require(try report(equity: [110, 99, 88, 100, 110, 105, 107]).days)
        let episodes = DrawdownEpisode.episodes(curve)
        #expect(episodes.count == 2)
        #expect(abs(episodes[0].depth - 0.2) < 1e-12)
        #expect(episodes[0].peak.date == "2023-01-30" && episodes[0].trough.date == "2023-02-01")
        #expect(episodes[0].recovery?.date == "2023-02-03" && episodes[0].days == 3)
        #expect(episodes[1].recovery == nil && episodes[1].days == 2)
        #expect(try DrawdownEpisode.episodes(#require(try report(equity: [100, 101, 102]).days)).isEmpty)
    }

    @Test("a histogram counts every value, has a border at 0, and its curve has its area")
    func histogram() throws {
        let values = (0..<500).map { Double(($0 * 7_919) % 1_009) / 10_000 - 0.05 }
        let histogram = try #require(Histogram(values))
        #expect(histogram.counts.reduce(0, +) == 500)
        let border = -histogram.low / histogram.width
        #expect(abs(border - border.rounded()) < 1e-9)
        let step = histogram.normal[1].x - histogram.normal[0].x
        let area = histogram.normal.reduce(0) { $0 + $1.y * step }
        #expect(area < 500 * histogram.width * 1.01 && area > 500 * histogram.width * 0.85)
        #expect(Histogram([0, 0, 0, 0, 0, 0]) == nil && Histogram([1, 2]) == nil)
    }

    @Test("entries, exits and stops are told apart")
    func trades() throws {
        let panel = try report(trades: [
            "2023-01-30T05:00:00Z,2023-01-31T00:00:00Z,long,1,50,52,4,0.04,exit,false,0.01,0.05",
            "2023-02-01T06:00:00Z,2023-02-02T00:00:00Z,short,1,52,53,-2,-0.02,stop-loss,false,0.03,0.001",
            "2023-02-02T06:00:00Z,2023-02-02T12:00:00Z,long,1,52,55,3,0.06,take-profit,false,0,0.06",
            "2023-02-02T13:00:00Z,2023-02-03T00:00:00Z,long,1,55,55,0,0,open,true,0,0",
        ]).tradesPanel
        let names = panel.marks.compactMap { mark -> String? in
            if case .points(_, _, _, let name) = mark { name } else { nil }
        }
        #expect(names == ["long (3)", "short (1)", "exit (1)", "stop (1)", "target (1)"])
    }

    @Test("every kind is drawn, of any run", arguments: RunPlot.allCases)
    func kinds(_ kind: RunPlot) throws {
        let empty = try #require(RunReport(json: "{}", equity: [], days: nil, trades: ""))
        for report in [try report(), empty] {
            for format in PlotFormat.allCases {
                let bytes = try report.plot(kind).draw(format, size: PlotSize(width: 400, height: 300))
                #expect(bytes.count > 500)
            }
        }
    }

    @Test("day curves come back from their bytes, and bytes that are none give none")
    func bytes() throws {
        let curve = try #require(try report().days)
        #expect(DayCurve(bytes: curve.bytes) == curve)
        #expect(DayCurve(bytes: []) == nil && DayCurve(bytes: Array(repeating: 0xFF, count: 24)) == nil)
        #expect(DayCurve(bytes: curve.bytes.dropLast()) == nil)
    }

    @Test("the best so far of a search never falls, and only trials that kept the constraints count")
    func search() {
        let trials: [SearchPlots.TrialPoint] = [
            .init(number: 0, values: [1], objective: 1, state: .complete),
            .init(number: 1, values: [2], objective: 9, state: .infeasible),
            .init(number: 2, values: [3], objective: 0.5, state: .complete),
            .init(number: 3, values: [4], objective: nil, state: .pruned),
            .init(number: 4, values: [5], objective: 2, state: .complete),
        ]
        let panels = SearchPlots.scatter(trials, [.init("fast")], objective: "sharpe")
        #expect(panels.count == 2)
        #expect(points(panels[0], named: "best so far").map(\.y) == [1, 1, 2])
    }
}
