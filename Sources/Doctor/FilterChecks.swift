import Market
import Network
import Venues

// The rules of orders, and which of them are in the way of what the account would trade.
extension BinanceDoctor {
    /// The sizes that are tried, in percent of the money that is free.
    static let shares = [1, 10, 100]

    func examineFilters(
        _ symbols: [ExaminedSymbol], _ account: ExaminedAccount?, _ diagnosis: inout Diagnosis
    ) async {
        around.telling("the rules of orders")
        for symbol in symbols {
            let check = "filters \(symbol.instrument.symbol)"
            guard !around.isInterrupted() else {
                diagnosis.skip([check], BinanceDoctor.interruption)
                continue
            }
            var examined = symbol
            var circumstances = OrderCircumstances(referencePrice: symbol.reference)
            if let account {
                // The account's own rules and its open orders belong to what an order is held against.
                if let rules = await account.client.rules(symbol.rules, of: symbol.instrument).value {
                    examined.rules = rules
                }
                circumstances.openOrders = await account.client.openOrders(of: symbol.instrument).value ?? []
                circumstances.balances = account.balances
            }
            let quote = symbol.instrument.quote
            let purse = account?.free(quote) ?? (plan.purse.currency == quote ? plan.purse : nil)
            diagnosis.findings.append(BinanceDoctor.finding(examined, purse, isFree: account != nil, circumstances))
        }
    }

    /// Which rules a symbol has, the smallest order, and what is in the way of orders of usual sizes.
    ///
    /// - Parameters:
    ///   - purse: the money that sizes are measured against; `nil` when it is not known.
    ///   - isFree: whether it is the account's; otherwise it is what the paper account begins with.
    static func finding(
        _ symbol: ExaminedSymbol, _ purse: Money?, isFree: Bool = true, _ circumstances: OrderCircumstances
    ) -> Finding {
        let (rules, instrument) = (symbol.rules, symbol.instrument)
        let check = "filters \(instrument.symbol)"
        var texts = ["\(rules.filters.kinds.count) of the \(SymbolFilters.knownKinds.count) kinds hold"]
        var advice: [String] = []
        var status = Finding.Status.ok
        if !rules.filters.unknownKinds.isEmpty {
            status = .warning
            texts.append("not known here: " + rules.filters.unknownKinds.joined(separator: ", "))
            advice.append("the venue may refuse what passes here; is there a newer release?")
        }
        guard let reference = symbol.reference else {
            texts.append("without a price nothing more can be said")
            return Finding(check, .warning, texts.joined(separator: "; "), advice: "try again when the symbol trades")
        }
        if let smallest = rules.smallestQuantity(at: reference, of: instrument) {
            let worth = instrument.notional(reference, smallest)
            texts.append(
                "the smallest order is \(instrument.text(smallest)) \(instrument.base.code), \(words(worth))")
            if let purse, purse < worth {
                status = .warning
                advice.append("there is not enough for one order; \(words(worth)) at least are needed")
            }
        }
        guard let purse, purse.units > 0 else {
            texts.append(purse == nil ? "what sizes are usual is not known" : "no \(instrument.quote.code) is free")
            return Finding(check, status, texts.joined(separator: "; "), advice: advice.joined(separator: "; "))
        }
        let whole = isFree ? "the \(words(purse)) that are free" : "the paper account's \(words(purse))"
        var isHindered = false
        var fitting: [String] = []
        for share in shares {
            let amount = purse.share(.percent(share), rounding: .floor)
            let found = violations(of: amount, at: reference, symbol, circumstances)
            guard !found.isEmpty else {
                fitting.append("\(share) %")
                continue
            }
            texts.append("\(share) % of \(whole): " + found.joined(separator: ", "))
            // What is refused all at once can be sent in parts; of a tenth nobody expects that.
            if share < 100 { isHindered = true }
        }
        if !fitting.isEmpty {
            texts.append("nothing is in the way of " + fitting.joined(separator: ", ") + " of \(whole)")
        }
        if isHindered {
            status = .warning
            advice.append("orders of usual sizes are refused: other sizes, or another symbol")
        }
        return Finding(check, status, texts.joined(separator: "; "), advice: advice.joined(separator: "; "))
    }

    /// The rules that orders for an amount would break, at the market and at a limit; one word a rule.
    private static func violations(
        of amount: Money, at reference: Price, _ symbol: ExaminedSymbol, _ circumstances: OrderCircumstances
    ) -> [String] {
        let instrument = symbol.instrument
        let price = reference.rounded(toTick: instrument.rules.tick, .down)
        let quantity = instrument.quantity(for: amount, at: reference)
        let terms: [SpotTerms] = [.market, .limit(price.mantissa > 0 ? price : reference)]
        var names: [String] = []
        for terms in terms {
            let order = NewSpotOrder(instrument, .buy, .quantity(quantity), terms, clientOrderID: "size")
            for violation in symbol.rules.violations(of: order, given: circumstances)
            where violation.rule != "status" && !names.contains(violation.rule) {
                names.append(violation.rule)
            }
        }
        return names
    }

    /// An amount as people read it.
    static func words(_ amount: Money) -> String {
        // Whole cents say enough; what is smaller is not rounded away.
        let text = amount.units >= Money.unitsPerWhole ? amount.text(decimals: 2) : amount.decimalText
        return "\(text) \(amount.currency.code)"
    }
}
