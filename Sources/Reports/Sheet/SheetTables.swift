import Backtesting
import Market

/// The tables of the tear sheet.
struct SheetTables {
    let report: RunReport

    init(_ report: RunReport) { self.report = report }

    private var figures: RunFigures { report.figures }

    /// The months and years.
    func returns(_ page: inout HTML) {
        let years = figures.rows("yearly_returns")
        guard !years.isEmpty else { return }
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let months = figures.rows("monthly_returns")
        let rows = years.reversed().map { year -> [String] in
            let name = year["year"]?.plain ?? ""
            let cells = (1...12).map { month -> String in
                let wanted = "\(name)-\(month < 10 ? "0" : "")\(month)"
                let value = months.first { $0["month"]?.text == wanted }?["return"]?.number
                return value.map { ReportText.fixed($0 * 100, 1) } ?? ""
            }
            return [name] + cells + [year["return"]?.number.map { ReportText.fixed($0 * 100, 1) } ?? ""]
        }
        page.element("h2", "Returns in percent")
        page.table(["year"] + names + ["whole"], rows)
    }

    /// The ten deepest falls.
    func drawdowns(_ page: inout HTML) {
        page.element("h2", "Drawdowns of daily marks")
        guard let days = report.days else { return page.element("p", report.noDays, kind: "muted") }
        let episodes = DrawdownEpisode.episodes(days)
        guard !episodes.isEmpty else { return page.element("p", "No day ended below a peak.", kind: "muted") }
        page.table(
            ["", "depth", "peak", "trough", "made good", "days below"],
            episodes.prefix(10).enumerated().map { index, episode in
                [
                    "\(index + 1)", ReportText.percent(episode.depth), episode.peak.date, episode.trough.date,
                    episode.recovery?.date ?? "not yet", "\(episode.days)",
                ]
            }, texts: [0, 2, 3, 4])
        if episodes.count > 10 { page.element("p", "The ten deepest of \(episodes.count).", kind: "muted") }
    }

    /// Round trips by side, the worst and the best.
    func trips(_ page: inout HTML) {
        page.element("h2", "Round trips")
        guard !report.trips.isEmpty else { return page.element("p", "There is none.", kind: "muted") }
        let sides = figures.object("by_side")
        let rows = ["long", "short"].compactMap { name -> [String]? in
            guard let side = sides[name]?.object, (side["trips"]?.number ?? 0) > 0 else { return nil }
            return [name] + group(side)
        }
        page.table(["side", "round trips", "won", "profit", "profit factor", "average return"], rows)
        let sorted = report.trips.sorted { ($0.profit, $0.openedAt) < ($1.profit, $1.openedAt) }
        for (title, trips) in [
            ("The worst", Array(sorted.prefix(5))), ("The best", Array(sorted.suffix(5).reversed())),
        ] {
            page.element("p", title, kind: "muted")
            page.table(
                ["opened", "closed", "side", "entry", "exit", "profit", "return", "ended by"],
                trips.map { trip in
                    [
                        ReportTime.text(trip.openedAt), ReportTime.text(trip.closedAt), trip.isLong ? "long" : "short",
                        price(trip.entry), price(trip.exit), ReportText.amount(trip.profit),
                        ReportText.percent(trip.share), trip.purpose,
                    ]
                }, texts: [0, 1, 2, 7])
        }
    }

    private func price(_ value: Double?) -> String {
        value.map { ReportText.fixed($0, $0 < 10 ? 5 : $0 < 1_000 ? 3 : 2) } ?? "–"
    }

    private func group(_ members: [String: JSONMember]) -> [String] {
        [
            ReportText.count(members["trips"]?.number), ReportText.percent(members["win_rate"]?.number, 1),
            ReportText.amount(members["profit"]?.number), ReportText.ratio(members["profit_factor"]?.number),
            ReportText.percent(members["average_return"]?.number),
        ]
    }

    /// The figures by the kind of market.
    func regimes(_ page: inout HTML) {
        let kinds = figures.object("by_regime")
        let rows = [("trend", "trend"), ("volatility", "volatility")].flatMap { key, title in
            (kinds[key]?.rows ?? []).map { row in
                [
                    title, row["regime"]?.text ?? "", ReportText.count(row["days"]?.number),
                    ReportText.percent(row["return"]?.number), ReportText.ratio(row["sharpe"]?.number),
                    ReportText.percent(row["exposure"]?.number, 1),
                ] + Array(group(row).prefix(4))
            }
        }
        guard !rows.isEmpty else { return }
        page.element("h2", "By the kind of market")
        page.element(
            "p",
            "What kind of day it is, is told from the days before it alone: the trend and the volatility of the last 30.",
            kind: "muted")
        page.table(
            [
                "by", "market", "days", "return", "Sharpe", "in the market", "round trips", "won", "profit",
                "profit factor",
            ], rows, texts: [0, 1])
    }

