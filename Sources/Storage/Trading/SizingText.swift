public import Market
public import Trading

extension Sizing {
    /// As people and files write it: `all-in`, `fixed:0.5` or `percent:25`.
    public func text(_ instrument: Instrument) -> String {
        switch self {
        case .allIn: return "all-in"
        case .quantity(let quantity):
            return "fixed:" + DecimalText.text(Int128(quantity.mantissa), scale: instrument.quantityScale)
        case .equityShare(let share): return "percent:" + DecimalText.text(Int128(share.units), scale: 6)
        }
    }

    /// Reads `all-in`, `fixed:N` (of the base asset) or `percent:P` (of the equity), or gives `nil`.
    public init?(text: some StringProtocol, _ instrument: Instrument) {
        if text == "all-in" {
            self = .allIn
        } else if text.hasPrefix("fixed:"), let quantity = try? instrument.quantity(text.dropFirst(6)),
            quantity > .zero
        {
            self = .quantity(quantity)
        } else if text.hasPrefix("percent:"), let share = try? Ratio(percent: text.dropFirst(8)), share > .zero {
            self = .equityShare(share)
        } else {
            return nil
        }
    }
}
