import Market
import Rules
import Trading

/// Reads the parts of a portfolio's file.
struct PortfolioReader {
    private let folder: String
    private let catalog: StrategyCatalog
    private let texts: [String: String]

    init(_ file: String, _ catalog: StrategyCatalog, _ texts: [String: String]) {
        self.texts = texts
        folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        self.catalog = catalog
    }

    // MARK: Values

    /// A value that stays as it is written.
    func text(
        _ section: Section, _ key: String, _ expected: String, _ example: String, check: (String) -> Bool
    ) -> String? {
        section.read(key, nil, expected: expected, example: example) { check($0) ? .some($0) : nil }
    }

    func timeframe(_ section: Section, _ key: String) -> Timeframe? {
        let known = Timeframe.all.map(\.description).joined(separator: " ")
        return section.read(key, nil, expected: "one of \(known)", example: "1h") { text in
            Timeframe(text).map { .some($0) }
        }
    }

    static func isPercent(_ text: String) -> Bool {
        (try? Ratio(percent: text)).map { $0 > .zero && $0 <= .one } ?? false
    }

    private static func isSizing(_ text: String) -> Bool {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts[0].lowercased(), parts.count) {
        case ("all-in", 1): return true
        case ("percent", 2): return isPercent(String(parts[1]))
        case ("fixed", 2): return ((try? DecimalText.mantissa(parts[1], scale: 8)) ?? 0) > 0
        default: return false
        }
    }

    /// A path as the file means it: relative ones begin where the file lies.
    private func path(_ text: String) -> String { text.hasPrefix("/") ? text : folder + text }

    private func symbol(_ text: String) -> String? {
        let name = text.uppercased()
        let isName = name.unicodeScalars.allSatisfy {
            ("A"..."Z").contains($0) || ("0"..."9").contains($0) || "-_./:".unicodeScalars.contains($0)
        }
        guard isName, (1...65).contains(name.utf8.count), name.split(separator: ":").count == 2 else { return nil }
        return name
    }

    // MARK: Candles

    func candles(_ root: Section) -> [PortfolioFile.Source] {
        root.section("candles") { section in
            section.keys().map { key in
                let name = symbol(key)
                if name == nil {
                    section.note(key, "a symbol with its venue was expected", example: "FILE:BTCUSDT: {csv: btc.csv}")
                }
                return section.section(key) { source in
                    PortfolioFile.Source(
                        symbol: name ?? key,
                        csv: text(source, "csv", "a file of candles", "btc.csv.gz") { !$0.isEmpty }.map(path),
                        kind: text(source, "kind", "spot, linear-perpetual or equity", "spot") {
                            ["spot", "linear-perpetual", "equity"].contains($0.lowercased())
                        },
                        corporateActions: text(
                            source, "corporate-actions", "a file of splits and dividends", "actions.csv"
                        ) { !$0.isEmpty }.map(path))
                }
            }
        }
    }

    // MARK: Strategies

    func strategy(_ section: Section, usual: Timeframe?) -> PortfolioFile.Strategy {
        let (className, needed, rulesFile) = classOf(section)
        let symbol = section.read(
            "symbol", "", expected: "a symbol with its venue", example: "SYNTHETIC:BTCUSDT", self.symbol)
        if section.entry("symbol") == nil {
            section.note("symbol", "a symbol is missing", example: "symbol: SYNTHETIC:BTCUSDT")
        }
        let title = className.map { StrategyClass.title(of: $0) } ?? "strategy"
        let ownTimeframe = timeframe(section, "timeframe")
        let chosen = ownTimeframe ?? usual ?? needed
        if let className, let problem = catalog.strategyClass(named: className)?.problem(with: chosen ?? .oneMinute) {
            section.note("timeframe", problem)
        }
        var strategy = PortfolioFile.Strategy(
            name: text(section, "name", "a name", "trend") { !$0.isEmpty && $0.utf8.count <= 100 }
                ?? "\(title) \(symbol)",
            className: className ?? "", parameters: parameters(section, className), symbol: symbol,
            timeframe: chosen,
            capitalShare: section.read(
                "capital-share", nil, expected: "a percentage above 0 and up to 100", example: "25"
            ) { text in
                PortfolioReader.isPercent(text) ? .some(try? Ratio(percent: text)) : nil
            },
            sizing: text(
                section, "sizing", "all-in, fixed:N or percent:P", "percent:50", check: PortfolioReader.isSizing)
                ?? "all-in",
            line: section.line,
            limits: section.section("limits") { LimitSections.strategy($0, .usdt) })
        strategy.rulesFile = rulesFile
        func distance(_ key: String) -> String? {
            text(section, key, "a percentage above 0 and up to 100", "5", check: PortfolioReader.isPercent)
        }
        strategy.stopLossPercent = distance("stop-loss")
        strategy.takeProfitPercent = distance("take-profit")
        strategy.trailingStopPercent = distance("trailing-stop")
        return strategy
    }

    /// The class of a strategy, the candles that its rules are for, and the file of these.
    private func classOf(_ section: Section) -> (String?, Timeframe?, String?) {
        let named = text(section, "strategy", "the name of a class", "sma-crossover") { !$0.isEmpty }
        let rules = text(section, "rules", "a file of rules", "pullback.yaml") { !$0.isEmpty }
        if named != nil, rules != nil {
            section.note("rules", "'strategy' names a class; one of the two was expected")
            return (nil, nil, nil)
        }
        if let rules {
            do throws(RuleFileError) {
                let path = path(rules)
                let file =
                    if let text = texts[path] { try RuleFile(text: text, name: path) } else { try RuleFile(path) }
                let rules = file.rules.text
                return (rules.className, rules.timeframe, path)
            } catch {
                for problem in error.problems {
                    let place = problem.line > 0 ? "\(problem.file):\(problem.line):\(problem.column)" : problem.file
                    let key = problem.key.isEmpty ? "" : "\(problem.key): "
                    section.note("rules", "\(place): \(key)\(problem.text)")
                }
                return (nil, nil, nil)
            }
        }
        guard let named else {
            if section.entry("strategy") == nil {
                section.note(
                    "strategy", "a class, or 'rules' with a file, is missing", example: "strategy: sma-crossover")
            }
            return (nil, nil, nil)
        }
        guard catalog.strategyClass(named: named) != nil else {
            let known = catalog.classes.map(\.descriptor.name)
            let hint = NearestKey.match(named, in: known).map { "; did you mean '\($0)'?" } ?? ""
            section.note(
                "strategy",
                "there is no class '\(named.prefix(60))'\(hint); there is "
                    + known.joined(separator: ", "))
            return (nil, nil, nil)
        }
        return (named, nil, nil)
    }

    /// The parameters as they are written, each checked against its class, then all together.
    private func parameters(_ section: Section, _ className: String?) -> [(name: String, text: String)] {
        let strategyClass = className.flatMap { catalog.strategyClass(named: $0) }
        return section.section("parameters") { list in
            var written: [(name: String, text: String)] = []
            for key in list.keys() {
                guard let text = text(list, key, "a number, on or off", "20", check: { !$0.isEmpty }) else { continue }
                let descriptors = strategyClass?.descriptor.parameters
                // JSON files write `use_stop` where the class has `use-stop`.
                let name =
                    descriptors?.first { $0.name == key }?.name
                    ?? descriptors?.first { $0.name == String(key.map { $0 == "_" ? "-" : $0 }) }?.name ?? key
                written.append((name, text))
                guard let descriptors else { continue }
                do throws(ParameterErrors) {
                    _ = try Parameters(descriptors, overrides: [(name, text)])
                } catch {
                    for problem in error.problems { list.note(key, problem.problem) }
                }
            }
            guard let strategyClass, list.problems.isEmpty else { return written }
            do throws(ParameterErrors) {
                _ = try strategyClass.make(Parameters(strategyClass.descriptor.parameters, overrides: written))
            } catch {
                for problem in error.problems { list.note(problem.parameter, problem.problem) }
            }
            return written
        }
    }

    // MARK: All together

    /// Gives those without a share an equal part of what the others leave, and notes what does not fit together.
    func checkTogether(_ strategies: inout [PortfolioFile.Strategy], isSplit: Bool, _ root: Section) {
        for index in strategies.indices
        where strategies[..<index].contains(where: { $0.name == strategies[index].name }) {
            root.note(
                "strategies",
                "two strategies are called '\(strategies[index].name)', the second in line "
                    + "\(strategies[index].line); name them apart", example: "name: trend")
        }
        let open = strategies.count { $0.capitalShare == nil }
        let given = strategies.reduce(Int64(0)) { $0 + ($1.capitalShare?.units ?? 0) }
        let left = isSplit ? Ratio.one.units - given : Ratio.one.units
        if isSplit, left < 0 || left < Int64(open) {
            let sum = Ratio(units: given)
            let others = open > 0 ? ", which leaves nothing for \(open) others" : ""
            root.note("strategies", "the capital shares come to \(sum) together\(others); expected 100% at most")
            return
        }
        guard open > 0 else { return }
        let part = Ratio(units: isSplit ? left / Int64(open) : left)
        for index in strategies.indices where strategies[index].capitalShare == nil {
            strategies[index].capitalShare = part
        }
    }
}
