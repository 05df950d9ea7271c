import Engine
import Trading

/// What is said and asked when the file of a strategy's rules is not what it runs.
enum RulesWords {
    /// Lines of a question that name differences; more are counted.
    private static let shownLines = 6

    /// The place and the words of the first mistake, without the folder: `dips.yaml:3:12: entry: …`.
    static func place(_ problem: String) -> String {
        let line = problem.split(separator: "\n").first ?? ""
        let path = line.prefix { $0 != ":" }
        guard let slash = path.lastIndex(of: "/") else { return String(line) }
        return String(line[line.index(after: slash)...])
    }

    /// Asks whether the changed rules are to be loaded, with what changes; shows the mistakes where there are some. `nil`
    /// when the file says what the strategy runs.
    static func loading(_ strategy: StrategyView, _ snapshot: Snapshot) -> [Consequence]? {
        switch strategy.rules {
        case nil: return nil
        case .wrong: return [.detail(StrategyDetail(id: strategy.registration.id))]
        case .changed(let file, let className):
            do throws(RulesRefusal) {
                let changed = try strategy.registration.becoming(className, .bundled)
                return [
                    .confirm(
                        Confirmation(
                            tier: TradingQuestions.tier(snapshot.mode),
                            title: "Load the changed rules of \(strategy.registration.name)",
                            facts: facts(strategy, changed, file), word: strategy.registration.name,
                            request: .changeStrategy(changed)))
                ]
            } catch {
                return [.toast(.error, "The rules can't be loaded: \(error.text)")]
            }
        }
    }

    private static func facts(
        _ strategy: StrategyView, _ changed: StrategyRegistration, _ file: String
    ) -> [Confirmation.Fact] {
        var facts = [Confirmation.Fact("file", file)]
        let lines = differences(strategy.registration.className, changed.className)
        for line in lines.prefix(shownLines) { facts.append(.init(line.sign, line.text)) }
        if lines.count > shownLines { facts.append(.init("", "and \(lines.count - shownLines) more lines")) }
        if !strategy.position.isFlat { facts.append(.init("position", "stays; the changed rules warm up anew")) }
        return facts
    }

    /// The lines that go and those that come, in their order.
    static func differences(_ old: String, _ new: String) -> [(sign: String, text: String)] {
        let before = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let after = new.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func shown(_ line: String) -> String {
            String(line.map { $0 == "\t" ? " " : $0 })
        }
        return before.filter { !after.contains($0) }.map { ("-", shown($0)) }
            + after.filter { !before.contains($0) }.map { ("+", shown($0)) }
    }
}
