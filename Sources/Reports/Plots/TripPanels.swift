import Market
import Plots

/// What is drawn of round trips.
extension RunReport {
    private func seconds(_ time: Timestamp) -> Double { Double(time.nanoseconds) / 1e9 }

    var tradesPanel: Panel {
        guard !bars.isEmpty else {
            return Panel(
                title: "Price", share: 2.6, x: Axis("", .time), y: Axis(), marks: [],
                whenEmpty: "the candles of the run are not there any more, or are others")
        }
        var marks: [Mark] = [
            .line(bars.map { PlotPoint(seconds($0.time), $0.close) }, .muted, name: "price", isThin: true)
        ]
        func points(_ wanted: (ReportTrip) -> Bool, _ place: (ReportTrip) -> (Timestamp, Double?)) -> [PlotPoint] {
            trips.filter(wanted).compactMap { trip in
                let (time, price) = place(trip)
                return price.map { PlotPoint(seconds(time), $0) }
            }
        }
        func entry(_ trip: ReportTrip) -> (Timestamp, Double?) { (trip.openedAt, trip.entry) }
        func exit(_ trip: ReportTrip) -> (Timestamp, Double?) { (trip.closedAt, trip.exit) }
        let isStop: (ReportTrip) -> Bool = { $0.purpose == "stop-loss" || $0.purpose == "trailing-stop" }
        for (name, shape, ink, found) in [
            ("long", PointShape.up, Ink.series(0), points({ $0.isLong }, entry)),
            ("short", .down, .loss, points({ !$0.isLong }, entry)),
            ("exit", .ring, .text, points({ !$0.isOpen && !isStop($0) && $0.purpose != "take-profit" }, exit)),
            ("stop", .cross, .loss, points(isStop, exit)),
            ("target", .cross, .series(2), points({ $0.purpose == "take-profit" }, exit)),
        ] where !found.isEmpty {
            marks.append(.points(found, shape, ink, name: "\(name) (\(found.count))"))
        }
        return Panel(title: "Price", share: 2.6, x: Axis("", .time), y: Axis(), marks: marks)
    }

    var profitPanel: Panel {
        let bars = trips.map { trip -> PlotBar in
            let share = trip.share ?? 0
            return PlotBar(
                x: seconds(trip.openedAt)...max(seconds(trip.closedAt), seconds(trip.openedAt)),
                y: min(share, 0)...max(share, 0), ink: share < 0 ? .loss : .gain)
        }
        return Panel(
            title: "Return of each, while it was held", share: 1, x: Axis("", .time),
            y: Axis("", unit: .percent, including: [0]), marks: [.bars(bars, name: nil, .gain)],
            whenEmpty: "there is no round trip")
    }

    var excursionPanel: Panel {
        func points(_ wanted: (ReportTrip) -> Bool) -> [PlotPoint] {
            trips.filter(wanted).compactMap { trip in
                guard let adverse = trip.adverse, let favorable = trip.favorable else { return nil }
                return PlotPoint(adverse, favorable)
            }
        }
        let (won, lost) = (points { $0.profit > 0 }, points { $0.profit <= 0 })
        let reach = (won + lost).map { min($0.x, $0.y) }.max() ?? 0
        var marks: [Mark] = [
            .points(lost, .cross, .loss, name: "lost (\(lost.count))"),
            .points(won, .disc, .gain, name: "won (\(won.count))"),
        ]
        if reach > 0 {
            marks.insert(
                .line(
                    [PlotPoint(0, 0), PlotPoint(reach, reach)], .muted, name: "as far against as for", isThin: true,
                    isDashed: true),
                at: 0)
        }
        return Panel(
            x: Axis("worst price, below the entry for a long one (MAE)", unit: .percent, including: [0]),
            y: Axis("best price (MFE)", unit: .percent, including: [0]), marks: marks,
            whenEmpty: "there is no round trip")
    }
}
