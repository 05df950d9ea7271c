/// Prints figures as a table.
enum Table {
    private static let widths = [50, 10, 10, 8, 15, 14, 7]

    static func header() {
        row(["figure", "value", "unit", "ratio", "to", "target", "verdict"])
        print(String(repeating: "─", count: widths.reduce(0, +) + widths.count - 1))
    }

    static func figure(_ figure: Figure) {
        var target = figure.limit.map { "≤ \(number($0))" } ?? "–"
        if let aim = figure.aim { target += " (aim \(number(aim)))" }
        row([
            figure.name, number(figure.value), figure.unit, figure.ratio.map { "×" + number($0) } ?? "–",
            figure.against, target, figure.verdict,
        ])
    }

    private static func row(_ cells: [String]) {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: max(widths[index] - cell.count, 0))
            let isNumber = index == 1 || index == 3
            line += (isNumber ? padding + cell : cell + padding) + " "
        }
        print(line)
    }

    private static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e12 { return String(Int(value)) }
        let decimals = abs(value) < 10 ? 100.0 : 10
        return String((value * decimals).rounded() / decimals)
    }
}
