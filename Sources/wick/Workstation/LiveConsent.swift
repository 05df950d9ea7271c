import Keys
import Market
import Trading

/// A person's word for trading with real money: asked for at a terminal at every start, with no option that stands in for it.
struct LiveConsent {
    /// Whether there is anybody to ask.
    var canAsk: Bool
    /// Shows the question.
    var show: (String) -> Void
    /// Reads the line that is typed; `nil` when nothing comes any more.
    var read: () -> String?

    /// The person at this process's terminal.
    static var atTerminal: LiveConsent {
        LiveConsent(
            canAsk: Output.canAsk, show: { Output.progress($0) },
            read: { HeldSignals.whileStarting { Confirmation.line(until: { false }) } })
    }

    /// Asks; returns when exactly the word was typed.
    ///
    /// - Throws: `CommandFailure` when anything else was, or nobody can be asked.
    func require(_ question: String) throws {
        guard canAsk else {
            throw CommandFailure(
                .unavailable,
                "mode: live trades with real money and asks for a word at a terminal; there is none. Start it at one and "
                    + "leave it there, with tmux for one: 'wick engine' goes on when it is detached")
        }
        show(question)
        guard read() == Confirmation.word else {
            throw CommandFailure(.refused, "not confirmed; nothing was started")
        }
    }

    /// What a person should see before the word: where, with which key, what is there to lose, and what limits it.
    static func question(_ key: StoredKey, at server: String, _ account: TradedAccount, _ limits: RiskLimits) -> String
    {
        let held = ([account.cash] + account.held).map(\.description).joined(separator: ", ")
        let loss = limits.maximumDailyLoss.map { "\($0)" } ?? "no limit"
        let order = limits.maximumOrderNotional.map { "\($0)" } ?? "no limit"
        return """
            REAL MONEY at \(server)
              key        \(key.name), \(key.apiKey.masked)
              account    \(held)
              limits     an order \(order), a day's loss \(loss) (wick.yaml: risk)
            Type \(Confirmation.word) to trade with it, anything else ends:\u{20}
            """
    }
}
