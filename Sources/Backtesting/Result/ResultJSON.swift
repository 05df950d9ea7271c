import Market
import Trading

extension BacktestResult {
    /// The result as one JSON object: the keys of `docs/backtesting.md` in their order.
    ///
    /// Amounts are JSON numbers with every digit they have; ratios are the shortest decimals that read back as the same
    /// double, and `null` where they are undefined. Everything but `seconds` depends on the input alone.
    ///
    /// - Parameters:
    ///   - seconds: how long the run took, measured by the caller; there is no clock in here.
    ///   - extended: the extended figures of this result, whose keys follow the others; `nil` leaves them out.
    public func json(seconds: Double, extended: ExtendedMetrics? = nil) -> String {
        var json = JSONText()
        json.begin("{")
        for figure in figures {
            switch figure.value {
            case .text(let text): json.member(figure.key, text)
            case .time(let time): json.member(figure.key, time.description)
            case .count(let count): json.member(figure.key, count)
            case .money(let money): json.member(figure.key, money)
            case .fraction(let number), .ratio(let number), .seconds(let number): json.member(figure.key, number)
            }
            if figure.key == "strategy" {
                // Rules are their own name: with them the result can be had again when their file is another.
                if StrategyClass.title(of: strategy) != strategy { json.member("rules", strategy) }
                writeParameters(&json)
            }
        }
        json.member("seconds", seconds)
        json.member("open_trade", hasOpenTrade)
        writeData(&json)
        json.member("refused_orders", refusals.count)
        if let extended { json.members(extended, daily) }
        json.end("}")
        return json.text
    }

    private func writeParameters(_ json: inout JSONText) {
        json.key("parameters")
        json.begin("{")
        for (descriptor, value) in zip(parameters.descriptors, parameters.values) {
            if descriptor.isSwitch {
                json.member(descriptor.name, value != 0)
            } else {
                json.member(descriptor.name, value)
            }
        }
        json.end("}")
    }

    private func writeData(_ json: inout JSONText) {
        json.member("missing_bars", missingBars)
        json.member("partial_bars", partialBars)
        json.key("gaps")
        json.begin("[")
        for gap in gaps {
            json.element()
            json.begin("{")
            json.member("from", gap.from.description)
            json.member("to", gap.to.description)
            json.member("missing", gap.count(of: timeframe))
            json.end("}")
        }
        json.end("]")
    }
}
