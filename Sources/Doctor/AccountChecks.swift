import Keys
import Market
import Network
import Venues

// The key and the account behind it.
extension BinanceDoctor {
    /// What the key may do, what the account holds and pays; `nil` without a key, or when the venue does not take it.
    func examineAccount(_ symbols: [ExaminedSymbol], _ diagnosis: inout Diagnosis) async -> ExaminedAccount? {
        guard let client else {
            diagnosis.skip(
                ["key", "account", "fees"], "no key was given; only what everybody may ask is examined",
                advice: "--key NAME examines the account, too")
            return nil
        }
        guard !around.isInterrupted() else {
            diagnosis.skip(["key", "account", "fees"], BinanceDoctor.interruption)
            return nil
        }
        around.telling("the key")
        guard let mayTrade = await examineKey(client, &diagnosis) else {
            diagnosis.skip(["account", "fees"], "the key can't be used")
            return nil
        }
        let account = await examineBalances(client, symbols, &diagnosis)
        await examineFees(client, symbols, account, &diagnosis)
        return ExaminedAccount(
            client: client, mayTrade: mayTrade && account?.canTrade != false, balances: account?.balances)
    }

    /// Whether the key may be used for orders; `nil` when it is not taken or must not be used at all.
    private func examineKey(_ client: SpotAccountClient, _ diagnosis: inout Diagnosis) async -> Bool? {
        let access = client.access
        let name = "'\(access.name)' (\(access.signer.apiKey.masked), \(access.environment.keys.rawValue))"
        switch await client.permissions() {
        case .confirmed(let permissions):
            if let objection = permissions.objection(in: access.environment.keys) {
                diagnosis.add(
                    "key", .failed, "\(name): \(objection)",
                    advice: "wick keys rotate \(access.name), with a safer key")
                return nil
            }
            let notes = permissions.notes
            let withdrawal =
                permissions.mayWithdraw == nil ? "whether it may withdraw is not told here" : "it can't withdraw"
            diagnosis.add(
                "key", notes.isEmpty ? .ok : permissions.mayTrade ? .warning : .failed,
                "\(name) is taken; it may \(permissions.mayTrade ? "" : "not ")trade; \(withdrawal)",
                advice: notes.joined(separator: "; "))
            return permissions.mayTrade
        case let outcome:
            diagnosis.add(
                "key", .failed, "\(name): \(BinanceDoctor.words(outcome))",
                advice: "check the key at the venue, its addresses and its environment; 'wick keys rotate' replaces it")
            return nil
        }
    }

    private func examineBalances(
        _ client: SpotAccountClient, _ symbols: [ExaminedSymbol], _ diagnosis: inout Diagnosis
    ) async -> SpotAccount? {
        let outcome = await client.account()
        guard case .confirmed(let account) = outcome else {
            diagnosis.add("account", .failed, BinanceDoctor.words(outcome))
            return nil
        }
        var quotes: [Currency] = []
        for quote in symbols.map(\.instrument.quote) where !quotes.contains(quote) { quotes.append(quote) }
        let free = quotes.map { quote in
            account.balances.first { $0.currency == quote }.map { "\($0.free)" } ?? "no \(quote.code)"
        }
        let assets = account.balances.count { $0.free.units + $0.locked.units > 0 }
        var text = "\(assets) assets" + (free.isEmpty ? "" : "; free: " + free.joined(separator: ", "))
        if !account.unreadableAssets.isEmpty {
            text += "; not readable here: " + account.unreadableAssets.joined(separator: ", ")
        }
        guard account.canTrade else {
            diagnosis.add("account", .failed, text + "; it may not trade", advice: "ask the venue why")
            return account
        }
        diagnosis.add("account", .ok, text)
        return account
    }

    private func examineFees(
        _ client: SpotAccountClient, _ symbols: [ExaminedSymbol], _ account: SpotAccount?, _ diagnosis: inout Diagnosis
    ) async {
        if symbols.isEmpty { diagnosis.skip(["fees"], "there is no symbol to ask about") }
        for symbol in symbols.prefix(BinanceDoctor.closeLook) {
            let check = "fees \(symbol.instrument.symbol)"
            guard !around.isInterrupted() else {
                diagnosis.skip([check], BinanceDoctor.interruption)
                continue
            }
            let outcome = await client.commission(of: symbol.instrument)
            guard case .confirmed(let commission) = outcome else {
                diagnosis.add(check, .failed, BinanceDoctor.words(outcome))
                continue
            }
            diagnosis.findings.append(BinanceDoctor.finding(commission, check, account?.balances))
        }
    }

    /// What a symbol's fees are, in words.
    static func finding(_ commission: SpotCommission, _ check: String, _ balances: [SpotBalance]?) -> Finding {
        func total(_ rate: KeyPath<SpotRates, Ratio>) -> String {
            let units =
                commission.standard[keyPath: rate].units + commission.special[keyPath: rate].units
                + commission.tax[keyPath: rate].units
            return DecimalText.text(Int128(units), scale: Ratio.scale - 2) + " %"
        }
        var text = "maker \(total(\.maker)), taker \(total(\.taker))"
        for (name, rate) in [("buyers", \SpotRates.buyer), ("sellers", \SpotRates.seller)] {
            let more = total(rate)
            if more != "0 %" { text += ", \(name) \(more) more" }
        }
        guard let discount = commission.discount else {
            return Finding(check, .ok, text + "; taken in what is traded, without a discount")
        }
        let asset = commission.discountAsset ?? "the venue's coin"
        let share = DecimalText.text(Int128(discount.units), scale: Ratio.scale)
        text += "; times \(share) while they are paid in \(asset)"
        let holds = balances.map { $0.contains { $0.currency.code == asset && $0.free.units > 0 } }
        guard holds == false else { return Finding(check, .ok, text) }
        return Finding(
            check, .warning, text + "; no \(asset) is free",
            advice: "fees are taken in what is traded, in full, until there is some \(asset)")
    }

    /// What became of a request that was not confirmed, in words.
    static func words<Value>(_ outcome: RequestOutcome<Value>) -> String {
        switch outcome {
        case .confirmed: return "it was done"
        case .refused(let refusal): return "the venue refuses: \(refusal)"
        case .denied(let denial): return "it was not done: \(denial)"
        case .unknown(let doubt): return "nobody knows whether it was done: \(doubt)"
        }
    }
}
