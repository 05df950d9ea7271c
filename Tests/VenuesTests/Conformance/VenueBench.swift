import Market
import Trading

@testable import Venues

/// A venue that an adapter is tried against: still, so that nothing happens but what a test does, and willing to misbehave.
///
/// Whoever adds a venue writes one of these for its stand-in; the behaviours are the same for all.
protocol VenueBench: Sendable {
    /// The adapter.
    var venue: any TradingVenue { get }
    /// What is traded. Its book is empty at the start.
    var instrument: Instrument { get }
    /// The last price; the venue takes limit prices some percent around it.
    var last: Price { get }
    /// What the adapter told.
    var events: EventLog { get }

    /// A number of an order that was never used.
    func number() -> String
    /// A number that orders of other clients of the account have.
    func foreignNumber() -> String
    /// Somebody else rests an order.
    func rest(_ side: Side, _ quantity: Quantity, at price: Price) async throws
    /// Somebody else takes what rests at a price.
    func take(_ side: Side, _ quantity: Quantity, at price: Price) async throws
    /// Somebody else trades with somebody else at a price.
    func trade(at price: Price) async throws
    /// Another client of the account rests an order of a number.
    func restForeign(_ side: Side, _ quantity: Quantity, at price: Price, _ number: String) async throws
    /// The open orders of the account as the venue has them once it behaves again, by their numbers.
    func trueOrders() async throws -> [String]
    /// The executions of the account as the venue has them once it behaves again, by their numbers.
    func trueTrades() async throws -> [UInt64]

    /// The venue lets the instrument trade, or not.
    func set(_ state: MarketState) async throws

    /// The venue misbehaves from now on.
    func misbehave(_ misbehaviours: Misbehaviour...) throws
    /// The venue behaves again.
    func behave()
    /// Ends everything.
    func end() async
}

/// What a venue lets be done in an instrument.
enum MarketState: Sendable, CaseIterable {
    /// Everything.
    case trading
    /// Nothing but cancels: trading was stopped.
    case halted
    /// Nothing but cancels: it pauses, as for maintenance.
    case interrupted
    /// Nothing but cancels, by that name.
    case cancelOnly
}

/// A way in which a venue misbehaves.
enum Misbehaviour: Sendable {
    /// At requests of a kind; so many times, or for ever.
    case request(Request, Trouble, times: Int?)
    /// At events; so many times after some that are told as they should be.
    case event(EventTrouble, times: Int?, skipping: Int)
    /// New connections for events are refused, so many times.
    case connection(times: Int)
    /// The venue's clock is wrong by milliseconds.
    case clock(Int64)

    /// What a request is for.
    enum Request: Sendable { case place, placeList, cancel, amend, replace, query, openOrders, fills, any }

    /// What becomes of a request.
    enum Trouble: Sendable {
        /// It does not arrive.
        case lost
        /// It is executed, and the connection breaks before the answer.
        case answerLost
        /// It is executed, and no answer ever comes.
        case answerHangs
        /// It does not arrive, and no answer ever comes.
        case hangs
        /// It is executed, and the server says that it failed.
        case failsAfter
        /// It is not executed, and the server says that it failed.
        case fails
        /// It is executed, and half of the answer comes.
        case garbled
        /// It is refused for the limits, with seconds to wait.
        case overLimit(Int)
        /// It is refused by a ban, with seconds to wait.
        case banned(Int)
        /// It is refused for the number of orders.
        case tooManyOrders
        /// It is taken up later, by milliseconds.
        case late(Int)
    }

    /// What becomes of an event.
    enum EventTrouble: Sendable {
        /// It comes twice.
        case repeated
        /// It comes after the one that follows it.
        case overtaken
        /// It comes later, by milliseconds.
        case late(Int)
        /// It does not come.
        case lost
        /// Half of it comes.
        case damaged
        /// The connection is cut instead.
        case cut
    }
}

/// What a behaviour found to be otherwise than it should be.
struct Misfit: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
