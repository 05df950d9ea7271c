public import Market
public import Venues

/// Markets that happen elsewhere: what they say waits here until somebody takes it.
///
/// A source may be used from any thread.
public protocol LiveSource: AnyObject, Sendable {
    /// The name of the account that trades on it, `binance-spot`.
    var account: String { get }
    /// Where it comes from, for people: `BINANCE`.
    var venue: String { get }
    /// What it has data of.
    var instruments: [Instrument] { get }

    /// How near the limits of the server are that it asks for books and minutes; `nil` where nothing is asked for.
    var limits: VenueLimits? { get }

    /// Begins, or goes on for another listener.
    ///
    /// - Parameter wake: called when something waits that nothing waited before; from any thread, never for long.
    func open(wake: @escaping @Sendable () -> Void)

    /// Moves what waits, in order, behind `updates`.
    func take(into updates: inout [LiveUpdate])

    /// The closed minutes that are known of an instrument by its place, oldest first, none missing in between at the end.
    ///
    /// - Throws: whatever kept them from being read.
    func history(_ index: Int, minutes: Int) throws -> [Candle]

    /// Ends its connections. What waits stays.
    func close()
}

/// What a market elsewhere says. Instruments are named by their place in `LiveSource.instruments`.
///
/// Times are those of this machine when a message arrived, so that one market can't run ahead of another; what belongs to a
/// candle was told by the venue's clock.
public enum LiveUpdate: Sendable {
    /// A new best bid and ask.
    case quote(Int, Quote)
    /// A trade of the tape, and the newest minute with it, as far as it has come by the venue's clock; `nil` where only the
    /// time of receipt is known.
    case print(Int, TradePrint, minute: Candle? = nil)
    /// Trades that are told behind newer ones, oldest first, by the venue's clock: for the tape and the candle that is
    /// forming, which has become `forming` with them; nothing acts on them any more.
    case late(Int, [TradePrint], forming: Candle?)
    /// The visible book.
    case depth(Int, BookDepth)
    /// A minute that has closed just now.
    case minute(Int, Candle)
    /// Minutes, oldest first, that closed while nothing was heard.
    case missed(Int, [Candle])
    /// Minutes, oldest first, that come behind later ones, which did not wait for them: what is decided has them in its past
    /// from now on.
    case filled(Int, [Candle])
    /// A minute that was told before has other numbers, says the venue: for the charts; nothing decides anew.
    case revised(Int, Candle)
    /// The connection changed.
    case link(LinkState)
    /// Something that a person should know, of a kind in one word; bad news unless it says otherwise.
    case remark(kind: String, text: String, isWarning: Bool = true)
}

/// How the connection to a venue's market stands.
public enum LinkState: Sendable, Hashable {
    /// It is being made for the first time.
    case connecting
    /// Data come.
    case live
    /// It was lost, why, and it is being made again.
    case lost(reason: String)
}
