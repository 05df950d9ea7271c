import Bytes
import Market
import Simulation
import Trading

// What does not come from the market: commands, findings, and what a start tells.
extension JournaledExchange {
    /// A price that only the kernel sees: what is known of a market before its first event. Nothing fills at it.
    func mark(_ instrument: InstrumentID, _ quote: Quote) {
        let input = log.append(.mark, at: max(quote.time, kernel.now)) { writer in
            writer.value(instrument)
            writer.value(quote)
        }
        kernel.step(.quote(instrument, quote), into: &effects)
        settle(after: input)
        close(at: quote.time)
    }

    /// A person's or a program's wish, at an instant.
    func command(_ command: Command, at time: Timestamp) {
        let input = log.append(.command, at: time) { $0.value(command) }
        // A command whose warm-up held the engine up is not carried out.
        if isSuspending(input) {
            noteSuspensions(of: input)
        } else {
            step(input) { kernel.step(.command(command, at: time), into: &effects) }
        }
        settle(after: input)
        close(at: time)
    }

    /// What a comparison with the venue found, at an instant: a report that was missed, or a question.
    func take(_ finding: VenueFinding, at time: Timestamp) {
        let input = log.append(.finding, at: time) { $0.value(finding) }
        switch finding {
        case .report(let report):
            crashPoint?(.beforeReport)
            step(input) { kernel.take(report, into: &effects) }
        case .query(let order):
            if isRemote {
                if let outbound = outbound(order) { send([.query(outbound)]) }
            } else {
                connection.query(order, at: time)
            }
        }
        settle(after: input)
        close(at: time)
    }

    /// Derives candles of a timeframe from now on, beginning with those of its running interval.
    func subscribe(_ subscription: CandleSubscription) {
        guard subscriptions.needs(subscription.instrument, subscription.timeframe) else { return }
        log.append(.subscribe, at: kernel.now) { $0.value(subscription) }
        subscriptions.subscribe(subscription.instrument, subscription.timeframe, recent: subscription.recent)
    }

    /// Takes the candles that a market closed while nobody listened through the derivation of longer ones; gives what
    /// closed, by timeframe, for strategies to catch up with.
    func missed(_ instrument: InstrumentID, _ candle: Candle) -> [(Timeframe, Candle)] {
        var closed: [(Timeframe, Candle)] = [(subscriptions.base, candle)]
        log.append(.missed, at: candle.closeTime(subscriptions.base)) { writer in
            writer.value(instrument)
            writer.value(candle)
        }
        subscriptions.take(instrument, candle) { closed.append(($0, $1)) }
        return closed
    }

    /// Waits until what came from outside is on the disk: before the market goes on behind it, and before whoever asked for
    /// something is told that it is done.
    ///
    /// What the kernel decides is decided again when a killed engine comes back, but a command that was lost, while market
    /// updates behind it were kept, would leave a strategy without its warm-up or a stop without its effect. A disk that
    /// does not answer is waited for once and no longer: protective orders must meet the market.
    func waitForInputs() {
        guard let journal = log.journal, log.lastOuterInput > confirmedInput else { return }
        confirmedInput = log.lastOuterInput
        guard stall == nil, journal.durable(.decisions) < log.lastOuterInput else { return }
        _ = journal.waitUntilDurable(
            decisions: log.lastOuterInput, market: 0, milliseconds: journal.stallMilliseconds)
    }

    /// The data ended: working orders are cancelled, new ones refused, positions stay and keep their marks.
    func endOfData() {
        connection.endOfData(at: kernel.now)
        settle()
        close(at: kernel.now)
    }
}
