import Engine
import Market
import Storage
import Trading

/// A registered strategy as it is printed.
struct StrategyRow {
    var id: Int32
    var name: String
    var className: String
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
        className = record.className
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
        className = message.className
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

    var protectionText: String {
        let parts = [
            ("stop", stopLossPercent), ("target", takeProfitPercent), ("trailing", trailingStopPercent),
            ("halt at drawdown", maxDrawdownPercent),
        ]
        let text = parts.compactMap { name, value in value.map { "\(name) \($0)%" } }.joined(separator: ", ")
        return text.isEmpty ? "none" : text
    }
}
