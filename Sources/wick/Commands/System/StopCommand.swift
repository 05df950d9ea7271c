import ArgumentParser
import Engine
import Storage
import Trading

/// `wick stop`
struct StopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Emergency stop: block what opens, cancel what works.",
        discussion: """
            Blocks every opening order at once and cancels every open order; --flatten closes every position too. The \
            stop outlives a restart, until 'wick rearm'. Where no engine runs, the next one starts stopped.

            Ends with 0 when nothing is left working, with 1 when orders or, after --flatten, positions are left.

            Examples:
              wick stop
              wick stop --keep-protective
              wick stop --flatten
              wick stop --rearm --confirm re-arm
            """)

    /// How long a venue has to confirm cancels that have left, in seconds.
    private static let patience = 3.0

    @Flag(name: .customLong("keep-protective"), help: "Leave stops and targets of open positions working.")
    var keepsProtection = false

    @Flag(name: .customLong("flatten"), help: "Close every position at market too.")
    var flattens = false

    @Flag(name: .customLong("rearm"), help: "End the emergency stop instead, as 'wick rearm' does.")
    var rearms = false

    @OptionGroup var confirmation: RearmConfirmation

    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func validate() throws {
        if rearms && (keepsProtection || flattens) {
            throw ValidationError("--rearm ends a stop; it goes without --keep-protective and --flatten")
        }
        if keepsProtection && flattens {
            throw ValidationError(
                "--flatten closes the positions that --keep-protective would protect; say one of them")
        }
    }

    func run() throws {
        if rearms { return try Rearming.run(confirmation, data, print) }
        if let engine = try data.runningEngine() {
            try report(
                try engine.stop(
                    keepsProtection: keepsProtection, flattens: flattens, patienceSeconds: StopCommand.patience))
        } else {
            try latch()
        }
    }

    private func report(_ receipt: ReceiptMessage) throws {
        if print.isJSON {
            JSON.print(StopRow(receipt))
        } else {
            Output.line("stopped at \(receipt.time); opening orders are blocked until 'wick rearm'")
            var table = Table(
                .text("venue"), .number("cancels sent"), .number("confirmed"), .number("still working"),
                .number("milliseconds"))
            for row in receipt.venues {
                table.add(
                    row.venue, "\(row.sent)", "\(row.confirmed)", "\(row.remaining)",
                    Figures.decimal(row.milliseconds, 1))
            }
            table.print(whenEmpty: "no venue had open orders")
            let positions = receipt.openPositions
            Output.line(positions == 0 ? "no position is open" : "\(positions) positions are open")
        }
        if receipt.isUnfinished { throw CommandFailure(.refused) }
    }

    /// Without an engine there is nothing to cancel: what is left is to make sure that the next one starts stopped.
    private func latch() throws {
        let directory = data.directory
        try directory.create()
        let now = Environment.now
        // The latch comes first: it needs no database.
        try EmergencyLatch.set(directory: directory.path, origin: "command", time: now)
        do {
            let store = try data.accountStore()
            try store.setTradingState(.halted, at: now)
            try store.audit("emergency stop", detail: "no engine was running", by: "command", at: now)
        } catch let error as StoreError {
            Output.error("wick: \(error.description)")
        }
        if print.isJSON { return JSON.print(StopRow(latchedAt: now.description)) }
        let note = flattens ? "; its positions are not closed, there is no engine to do it" : ""
        Output.line("no engine is running; the next one starts stopped, until 'wick rearm'\(note)")
    }
}

/// The receipt of a stop as it is printed; without an engine nothing was cancelled and nothing is known of positions.
struct StopRow {
    var time: String
    var origin = "command"
    var venues: [ReceiptMessage.Row] = []
    var flattening = false
    var openPositions: Int?
    var engineRunning = false

    init(latchedAt time: String) { self.time = time }

    init(_ receipt: ReceiptMessage) {
        time = receipt.time
        origin = receipt.origin
        venues = receipt.venues
        flattening = receipt.flattening
        openPositions = receipt.openPositions
        engineRunning = true
    }
}

/// `wick rearm`
struct RearmCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rearm", abstract: "End the emergency stop: let strategies and people open positions again.",
        discussion: """
            Asks for the word 're-arm' on a terminal; elsewhere it is said with --confirm. Who ended the stop, and when, \
            is in the audit.

            Example: wick rearm --confirm re-arm
            """)

    @OptionGroup var confirmation: RearmConfirmation
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws { try Rearming.run(confirmation, data, print) }
}

/// How a person says that an emergency stop is over: by a word, which no slip types.
struct RearmConfirmation: ParsableArguments {
    @Option(
        name: .customLong("confirm"),
        help: ArgumentHelp("The word 're-arm', typed here instead of being asked for.", valueName: "word"))
    var word: String?

    @Flag(name: .customLong("yes"), help: .hidden) var isYes = false

    /// Makes sure that the word was typed.
    func require() throws {
        let wanted = ControlRequest.rearmWord
        if let word {
            guard word == wanted else {
                throw CommandFailure(.usage, "--confirm: '\(word)' is not the word; expected \(wanted)")
            }
            return
        }
        guard !isYes else {
            throw CommandFailure(.usage, "--yes: a yes is too little to end an emergency stop; say --confirm \(wanted)")
        }
        guard Output.canAsk else {
            throw CommandFailure(
                .usage, "rearm: there is no terminal to ask on; say --confirm \(wanted) to end the emergency stop")
        }
        let answer = Output.ask("Opening orders will be allowed again. Type '\(wanted)' to go on: ")
        guard answer == wanted else { throw CommandFailure(.refused, "nothing was changed") }
    }
}

/// Ends an emergency stop after a person said so.
enum Rearming {
    static func run(_ confirmation: RearmConfirmation, _ data: DataOptions, _ options: PrintOptions) throws {
        try confirmation.require()
        let message: String
        if let engine = try data.runningEngine() {
            message = try engine.rearm()
        } else {
            let store = try data.accountStore()
            let now = Environment.now
            let isStoredHalted = try store.tradingState() == .halted
            let wasHalted = isStoredHalted || EmergencyLatch.isSet(directory: data.directory.path)
            try EmergencyLatch.clear(directory: data.directory.path)
            try store.setTradingState(.active, at: now)
            try store.audit("rearm", detail: "no engine was running", by: "command", at: now)
            message = wasHalted ? "re-armed; the next engine trades" : "there was no emergency stop"
        }
        if options.isJSON { return JSON.print(["message": message]) }
        Output.line(message)
    }
}
