import FoundationEssentials
public import Keys

/// What a key may do, as the venue says.
public struct KeyPermissions: Sendable, Hashable {
    /// Whether it may place orders on Spot.
    public var mayTrade: Bool
    /// Whether it may take money out; `nil` where the venue does not say, which is a testnet.
    public var mayWithdraw: Bool?
    /// Whether it may move money between accounts of its owner or to others inside the venue; `nil` as above.
    public var mayTransfer: Bool?
    /// Whether it works from certain addresses only; `nil` as above.
    public var isBoundToAddresses: Bool?

    /// What the live venue answers about a key (`/sapi/v1/account/apiRestrictions`).
    static func live(_ body: [UInt8]) throws(UnreadableAnswer) -> KeyPermissions {
        struct Wire: Decodable {
            var ipRestrict: Bool
            var enableWithdrawals: Bool
            var enableSpotAndMarginTrading: Bool
            var enableInternalTransfer: Bool?
            var permitsUniversalTransfer: Bool?
        }
        let wire: Wire = try Answer.decode(body)
        return KeyPermissions(
            mayTrade: wire.enableSpotAndMarginTrading, mayWithdraw: wire.enableWithdrawals,
            mayTransfer: wire.enableInternalTransfer == true || wire.permitsUniversalTransfer == true,
            isBoundToAddresses: wire.ipRestrict)
    }

    /// What a testnet, which knows of no permissions, answers about the account (`/api/v3/account`).
    static func testnet(_ body: [UInt8]) throws(UnreadableAnswer) -> KeyPermissions {
        struct Wire: Decodable {
            var canTrade: Bool
        }
        let wire: Wire = try Answer.decode(body)
        return KeyPermissions(mayTrade: wire.canTrade, mayWithdraw: nil, mayTransfer: nil, isBoundToAddresses: nil)
    }

    /// Why a key of an environment is not kept; `nil` when it is.
    ///
    /// A live key of which it is not certain that it can't withdraw counts as one that can.
    public func objection(in environment: KeyEnvironment) -> String? {
        guard environment == .live, mayWithdraw != false else { return nil }
        return "the key may withdraw, and whoever had it could take everything; it is not kept. Make one at the venue "
            + "with 'Enable Withdrawals' off"
    }

    /// What is worth knowing, in words, one thought each.
    public var notes: [String] {
        var notes: [String] = []
        if !mayTrade {
            notes.append("it may not trade: switch on 'Enable Spot & Margin Trading' at the venue for orders")
        }
        if isBoundToAddresses == false {
            notes.append("it works from every address: bind it to this machine's at the venue")
        }
        if mayTransfer == true { notes.append("it may move money between accounts, which nothing here needs") }
        return notes
    }
}
