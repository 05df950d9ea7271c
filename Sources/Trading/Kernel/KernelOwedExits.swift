import Market

/// An exit that is still wanted: its venue refused it or let it expire, or it was for a part of the position.
struct OwedExit: Sendable, Hashable {
    /// Whose position.
    let owner: StrategyID
    /// Of what.
    let instrument: InstrumentID
    /// The side of the order that closes it: a position on the other side is another one.
    let side: Side
    /// How often in a row nothing came of it.
    var failures = 0
    /// It is not tried again before this.
    var retryAt: Timestamp
    /// Whether a person was told that it does not succeed.
    var isTold = false
}

// What is owed of exits, when it is tried again, and who is told.
extension Kernel {
    /// How often protection that is missing, and exits that are owed, are tried again, in seconds.
    static let retrySeconds: Int64 = 10
    /// The longest pause between two attempts to flatten, and between two of a strategy's exits, in seconds.
    private static let longestPauses: (flattening: Int64, exits: Int64) = (30, 60)

    /// The place of what is owed of a position; `nil` when nothing is.
    func owedExit(_ owner: StrategyID, _ instrument: InstrumentID) -> Int? {
        owedExits.isEmpty ? nil : owedExits.firstIndex { $0.owner == owner && $0.instrument == instrument }
    }

    /// Whether an exit is owed and its pause is not over.
    func isPausing(_ owner: StrategyID, _ instrument: InstrumentID) -> Bool {
        owedExit(owner, instrument).map { owedExits[$0].retryAt > now } ?? false
    }

    /// Notes that a position is still to be closed; gives the place of the note.
    @discardableResult
    func owe(_ position: Position) -> Int {
        let side: Side = position.quantity.mantissa > 0 ? .sell : .buy
        if let place = owedExit(position.owner, position.instrument) {
            if owedExits[place].side == side { return place }
            owedExits.remove(at: place)
        }
        owedExits.append(
            OwedExit(owner: position.owner, instrument: position.instrument, side: side, retryAt: now))
        return owedExits.count - 1
    }

    /// Nobody wants to close a position any more.
    func forgetExit(_ owner: StrategyID, _ instrument: InstrumentID) {
        if let place = owedExit(owner, instrument) { owedExits.remove(at: place) }
    }

    /// Forgets what is owed of positions that are no more.
    func forgetClosedExits() {
        guard !owedExits.isEmpty else { return }
        owedExits.removeAll { owed in
            let position = position(owed.owner, owed.instrument)
            return isDust(position) || (position.quantity.mantissa > 0) != (owed.side == .sell)
        }
    }

    /// What follows from the end of an order that was to close a position: the next part leaves at once, and what came to nothing
    /// is owed.
    func followExit(_ order: Order, _ effects: inout [Effect]) {
        let purpose = order.request.purpose
        guard purpose == .exit || purpose == .close, order.state.isClosed else { return }
        // By far the most exits are whole and fill.
        if owedExits.isEmpty, order.state == .filled || order.state == .canceled { return }
        let position = position(order.owner, order.request.instrument)
        let isSame = (position.quantity.mantissa > 0) == (order.request.side == .sell)
        guard !isDust(position), isSame else { return forgetExit(order.owner, order.request.instrument) }
        switch order.state {
        case .filled:
            guard let place = owedExit(order.owner, order.request.instrument) else { return }
            owedExits[place] = OwedExit(
                owner: order.owner, instrument: order.request.instrument, side: order.request.side, retryAt: now)
            if !isFlattening { submitExit(position, purpose, &effects) }
        case .rejected, .expired, .lost:
            // Why does not matter: a market that is closed opens again, and a book that is thin fills.
            guard isWantedUntilDone(position) else { return forgetExit(order.owner, order.request.instrument) }
            if !order.filled.isZero { forgetExit(order.owner, order.request.instrument) }
            noteFailedExit(position, tellsAfter: 2, &effects) {
                "order \(order.id.rawValue) was \(order.state.name)"
                    + (order.reason == .none ? "" : ": \(order.reason.text)")
            }
        default:
            forgetExit(order.owner, order.request.instrument)
        }
    }

    /// Whether a position is to be closed until it is, whatever its venue says: by the emergency stop, or because its strategy has
    /// left. What a person closes by hand is that person's to ask for again.
    private func isWantedUntilDone(_ position: Position) -> Bool {
        isFlattening
            || options.locksHoldings && slot(position.owner)?.registration.instrument == position.instrument
    }

    /// Notes that nothing of a position can be sold, of which a person is told at once.
    func noteBoundExit(_ position: Position, _ effects: inout [Effect]) {
        let instrument = instruments[position.instrument.index].instrument
        let bound = instruments[position.instrument.index].bound
        noteFailedExit(position, tellsAfter: 1, &effects) {
            "orders of other clients have locked \(instrument.text(bound)) of the account's \(instrument.base), or its venue "
                + "has it no more"
        }
        if !isWantedUntilDone(position) { forgetExit(position.owner, position.instrument) }
    }

    /// Notes that nothing came of an exit, and when it is tried again; a person is told once of one that does not succeed.
    func noteFailedExit(
        _ position: Position, tellsAfter count: Int, _ effects: inout [Effect], why: () -> String
    ) {
        let place = owe(position)
        owedExits[place].failures += 1
        owedExits[place].retryAt = now.adding(seconds: pause(after: owedExits[place].failures))
        guard owedExits[place].failures >= count, !owedExits[place].isTold else { return }
        owedExits[place].isTold = true
        let instrument = instruments[position.instrument.index].instrument
        alert(
            .critical, Alert.exitStuck,
            eventText {
                "\(instrument.symbol): \(instrument.text(position.closable(instrument))) \(instrument.base) can't be "
                    + "\(owedExits[place].side == .sell ? "sold" : "bought back"): \(why())"
            },
            instrument: position.instrument, strategy: position.owner, &effects)
    }

    /// The pause after a number of failures, in seconds. Flattening: 1, 2, 4 … 30. Exits are looked at every ten seconds, so that
    /// the first is tried again within those; then 10, 20, 40, 60.
    private func pause(after failures: Int) -> Int64 {
        let doublings = Int64(min(failures - 1, 10))
        if isFlattening { return min(1 << doublings, Kernel.longestPauses.flattening) }
        return failures < 2 ? 0 : min(Kernel.retrySeconds << (doublings - 1), Kernel.longestPauses.exits)
    }
}

extension Alert {
    /// The kind of an alert that a position can't be closed.
    public static let exitStuck = "exit-stuck"
}
