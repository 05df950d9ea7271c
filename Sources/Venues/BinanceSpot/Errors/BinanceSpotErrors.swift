/// What the venue's errors mean: one table over its numbers, and the few rules that stand above it.
enum BinanceSpotErrors {
    /// The account has placed too many orders that have not filled.
    static let tooManyOrders = -1015

    /// What a number means.
    enum Meaning: Hashable {
        /// Whether it was done is not known.
        case undecided
        /// It was not done, and may be asked for again later.
        case denial(VenueDenial.Reason)
        /// It will not be done.
        case refusal(VenueRefusal.Reason)
        /// The words decide: the engine refused an order.
        case rejectedOrder
        /// The words decide: the engine refused a cancel.
        case rejectedCancel
    }

    /// What became of a request that was not confirmed.
    enum Verdict: Hashable {
        case refused(VenueRefusal)
        case denied(VenueDenial)
        case unknown(VenueDoubt)

        /// It as the outcome of a request for any value.
        func outcome<Value>() -> RequestOutcome<Value> {
            switch self {
            case .refused(let refusal): return .refused(refusal)
            case .denied(let denial): return .denied(denial)
            case .unknown(let doubt): return .unknown(doubt)
            }
        }
    }

    /// The verdict on an answer with a message.
    ///
    /// Three rules stand above the table. 429 and 418 mean that nothing was done. 5xx means, of everything that changes
    /// orders, that nobody knows, whatever the number says: the status comes from further out than the number. And a
    /// number that nobody has heard of decides nothing.
    static func verdict(
        _ message: ServerMessage, status: Int, retryAfter: Duration?, _ asked: SpotAsked
    ) -> Verdict {
        let words = message.msg
        if status == 429 || status == 418 {
            return limit(message.code, status: status, retryAfter: retryAfter, words)
        }
        if status >= 500 { return undecided(message.code, status, words, asked) }
        switch meanings[message.code] {
        case .undecided?: return undecided(message.code, status, words, asked)
        case .denial(let reason)?: return .denied(VenueDenial(reason, retryAfter: retryAfter, words))
        case .refusal(let reason)?: return .refused(VenueRefusal(reason, code: message.code, words))
        case .rejectedOrder?:
            guard let reason = orderReason(words) else {
                // The first of two attempts is at the venue: what became of it is to be asked, not guessed.
                return .unknown(VenueDoubt(code: message.code, status: status, words))
            }
            return .refused(VenueRefusal(reason, code: message.code, words))
        case .rejectedCancel?: return .refused(VenueRefusal(cancelReason(words), code: message.code, words))
        case nil:
            guard asked.changesOrders else { return .refused(VenueRefusal(.other, code: message.code, words)) }
            return .unknown(VenueDoubt(code: message.code, status: status, words))
        }
    }

    /// The verdict on an answer without a message that could be read.
    static func verdict(status: Int, retryAfter: Duration?, _ asked: SpotAsked, excerpt: String) -> Verdict {
        let words = "HTTP \(status)" + (excerpt.isEmpty ? "" : ": \(excerpt)")
        switch status {
        case 418, 429: return limit(nil, status: status, retryAfter: retryAfter, words)
        case 403: return .denied(VenueDenial(.firewall, retryAfter: retryAfter, words))
        case 300...399, 401, 404, 451: return .refused(VenueRefusal(.notServed, code: nil, words))
        default: return undecided(nil, status, words, asked)
        }
    }

    private static func limit(_ code: Int?, status: Int, retryAfter: Duration?, _ words: String) -> Verdict {
        if status == 418 { return .denied(VenueDenial(.banned, retryAfter: retryAfter ?? .seconds(120), words)) }
        let reason: VenueDenial.Reason = code == tooManyOrders ? .tooManyOrders : .overLimit
        return .denied(VenueDenial(reason, retryAfter: retryAfter, words))
    }

    private static func undecided(_ code: Int?, _ status: Int, _ words: String, _ asked: SpotAsked) -> Verdict {
        asked.changesOrders
            ? .unknown(VenueDoubt(code: code, status: status, words)) : .denied(VenueDenial(.failing, words))
    }

    /// Why the engine refused an order; `nil` when it says that it has this order already.
    private static func orderReason(_ words: String) -> VenueRefusal.Reason? {
        let words = words.lowercased()
        if words.contains("duplicate order") { return nil }
        let reasons: [(String, VenueRefusal.Reason)] = [
            ("insufficient balance", .insufficientBalance), ("immediately match and take", .wouldTake),
            ("trigger immediately", .wouldTrigger), ("market is closed", .marketClosed),
            ("not permitted for this account", .notPermitted), ("disabled on this account", .notPermitted),
            ("may not place or cancel", .notPermitted), ("order book liquidity", .noLiquidity),
            ("filter failure", .filter), ("not supported", .unsupported),
            ("unsupported order combination", .unsupported), ("cancel order is invalid", .noSuchOrder),
            ("price is too", .parameters), ("qty is too", .parameters), ("quantity is too", .parameters),
            ("relationship of the prices", .wouldTrigger), ("quantity must be", .parameters),
        ]
        return reasons.first { words.contains($0.0) }?.1 ?? .other
    }

    private static func cancelReason(_ words: String) -> VenueRefusal.Reason {
        let words = words.lowercased()
        if words.contains("unknown order") { return .noSuchOrder }
        if words.contains("cancel restrictions") { return .conditionNotMet }
        return words.contains("not permitted") || words.contains("disabled") ? .notPermitted : .other
    }
}
