import FoundationEssentials
import Market
import Trading

/// An event of the account as the venue tells it.
enum UserEvent: Hashable {
    /// Something happened to an order of a known instrument.
    case execution(ExecutionReport, Instrument)
    /// Something happened to an order of a symbol that is not known here, or something outside of trading holds or frees
    /// an asset.
    case elsewhere(symbol: String)
    /// Balances as they are now.
    case balances([VenueBalance], at: Timestamp)
    /// Money came or went.
    case transfer(Money, at: Timestamp)
    /// A list of orders went on.
    case list(VenueListEvent)
    /// The venue ended the subscription.
    case terminated
    /// The server is about to go.
    case shutdown
    /// Something that nothing here hangs on, or an amount of an asset that no currency here can be.
    case passedOver(String)
}

extension UserEvent {
    /// An event on the wire, by its name.
    enum Wire: Decodable {
        case execution(ExecutionReport.Wire)
        case balances(BalancesWire)
        case transfer(TransferWire)
        case list(ListWire)
        case lock(LockWire)
        case other(String)

        private enum Keys: String, CodingKey { case name = "e" }

        init(from decoder: any Decoder) throws {
            let name = try decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .name)
            switch name {
            case "executionReport": self = .execution(try ExecutionReport.Wire(from: decoder))
            case "outboundAccountPosition": self = .balances(try BalancesWire(from: decoder))
            case "balanceUpdate": self = .transfer(try TransferWire(from: decoder))
            case "listStatus": self = .list(try ListWire(from: decoder))
            case "externalLockUpdate": self = .lock(try LockWire(from: decoder))
            default: self = .other(name)
            }
        }
    }

    struct BalancesWire: Decodable {
        var time: Int64
        var balances: [Balance]

        struct Balance: Decodable {
            var asset: String
            var free: String
            var locked: String

            private enum CodingKeys: String, CodingKey {
                case asset = "a"
                case free = "f"
                case locked = "l"
            }
        }

        private enum CodingKeys: String, CodingKey {
            case time = "E"
            case balances = "B"
        }
    }

    struct TransferWire: Decodable {
        var asset: String
        var delta: String
        var time: Int64

        private enum CodingKeys: String, CodingKey {
            case asset = "a"
            case delta = "d"
            case time = "T"
        }
    }

    struct LockWire: Decodable {
        var asset: String
        private enum CodingKeys: String, CodingKey { case asset = "a" }
    }

    struct ListWire: Decodable {
        var symbol: String
        var id: Int64
        var status: String
        var clientID: String
        var time: Int64
        var orders: [Member]

        struct Member: Decodable {
            var clientID: String
            private enum CodingKeys: String, CodingKey { case clientID = "c" }
        }

        private enum CodingKeys: String, CodingKey {
            case symbol = "s"
            case id = "g"
            case status = "L"
            case clientID = "C"
            case time = "T"
            case orders = "O"
        }
    }

    init(_ wire: Wire, _ instruments: [String: Instrument]) throws(UnreadableAnswer) {
        switch wire {
        case .execution(let report):
            guard let instrument = instruments[report.symbol] else {
                self = .elsewhere(symbol: report.symbol)
                return
            }
            self = .execution(try ExecutionReport(report, instrument), instrument)
        case .balances(let wire):
            var balances: [VenueBalance] = []
            // An asset with a name that no currency here can have can't be traded here either.
            for balance in wire.balances {
                guard let currency = Currency(balance.asset) else { continue }
                balances.append(
                    VenueBalance(
                        free: try Answer.need(Answer.money(balance.free, "f", currency), "f"),
                        locked: try Answer.need(Answer.money(balance.locked, "l", currency), "l")))
            }
            self = .balances(balances, at: try Answer.need(Answer.time(wire.time, "E"), "E"))
        case .transfer(let wire):
            guard let currency = Currency(wire.asset) else {
                self = .passedOver("balanceUpdate")
                return
            }
            self = .transfer(
                try Answer.need(Answer.money(wire.delta, "d", currency), "d"),
                at: try Answer.need(Answer.time(wire.time, "T"), "T"))
        case .list(let wire):
            guard let instrument = instruments[wire.symbol] else {
                self = .elsewhere(symbol: wire.symbol)
                return
            }
            let states: [String: VenueListEvent.State] = [
                "EXECUTING": .working, "ALL_DONE": .done, "REJECT": .rejected,
            ]
            guard let state = states[wire.status] else {
                throw UnreadableAnswer("'L' is none of those that are known")
            }
            self = .list(
                VenueListEvent(
                    venueID: "\(wire.id)", clientListID: wire.clientID, instrument: instrument, state: state,
                    clientOrderIDs: wire.orders.map(\.clientID),
                    time: try Answer.need(Answer.time(wire.time, "T"), "T")))
        // How much of it is free then is what is asked for, whatever this says.
        case .lock(let wire): self = .elsewhere(symbol: wire.asset)
        case .other("eventStreamTerminated"): self = .terminated
        case .other("serverShutdown"): self = .shutdown
        case .other(let name): self = .passedOver(name)
        }
    }
}
