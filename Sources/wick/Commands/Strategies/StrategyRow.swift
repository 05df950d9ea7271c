import Engine
import Market
import Rules
import Storage
import Trading

/// A registered strategy as it is printed.
struct StrategyRow {
    var id: Int32
    var name: String
    var className: String
    var rules: String?
    var parameters: [String: String]
    var symbol: String
    var timeframe: String
    var sizing: String
    var capitalSharePercent: String
    var stopLossPercent: String?
    var takeProfitPercent: String?
    var trailingStopPercent: String?
    var maxDrawdownPercent: String?
    var status: String
    var reason: String

    init(_ record: StrategyRecord) {
        id = record.id.rawValue
        name = record.name
        className = StrategyClass.title(of: record.className)
        rules = className == record.className ? nil : record.className
        parameters = record.parameters
        symbol = record.instrument.name
        timeframe = record.timeframe.description
        sizing = record.sizing.text(record.instrument)
        func percent(_ ratio: Ratio) -> String { DecimalText.text(Int128(ratio.units), scale: 6) }
        capitalSharePercent = percent(record.capitalShare)
        stopLossPercent = record.protection.stopLoss.map(percent)
        takeProfitPercent = record.protection.takeProfit.map(percent)
        trailingStopPercent = record.protection.trailingStop.map(percent)
        maxDrawdownPercent = record.limits.maximumDrawdown.map(percent)
        status = record.status.rawValue
        reason = record.reason
    }

    init(_ message: StrategyMessage) {
        id = message.id
        name = message.name
        className = StrategyClass.title(of: message.className)
        rules = className == message.className ? nil : message.className
        parameters = message.parameters
        symbol = message.symbol
        timeframe = message.timeframe
        sizing = message.sizing
        capitalSharePercent = message.capitalSharePercent
        stopLossPercent = message.stopLossPercent
        takeProfitPercent = message.takeProfitPercent
        trailingStopPercent = message.trailingStopPercent
        maxDrawdownPercent = message.maxDrawdownPercent
        status = message.status
        reason = message.reason
    }

    var parameterText: String {
        parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// The rules, a line each, for people.
    var ruleLines: [(String, String)] {
        guard let text = rules.flatMap(RuleText.init(className:)) else { return [] }
        return text.definitions.map { ("", "\($0.label) = \($0.text)") }
            + text.sections.map { ("", "\($0.label.rawValue): \($0.text)") }
    }

    var protectionText: String {
        let parts = [
            ("stop", stopLossPercent), ("target", takeProfitPercent), ("trailing", trailingStopPercent),
            ("halt at drawdown", maxDrawdownPercent),
        ]
        let text = parts.compactMap { name, value in value.map { "\(name) \($0)%" } }.joined(separator: ", ")
        return text.isEmpty ? "none" : text
    }
}
