/// Returns in percent, a row for each year and a column for each month.
struct MonthTable {
    private var months: [Int: [Int: Double]] = [:]
    private var years: [(year: Int, value: Double?)] = []

    /// The table of the arrays of a result as programs get it.
    init(_ months: JSONValue?, _ years: JSONValue?) {
        for row in MonthTable.rows(months) {
            guard case .string(let name)? = row["month"], case .number(let value)? = row["return"] else { continue }
            let parts = name.split(separator: "-").compactMap { Int($0) }
            if parts.count == 2 { self.months[parts[0], default: [:]][parts[1]] = value }
        }
        for row in MonthTable.rows(years) {
            guard case .number(let year)? = row["year"] else { continue }
            var value: Double?
            if case .number(let number)? = row["return"] { value = number }
            self.years.append((Int(year), value))
        }
    }

    /// Prints the table where there is more than one month.
    func print() {
        guard months.values.reduce(0, { $0 + $1.count }) > 1 else { return }
        Output.line("")
        var table = Table(
            .text("return %"), .number("Jan"), .number("Feb"), .number("Mar"), .number("Apr"), .number("May"),
            .number("Jun"), .number("Jul"), .number("Aug"), .number("Sep"), .number("Oct"), .number("Nov"),
            .number("Dec"), .number("year"))
        for (year, value) in years {
            func cell(_ value: Double?) -> String { value.map { Figures.decimal($0 * 100, 1) } ?? "" }
            table.rows.append(["\(year)"] + (1...12).map { cell(months[year]?[$0]) } + [cell(value)])
        }
        table.print(whenEmpty: "")
    }

    private static func rows(_ value: JSONValue?) -> [[String: JSONValue]] {
        guard case .array(let values)? = value else { return [] }
        return values.compactMap { value in
            if case .object(let row) = value { return row }
            return nil
        }
    }
}
