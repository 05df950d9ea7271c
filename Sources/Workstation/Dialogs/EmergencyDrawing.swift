import Engine
import Market
import Terminal
import Trading

extension EmergencyBanner {
    /// Draws the banner over the first rows: what it touches, what can be done, how it goes.
    func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let theme = context.theme
        let style = theme[.modeStop]
        let width = canvas.size.width
        let lines = text(context)
        var rows: [String] = []
        for line in lines { rows += TextLines.wrapped(line, width: max(1, width - 2)) }
        for (y, row) in rows.prefix(canvas.size.height).enumerated() {
            canvas.fill(Rect(x: 0, y: y, width: width, height: 1), Cell(" ", style: style))
            canvas.put(
                row.plain(theme), x: width > 2 ? 1 : 0, y: y, style: y == 0 ? style.adding(.bold) : style,
                maxWidth: width)
        }
    }

    private func text(_ context: PaneContext) -> [String] {
        let snapshot = context.snapshot
        let working = snapshot.orders.filter { !$0.order.state.isClosed }
        let protective = working.filter { $0.order.request.purpose.isProtective }.count
        let state = snapshot.tradingState == .halted ? "new orders are BLOCKED" : "blocking new orders …"
        var lines = [
            "EMERGENCY STOP  \(state)  account \(snapshot.mode.rawValue)",
            Words.count(working.count, "open order") + (protective > 0 ? " (\(protective) protective)" : "")
                + "  \(positions(snapshot))",
        ]
        if let receipt = snapshot.receipt, stage != .blocked || snapshot.receipt?.origin != "keyboard" {
            lines += receipt.venues.map(ReceiptDetail.text)
            if stage == .flattening || receipt.isFlattening {
                lines.append(
                    receipt.openPositions == 0
                        ? "flat: no position is left" : "\(Words.count(receipt.openPositions, "position")) still open")
            }
        } else if stage == .cancelling {
            lines.append("cancelling …")
        } else if stage == .flattening {
            lines.append("cancelling and closing …")
        }
        if let typed {
            lines.append(
                "Type \(EmergencyBanner.rearmWord) and Enter to END the emergency stop: strategies may open positions again."
                    + "  Esc: no")
            lines.append("> \(typed)_")
        } else {
            lines.append(
                "y cancel all   k cancel all but protective stops   f cancel all and flatten   Esc keep blocked   r re-arm"
            )
        }
        return lines
    }

    private func positions(_ snapshot: Snapshot) -> String {
        guard !snapshot.positions.isEmpty else { return "no positions" }
        let names = snapshot.positions.prefix(4).compactMap { position -> String? in
            guard let instrument = snapshot.market(position.position.instrument)?.instrument else { return nil }
            return "\(instrument.base.code) \(Words.profit(position.unrealized))"
        }
        let rest = snapshot.positions.count - names.count
        let list = names.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        return "\(Words.count(snapshot.positions.count, "position")): \(list)"
    }
}
