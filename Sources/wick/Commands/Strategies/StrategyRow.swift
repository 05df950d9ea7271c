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
    var capitalShare: String
    var stopLoss: String?
    var takeProfit: String?
    var trailingStop: String?
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
        capitalShare = record.capitalShare.description
        stopLoss = record.protection.stopLoss?.description
        takeProfit = record.protection.takeProfit?.description
        trailingStop = record.protection.trailingStop?.description
        status = record.status.rawValue
        reason = record.reason
    }

    var parameterText: String {
        parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    var protectionText: String {
        let parts = [("stop", stopLoss), ("target", takeProfit), ("trailing", trailingStop)]
        let text = parts.compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
        return text.isEmpty ? "none" : text
    }
}
