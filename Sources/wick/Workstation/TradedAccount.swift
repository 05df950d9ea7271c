import Market
import Storage
import Trading
import Venues

/// What a venue says of the account behind a key before an engine trades with it.
struct TradedAccount: Sendable {
    var cash: Money
    var held: [Money]
    var maker: Ratio
    var taker: Ratio
    /// The currency that fees may be taken in besides.
    var discount: VenueRates.Discount?
    /// The venue's number of the account, where it says one.
    var number: Int64?

    /// Under which name the store of an account keeps the venue's number of it.
    static let numberSetting = "venue.account-number"

    /// Asks the venue.
    ///
    /// - Throws: `CommandFailure` when it can't be read, when the key may withdraw, or when the account may not trade.
    static func look(
        _ client: SpotAccountClient, _ instruments: [Instrument], _ quote: Currency, at access: BinanceSpotAccess
    ) async throws -> TradedAccount {
        // What was true when the key was kept may have been changed at the venue.
        let permissions = try answer(await client.permissions(), "what the key may do")
        if let objection = permissions.objection(in: access.environment.keys) {
            throw CommandFailure(.refused, "the key '\(access.name)' is not used: \(objection)")
        }
        let account = try answer(await client.account(), "the account")
        guard account.canTrade else {
            throw CommandFailure(.refused, "the account behind the key '\(access.name)' may not trade at the venue")
        }
        // A venue that does not tell them says when there are too many.
        _ = await client.orderCounts()
        let held = instruments.compactMap { instrument in
            account.balances.first { $0.free.currency == instrument.base }.map { $0.free + $0.locked }
        }.filter { !$0.isZero }
        let cash = account.balances.first { $0.free.currency == quote }.map { $0.free + $0.locked } ?? .zero(quote)
        var found = TradedAccount(cash: cash, held: held, maker: .zero, taker: .zero)
        found.number = account.number
        for instrument in instruments {
            let commission = try answer(await client.commission(of: instrument), "the fees of \(instrument.symbol)")
            let parts = [commission.standard, commission.special, commission.tax]
            found.maker = max(found.maker, Ratio(units: parts.reduce(0) { $0 + $1.maker.units }))
            found.taker = max(found.taker, Ratio(units: parts.reduce(0) { $0 + $1.taker.units }))
            // Also while it is off: it may be switched on at the venue at any time.
            if let asset = commission.discountAsset.flatMap({ Currency($0) }) {
                found.discount = VenueRates.Discount(asset, share: commission.discount ?? .one)
            }
        }
        return found
    }

    private static func answer<Value>(_ outcome: RequestOutcome<Value>, _ what: String) throws -> Value {
        switch outcome {
        case .confirmed(let value): return value
        case .refused(let refusal): throw CommandFailure(.refused, "\(what) can't be read: \(refusal)")
        case .denied(let denial): throw CommandFailure(.unavailable, "\(what) can't be read: \(denial)")
        case .unknown(let doubt): throw CommandFailure(.unavailable, "\(what) can't be read: \(doubt)")
        }
    }

    /// Binds a journal to the account: one of another account would look for its orders in vain, and place stops for what is
    /// held elsewhere.
    ///
    /// - Parameters:
    ///   - directory: the account's directory, with its journal.
    ///   - key: the key's name.
    func bind(to directory: DataDirectory, as key: String) throws {
        guard let number else { return }
        try directory.create()
        let store = try Store(directory: directory)
        if let known = try store.value(for: TradedAccount.numberSetting), known != "\(number)" {
            throw CommandFailure(
                .configuration,
                "the key '\(key)' opens another account than the one that '\(directory.path)' is of; give it a directory of "
                    + "its own with --data-dir")
        }
        try store.setValue("\(number)", for: TradedAccount.numberSetting, at: Environment.now)
    }
}
