import Dispatch
import Engine
import Glibc

/// Work beside the main thread.
enum Background {
    /// Runs something on a thread of its own.
    static func run(_ body: @escaping @Sendable () -> Void) {
        DispatchQueue.global(qos: .utility).async(execute: body)
    }
}

/// What a run says when it is over.
enum OrderlyEnd {
    /// Stops the engine and says in a line what stays.
    static func finish(_ engine: Engine) -> String {
        engine.stop()
        return sentence(engine.snapshot)
    }

    /// What stays of a session that ended with this snapshot.
    static func sentence(_ snapshot: Snapshot) -> String {
        let orders = snapshot.orders.count { !$0.order.state.isClosed }
        let equity = snapshot.account.equity
        var text = "wick: stopped; equity \(equity.text(decimals: 2)) \(equity.currency.code)"
        if case .replay = snapshot.source { return text + "; the replay's account ends with it" }
        text += "; positions open: \(snapshot.positions.count), orders open: \(orders); all stay as they are"
        if snapshot.tradingState == .halted { text += "; the emergency stop holds until 'wick rearm'" }
        return text
    }

    /// Points standard input, output and error to nothing.
    static func letGoOfTerminal() {
        let null = open("/dev/null", O_RDWR)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { dup2(null, descriptor) }
        if null > STDERR_FILENO { close(null) }
    }
}
