import Bytes
import Market
import Trading

/// The account without its history of equity, which travels by itself.
enum AccountCoding {
    /// Appends the figures.
    static func write(_ view: AccountView, to writer: inout ByteWriter) {
        writer.value(view.currency)
        for money in [view.equity, view.cash, view.freeCash, view.dayProfit, view.dayStartEquity] {
            writer.value(money)
        }
        writer.value(view.drawdown)
        writer.value(view.exposure)
        writer.value(view.fees)
        writer.optional(view.makerFee)
        writer.optional(view.takerFee)
        writer.value(view.limits)
    }

    /// Takes the figures over.
    static func read(_ reader: inout ByteReader, into view: inout AccountView) throws(MalformedBytes) {
        view.currency = try reader.value()
        view.equity = try reader.value()
        view.cash = try reader.value()
        view.freeCash = try reader.value()
        view.dayProfit = try reader.value()
        view.dayStartEquity = try reader.value()
        view.drawdown = try reader.value()
        view.exposure = try reader.value()
        view.fees = try reader.value()
        view.makerFee = try reader.optional()
        view.takerFee = try reader.optional()
        view.limits = try reader.value()
    }

    /// Whether the figures are the same.
    static func isSame(_ a: AccountView, _ b: AccountView) -> Bool {
        a.currency == b.currency && a.equity == b.equity && a.cash == b.cash && a.freeCash == b.freeCash
            && a.dayProfit == b.dayProfit && a.dayStartEquity == b.dayStartEquity && a.drawdown == b.drawdown
            && a.exposure == b.exposure
            && a.fees == b.fees && a.makerFee == b.makerFee && a.takerFee == b.takerFee && a.limits == b.limits
    }
}
