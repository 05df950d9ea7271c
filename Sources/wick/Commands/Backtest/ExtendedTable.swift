/// The extended figures of a backtest, for people: a line for each group of them, then the returns of the months.
struct ExtendedTable {
    private let members: [String: JSONValue]

    /// The figures of a result as programs get it.
    init(_ result: JSONValue?) {
        if case .object(let members)? = result {
            self.members = members
        } else {
            members = [:]
        }
    }

    /// Prints them below the figures that every result has; nothing of a result that has none.
    func print() {
        guard members["volatility"] != nil else { return }
        Output.line("")
        let groups = groups
        let width = groups.map(\.title.count).max() ?? 0
        for group in groups {
            let head = group.title + String(repeating: " ", count: width - group.title.count + 2)
            Paragraph.print(head, group.figures.map { "\($0.name) \($0.value)" }.joined(separator: " · "))
        }
        MonthTable(members["monthly_returns"], members["yearly_returns"]).print()
    }

    private typealias Group = (title: String, figures: [(name: String, value: String)])

    private var groups: [Group] {
        [
            (
                "daily returns",
                [
                    ("volatility", percent("volatility")),
                    ("return ÷ volatility", decimal("return_to_volatility")), ("Omega", decimal("omega")),
                    ("tail ratio", decimal("tail_ratio")), ("skew", decimal("skew")),
                    ("excess kurtosis", decimal("excess_kurtosis")), ("value at risk 95 %", percent("value_at_risk")),
                    ("expected shortfall", percent("expected_shortfall")),
                ]
            ),
            (
                "below the peak",
                [
                    ("ulcer index", percent("ulcer_index")),
                    ("under water", percent("underwater_share") + " of the days"),
                    ("at most", days("longest_underwater_days")), ("deepest made good in", days("recovery_days")),
                    ("recovery factor", decimal("recovery_factor")),
                ]
            ),
            (
                "belief",
                [
                    ("Sharpe above 0 with a chance of", percent("probabilistic_sharpe")),
                    ("95 % sure after", days("minimum_track_record_days")),
                    ("Sharpe with autocorrelation", decimal("robust_sharpe")),
                ]
            ),
            rolling,
            (
                "round trips",
                [
                    ("expectancy", amount("expectancy")), ("average win", amount("average_win")),
                    ("average loss", amount("average_loss")), ("payoff", decimal("payoff_ratio")),
                    ("won in a row", whole("longest_win_streak")), ("lost in a row", whole("longest_loss_streak")),
                    ("turnover", decimal("turnover")), ("a year", decimal("annual_turnover")),
                ]
            ),
            (
                "excursions",
                [
                    ("adverse", percent("mae_mean")), ("worst", percent("mae_max")),
                    ("favourable", percent("mfe_mean")), ("best", percent("mfe_max")),
                ]
            ),
        ] + sides + [hours].compactMap { $0 } + regimes + [undefined].compactMap { $0 }
    }

    /// Why figures have no value, those of one reason together.
    private var undefined: Group? {
        guard case .object(let reasons)? = members["undefined"], !reasons.isEmpty else { return nil }
        var groups: [(reason: String, names: [String])] = []
        for key in reasons.keys.sorted() {
            guard case .string(let reason)? = reasons[key] else { continue }
            let name = BacktestTable.titles[key] ?? key.replacing("_", with: " ")
            if let place = groups.firstIndex(where: { $0.reason == reason }) {
                groups[place].names.append(name)
            } else {
                groups.append((reason, [name]))
            }
        }
        return ("not defined", groups.map { ($0.names.joined(separator: ", ") + " –", $0.reason) })
    }

    private var rolling: Group {
        guard case .object(let rolling)? = members["rolling_sharpe"], let window = number(rolling["days"]) else {
            return ("rolling Sharpe", [])
        }
        func text(_ key: String) -> String { number(rolling[key]).map { Figures.decimal($0, 3) } ?? "–" }
        let title = "Sharpe of \(Figures.decimal(window, 0)) d"
        return (title, [("last", text("last")), ("lowest", text("min")), ("highest", text("max"))])
    }

    private var sides: [Group] {
        guard case .object(let sides)? = members["by_side"] else { return [] }
        return ["long", "short"].compactMap { name in
            guard case .object(let group)? = sides[name], let trips = number(group["trips"]), trips > 0 else {
                return nil
            }
            return (name, ExtendedTable.trips(group))
        }
    }

    /// The hours of entry that gained and lost most.
    private var hours: Group? {
        guard case .array(let rows)? = members["by_hour"] else { return nil }
        let hours = rows.compactMap { row -> (hour: Double, profit: Double)? in
            guard case .object(let row) = row, let hour = number(row["hour"]), let profit = number(row["profit"]) else {
                return nil
            }
            return (hour, profit)
        }
        guard hours.count > 1, let best = hours.max(by: { $0.profit < $1.profit }),
            let worst = hours.min(by: { $0.profit < $1.profit })
        else { return nil }
        func text(_ hour: (hour: Double, profit: Double)) -> String {
            "\(Figures.decimal(hour.hour, 0)):00 UTC with \(Figures.decimal(hour.profit, 2))"
        }
        return ("hour of entry", [("best", text(best)), ("worst", text(worst))])
    }

    /// The kinds of market, a line for each.
    private var regimes: [Group] {
        guard case .object(let kinds)? = members["by_regime"] else { return [] }
        return [("trend", "trend"), ("volatility", "volatility")].flatMap { key, title -> [Group] in
            guard case .array(let rows)? = kinds[key] else { return [] }
            return rows.compactMap { row in
                guard case .object(let row) = row, case .string(let name)? = row["regime"] else { return nil }
                func text(_ key: String, _ form: (Double) -> String) -> String { number(row[key]).map(form) ?? "–" }
                return (
                    "\(title) \(name)",
                    [
                        ("days", text("days") { Figures.decimal($0, 0) }), ("return", text("return", Figures.percent)),
                        ("Sharpe", text("sharpe") { Figures.decimal($0, 3) }),
                        ("in the market", text("exposure", Figures.percent)),
                    ] + ExtendedTable.trips(row).prefix(3)
                )
            }
        }
    }

    private static func trips(_ group: [String: JSONValue]) -> [(name: String, value: String)] {
        func number(_ key: String) -> Double? {
            if case .number(let number)? = group[key] { return number }
            return nil
        }
        return [
            ("round trips", number("trips").map { Figures.decimal($0, 0) } ?? "–"),
            ("won", number("win_rate").map(Figures.percent) ?? "–"),
            ("profit", number("profit").map { Figures.decimal($0, 2) } ?? "–"),
            ("profit factor", number("profit_factor").map { Figures.decimal($0, 3) } ?? "–"),
            ("average return", number("average_return").map(Figures.percent) ?? "–"),
        ]
    }

    // MARK: Figures as text

    private func number(_ value: JSONValue?) -> Double? {
        if case .number(let number)? = value { return number }
        return nil
    }

    private func percent(_ key: String) -> String { number(members[key]).map(Figures.percent) ?? "–" }
    private func decimal(_ key: String) -> String { number(members[key]).map { Figures.decimal($0, 3) } ?? "–" }
    private func amount(_ key: String) -> String { number(members[key]).map { Figures.decimal($0, 2) } ?? "–" }
    private func whole(_ key: String) -> String { number(members[key]).map { Figures.decimal($0, 0) } ?? "–" }
    private func days(_ key: String) -> String {
        number(members[key]).map { Figures.decimal($0.rounded(.up), 0) + " days" } ?? "–"
    }
}
