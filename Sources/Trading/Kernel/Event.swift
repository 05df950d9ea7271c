public import Market

/// Everything that can reach the kernel. Time is what the event says.
public enum Event: Sendable {
    /// A candle closed; its time is the candle's close.
    case candle(InstrumentID, Timeframe, Candle)
    /// The best bid and ask, for marking.
    case quote(InstrumentID, Quote)
    /// A venue said something of an order.
    case report(OrderReport)
    /// A person or a program asked for something.
    case command(Command, at: Timestamp)
    /// Time passed without anything else happening.
    case timer(Timestamp)
}

/// What a person or a program can ask of the kernel.
public enum Command: Sendable {
    /// Adds a strategy, or replaces its parameters, sizing, protection and limits. `history` are closed candles before
    /// now, oldest first, to warm it up; it may be empty.
    case register(StrategyRegistration, history: [Candle])
    /// Removes a strategy; its orders are cancelled. Refused while it holds a position.
    case remove(StrategyID)
    /// Lets a strategy trade; `history` warms it up.
    case enable(StrategyID, history: [Candle])
    /// Stops a strategy from opening; its entries are cancelled, its position and protective orders stay.
    case disable(StrategyID)
    /// Places an order by hand.
    case place(OrderRequest, owner: StrategyID)
    /// Cancels one order.
    case cancel(OrderID)
    /// Cancels all orders of an instrument, or all there are.
    case cancelAll(InstrumentID?)
    /// Closes an owner's position in an instrument at market.
    case close(StrategyID, InstrumentID)
    /// Blocks every opening order until re-armed; cancels nothing yet.
    case halt
    /// Blocks every opening order and cancels the open ones; protective ones too unless they are to be kept.
    case emergencyStop(keepsProtection: Bool)
    /// Closes every position at market, reduce-only.
    case flatten
    /// Ends the emergency stop.
    case rearm
    /// Replaces the account's limits.
    case limits(RiskLimits)
    /// Acknowledges the account's drawdown and daily-loss breakers: peak and day start are taken anew from now.
    case resetBreakers
    /// Lets nothing open in an instrument whose position does not agree with the venue's, until a person accepts what
    /// the venue says or a later comparison agrees.
    case block(InstrumentID, reason: String)
    /// Ends the block of an instrument: a comparison agrees again.
    case unblock(InstrumentID)
    /// Halts a strategy that can't be trusted to run, with the reason in words: what it opens is cancelled, its position
    /// and what protects it stay.
    case haltStrategy(StrategyID, reason: String)
    /// Shows a strategy the closed candles that it has missed, oldest first; what it says to them is history and leads to
    /// nothing.
    case catchUp(StrategyID, candles: [Candle])
    /// Takes a venue's word for what is held and for the cash, and ends the blocks of the instruments named.
    case accept(VenueTruth)
    /// Books what a venue did to a position of its own accord: a liquidation, or funding.
    case settle(VenueSettlement)
    /// Books a trade of the account that no order of the kernel's made: of an order of another client that a person has claimed, or
    /// what a fee took from another holding.
    case bookClaimed(ClaimedTrade)
    /// Says how much of what is held of an instrument, whoever holds it, can't be sold: orders of other clients of the
    /// account have locked it, or its venue has it no more. It counts until the next word of it.
    case bound(InstrumentID, Quantity)
    /// The venue has changed the rules of an instrument's orders: what is placed from now on is rounded and bounded by these.
    /// What works stays as it is.
    case rules(InstrumentID, InstrumentRules)
}