    /// Every other figure that is one number.
    func figures(_ page: inout HTML) {
        page.element("h2", "All figures")
        let shown = SheetFigures.groups.map { group in
            (
                group.title,
                group.figures.compactMap { figure -> (String, String)? in
                    guard let member = figures.members[figure.key] else { return nil }
                    return (figure.title, SheetFigures.text(figure, member))
                }
            )
        }
        let known = Set(SheetFigures.groups.flatMap { $0.figures.map(\.key) } + SheetFigures.elsewhere)
        let others = figures.members.compactMap { key, member -> (String, String)? in
            guard !known.contains(key) else { return nil }
            switch member {
            case .array, .object: return nil
            case .null, .flag, .number, .text: return (key.replacing("_", with: " "), member.plain)
            }
        }.sorted { $0.0 < $1.0 }
        page.element("div", kind: "pairs") { page in
            for (title, pairs) in shown + [("Others", others)] where !pairs.isEmpty {
                page.element("div") { page in
                    page.table([title, ""], pairs.map { [$0.0, $0.1] })
                }
            }
        }
        let undefined = figures.object("undefined").sorted { $0.key < $1.key }
        guard !undefined.isEmpty else { return }
        page.element("p", "– stands for what can't be said, and why:", kind: "muted")
        page.table(
            ["figure", "reason"],
            undefined.map { [$0.key.replacing("_", with: " "), $0.value.plain] }, texts: [0, 1])
    }
}

/// Which figures stand in which group.
enum SheetFigures {
    enum Form {
        case percent
        case ratio
        case amount
        case count
        case days
        case seconds
    }

    typealias Figure = (key: String, title: String, form: Form)

    static let groups: [(title: String, figures: [Figure])] = [
        (
            "Result",
            [
                ("initial_equity", "initial equity", .amount), ("final_equity", "final equity", .amount),
                ("total_return", "total return", .percent), ("annualized_return", "annualized return", .percent),
                ("fees_paid", "fees paid", .amount), ("exposure", "time in the market", .percent),
                ("turnover", "turnover", .ratio), ("annual_turnover", "turnover a year", .ratio),
            ]
        ),
        (
            "Risk",
            [
                ("sharpe", "Sharpe (daily, √365)", .ratio), ("robust_sharpe", "Sharpe with autocorrelation", .ratio),
                ("sortino", "Sortino", .ratio), ("calmar", "Calmar", .ratio), ("volatility", "volatility", .percent),
                ("return_to_volatility", "return ÷ volatility", .ratio), ("omega", "Omega", .ratio),
                ("tail_ratio", "tail ratio", .ratio), ("skew", "skew", .ratio),
                ("excess_kurtosis", "excess kurtosis", .ratio),
                ("value_at_risk", "value at risk 95 %, a day", .percent),
                ("expected_shortfall", "expected shortfall, a day", .percent),
            ]
        ),
        (
            "Below the peak",
            [
                ("max_drawdown", "maximum drawdown", .percent), ("ulcer_index", "ulcer index", .percent),
                ("underwater_share", "days below a peak", .percent),
                ("longest_underwater_days", "longest below a peak", .days),
                ("recovery_factor", "recovery factor", .ratio), ("recovery_days", "deepest made good in", .days),
            ]
        ),
        (
            "Belief",
            [
                ("probabilistic_sharpe", "Sharpe above 0, chance", .percent),
                ("deflated_sharpe", "deflated Sharpe, chance", .percent),
                ("minimum_track_record_days", "95 % sure after", .days),
            ]
        ),
        (
            "Round trips",
            [
                ("trade_count", "round trips", .count), ("win_rate", "won", .percent),
                ("profit_factor", "profit factor", .ratio), ("expectancy", "mean profit", .amount),
                ("average_win", "average win", .amount), ("average_loss", "average loss", .amount),
                ("payoff_ratio", "average win ÷ loss", .ratio), ("longest_win_streak", "won in a row", .count),
                ("longest_loss_streak", "lost in a row", .count), ("average_trade_seconds", "average time", .seconds),
                ("mae_mean", "mean adverse excursion", .percent), ("mae_max", "worst adverse excursion", .percent),
                ("mfe_mean", "mean favourable excursion", .percent), ("mfe_max", "best favourable excursion", .percent),
                ("refused_orders", "refused orders", .count),
            ]
        ),
        (
            "Candles",
            [
                ("bars", "candles", .count), ("missing_bars", "missing", .count), ("partial_bars", "partial", .count),
            ]
        ),
    ]

    /// What the sheet says at other places.
    static let elsewhere = [
        "strategy", "symbol", "timeframe", "from", "to", "rules", "seconds", "open_trade", "data_hash", "seed",
        "version",
        "run",
    ]

    static func text(_ figure: Figure, _ member: JSONMember) -> String {
        guard let number = member.number else { return member.plain }
        switch figure.form {
        case .percent: return ReportText.percent(number)
        case .ratio: return ReportText.ratio(number)
        case .amount: return ReportText.amount(number)
        case .count: return ReportText.count(number)
        case .days: return ReportText.count(number.rounded(.up)) + " days"
        case .seconds: return ReportTime.duration(number)
        }
    }
}

/// Times as people read them.
enum ReportTime {
    /// `2023-01-01 00:05`, UTC.
    static func text(_ time: Timestamp) -> String { "\(time.date) \(time.timeOfDay.prefix(5))" }

    static func duration(_ seconds: Double) -> String {
        if seconds < 7_200 { return ReportText.fixed(seconds / 60, 1) + " min" }
        if seconds < 172_800 { return ReportText.fixed(seconds / 3_600, 1) + " h" }
        return ReportText.fixed(seconds / 86_400, 1) + " days"
    }
}
