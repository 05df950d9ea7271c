import Studies

/// A search over two parameters as a picture: one along each side, the objective as the shade.
struct Heatmap {
    /// The values of the first parameter, across.
    let columns: [String]
    /// Those of the second one, down.
    let rows: [String]
    /// The objective of each combination, by row and column; `nil` where there is none.
    let cells: [[Double?]]
    private let title: String

    /// The picture of a grid over two parameters with more than one value each; `nil` for other searches.
    init?(_ report: SearchReport) {
        let dimensions = report.session.plan.space.dimensions
        guard dimensions.count == 2, let width = dimensions[0].count, let height = dimensions[1].count, width > 1,
            height > 1
        else { return nil }
        let across = (0..<width).map { dimensions[0].value(at: $0) }
        let down = (0..<height).map { dimensions[1].value(at: $0) }
        var cells = [[Double?]](repeating: Array(repeating: nil, count: width), count: height)
        for trial in report.ranked where trial.state == .complete {
            guard let column = across.firstIndex(of: trial.point[0]), let row = down.firstIndex(of: trial.point[1])
            else { continue }
            cells[row][column] = trial.objective
        }
        self.init(
            columns: across.map { report.text(dimensions[0].name, $0) },
            rows: down.map { report.text(dimensions[1].name, $0) }, cells: cells,
            title: "\(report.session.plan.objective.text): \(dimensions[0].name) across, \(dimensions[1].name) down")
    }

    init(columns: [String], rows: [String], cells: [[Double?]], title: String) {
        self.columns = columns
        self.rows = rows
        self.cells = cells
        self.title = title
    }

    /// The picture's lines, a blank one first. Where there are more columns than fit, or more than forty rows, neighbours
    /// share a cell and the best of them is shown.
    func lines(_ style: HeatmapStyle) -> [String] {
        let margin = (rows.map(\.count).max() ?? 0) + 1
        let room = max((style.width - margin) / 2, 1)
        let (acrossStep, downStep) = ((columns.count + room - 1) / room, (rows.count + 39) / 40)
        let across = stride(from: 0, to: columns.count, by: acrossStep).map {
            $0..<min($0 + acrossStep, columns.count)
        }
        let down = stride(from: 0, to: rows.count, by: downStep).map { $0..<min($0 + downStep, rows.count) }
        let shown = down.map { rows in across.map { columns in best(rows, columns) } }
        let values = shown.flatMap { $0 }.compactMap { $0 }
        guard let low = values.min(), let high = values.max() else { return [] }
        let cellWidth = min(max(across.map { columns[$0.lowerBound].count }.max() ?? 1, 1) + 1, style.width / 2)
        let width = margin + cellWidth * across.count <= style.width ? cellWidth : 2
        var lines = ["", title]
        if width > 2 || cellWidth <= 2 {
            lines.append(pad("", margin) + across.map { pad(columns[$0.lowerBound], width) }.joined())
        } else {
            let ends = "\(columns[0]) … \(columns[columns.count - 1])"
            lines.append(pad("", margin) + (style.isUnicode ? ends : ends.replacing("…", with: "..")))
        }
        for (rows, cells) in zip(down, shown) {
            let head = pad(self.rows[rows.lowerBound], margin - 1) + " "
            lines.append(head + cells.map { style.cell($0, low, high, width) }.joined())
        }
        lines.append(
            "\(style.cell(low, low, high, 2)) \(Figures.decimal(low, 3))   \(style.cell(high, low, high, 2)) "
                + "\(Figures.decimal(high, 3))   \(style.cell(nil, low, high, 2)) no result")
        return lines
    }

    private func best(_ rows: Range<Int>, _ columns: Range<Int>) -> Double? {
        rows.flatMap { row in columns.compactMap { cells[row][$0] } }.max()
    }

    private func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - text.count, 0)) + text
    }
}
