import Trading

/// What every file of a run carries, so that its result can be had again from the file alone.
public struct RunLabel: Sendable, Hashable {
    /// A strategy that ran.
    public struct Strategy: Codable, Sendable, Hashable {
        /// A parameter as people write it.
        public struct Parameter: Codable, Sendable, Hashable {
            /// Its name.
            public var name: String
            /// Its value, `20` or `on`.
            public var text: String
        }

        /// What it is called among others: in a portfolio the name that it was given, else its class.
        public var name: String
        /// Its class; rules are their own, word for word.
        public var className: String
        /// All of its parameters, defaults included.
        public var parameters: [Parameter]

        /// A strategy of a class; it is called as the class is where no name is given.
        public init(_ className: String, _ parameters: [(name: String, text: String)], name: String? = nil) {
            self.name = name ?? StrategyClass.title(of: className)
            self.className = className
            self.parameters = parameters.map { Parameter(name: $0.name, text: $0.text) }
        }

        /// The class in a word.
        var title: String { StrategyClass.title(of: className) }

        /// The text of rules; `nil` of a class that is none of them.
        var rules: String? { title == className ? nil : className }

        /// The parameters in one line, `fast=20 slow=50`.
        public var parameterText: String { parameters.map { "\($0.name)=\($0.text)" }.joined(separator: " ") }
    }

    /// What ran; none where that is not known any more.
    public var strategies: [Strategy]
    /// Whether it was a portfolio, whose round trips name their strategies themselves.
    public var isPortfolio: Bool
    /// The candles, the seed and the release.
    public var stamp: RunStamp
    /// The command that runs it again.
    public var command: String

    /// A label of its parts.
    public init(_ strategies: [Strategy], isPortfolio: Bool, stamp: RunStamp, command: String) {
        self.strategies = strategies
        self.isPortfolio = isPortfolio
        self.stamp = stamp
        self.command = command
    }

    // MARK: CSV

    /// Round trips as CSV with the label behind the other columns, in every row the same but for what belongs to its
    /// strategy; so a reader that knows nothing of it reads the file as any other. O(n).
    ///
    /// - Parameter trades: what `tradesCSV` gives.
    public func stamped(_ trades: String) -> String {
        let records = CSVText.records(trades)
        guard let head = records.first else { return trades }
        let place = isPortfolio ? CSVText.fields(head).firstIndex(of: "strategy") : nil
        let hasRules = strategies.contains { $0.rules != nil }
        let names =
            [isPortfolio ? "class" : "strategy"] + (hasRules ? ["rules"] : [])
            + ["parameters", "seed", "data_hash", "detail_hash", "version", "command"]
        let common = [
            stamp.seed.map { "\($0)" } ?? "", stamp.dataHash, stamp.detailHash ?? "", stamp.version, command,
        ]
        func end(_ strategy: Strategy?) -> String {
            let own =
                [strategy?.title ?? ""] + (hasRules ? [strategy?.rules ?? ""] : []) + [strategy?.parameterText ?? ""]
            return "," + (own + common).map(CSVText.field).joined(separator: ",") + "\n"
        }
        let ends = strategies.map { (name: $0.name, text: end($0)) }
        let usual = end(isPortfolio ? nil : strategies.first)
        var text = String(head) + "," + names.joined(separator: ",") + "\n"
        for record in records.dropFirst() {
            text.append(contentsOf: record)
            let name = place.map { CSVText.fields(record)[$0] }
            text += ends.first { isPortfolio && $0.name == name }?.text ?? usual
        }
        return text
    }

    // MARK: JSON

    /// The label as a JSON object: `strategy`, `parameters` and, of rules, `rules`, or `strategies` of a portfolio, each
    /// with these and its `name`; the keys of the stamp; `command`.
    public var json: String {
        var json = JSONText()
        json.begin("{")
        if isPortfolio {
            json.key("strategies")
            json.begin("[")
            for strategy in strategies {
                json.element()
                json.begin("{")
                json.member("name", strategy.name)
                json.members(strategy)
                json.end("}")
            }
            json.end("]")
        } else if let strategy = strategies.first {
            json.members(strategy)
        }
        json.members(stamp)
        json.member("command", command)
        json.end("}")
        return json.text
    }
}

extension JSONText {
    fileprivate mutating func members(_ strategy: RunLabel.Strategy) {
        member("strategy", strategy.title)
        if let rules = strategy.rules { member("rules", rules) }
        key("parameters")
        begin("{")
        for parameter in strategy.parameters {
            switch parameter.text {
            case "on": member(parameter.name, true)
            case "off": member(parameter.name, false)
            default:
                key(parameter.name)
                raw(Double(parameter.text) == nil ? JSONText.quoted(parameter.text) : parameter.text)
            }
        }
        end("}")
    }
}
