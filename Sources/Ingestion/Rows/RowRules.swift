import Market
import Storage

/// What a row's numbers have to be for the store to take them.
struct RowRules {
    let priceScale: Int
    let quantityScale: Int
    let timeframe: Timeframe

    /// The most a price may be, with room for every sum of a few.
    static let largestPrice = Int64.max / 16

    /// What is wrong with a candle, and in which column; `nil` when nothing is.
    func problem(_ candle: Candle) -> (kind: Refusal.Kind, column: String)? {
        guard candle.openTime.nanoseconds % timeframe.nanoseconds == 0 else { return (.offGrid, "time") }
        guard candle.isConsistent else { return (.inconsistent, "") }
        guard candle.volume.mantissa <= Store.largestVolume.mantissa else { return (.number, "volume") }
        guard candle.high.mantissa <= RowRules.largestPrice else { return (.number, "high") }
        return nil
    }

    /// Whether quote volume ÷ base volume lies outside low … high by more than a thousandth: then one was taken for the
    /// other.
    ///
    /// - Parameter quoteVolume: at a scale of 8; `nil` where there is none.
    func contradicts(_ candle: Candle, quoteVolume: Int64?) -> Bool {
        guard let quoteVolume, candle.volume > .zero else { return false }
        // quote × 10^(price scale + quantity scale − 8) against price × volume, in thousandths.
        let power = priceScale + quantityScale - 8
        guard (0...18).contains(power) else { return false }
        let amount = Int128(quoteVolume).multipliedReportingOverflow(by: Int128(DecimalText.powerOfTen(power)))
        let volume = Int128(candle.volume.mantissa)
        let least = (Int128(candle.low.mantissa) * volume).multipliedReportingOverflow(by: 999)
        let most = (Int128(candle.high.mantissa) * volume).multipliedReportingOverflow(by: 1_001)
        let value = amount.partialValue.multipliedReportingOverflow(by: 1_000)
        guard !amount.overflow, !least.overflow, !most.overflow, !value.overflow else { return false }
        return value.partialValue < least.partialValue || value.partialValue > most.partialValue
    }
}
