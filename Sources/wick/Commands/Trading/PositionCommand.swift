import ArgumentParser
import Engine
import Market
import Storage

/// `wick position …`
struct PositionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "position", abstract: "List and close positions, accept a venue's word.",
        discussion: """
            Examples:
              wick position list
              wick position close BTCUSDT --owner trend
              wick position accept BTCUSDT
            """,
        subcommands: [PositionListCommand.self, PositionCloseCommand.self, PositionAcceptCommand.self])
}

/// A position as it is printed; what only a running engine knows is absent without one.
struct PositionRow {
    var owner: String
    var symbol: String
    var quantity: String
    var entryPrice: String
    var markPrice: String?
    var unrealized: String?
    var realized: String
    var fees: String
    var stopPrice: String?
    var targetPrice: String?
    var openedAt: String
    var block: String?

    init(_ message: PositionMessage) {
        owner = message.owner
        symbol = message.symbol
        quantity = message.quantity
        entryPrice = message.entryPrice
        markPrice = message.markPrice
        unrealized = message.unrealized
        realized = message.realized
        fees = message.fees
        stopPrice = message.stopPrice
        targetPrice = message.targetPrice
        openedAt = message.openedAt
        block = message.block
    }

    init(_ record: PositionRecord, owner: String) {
        let (position, instrument) = (record.position, record.instrument)
        self.owner = owner
        symbol = instrument.name
        quantity = instrument.text(position.quantity)
        entryPrice = position.averagePrice(instrument).map(instrument.text) ?? ""
        realized = position.realized.decimalText
        fees = position.fees.decimalText
        openedAt = position.openedAt.description
    }
}

/// `wick position list`
struct PositionListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the open positions.",
        discussion: """
            Asks the running engine; without one, shows what the store remembers, without marks.

            Example: wick position list --json
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        let rows = try data.runningEngine()?.positions().map(PositionRow.init) ?? stored()
        if print.isJSON { return JSON.print(rows) }
        var table = Table(
            .text("symbol"), .text("owner"), .number("quantity"), .number("entry"), .number("mark"),
            .number("unrealized"), .number("realized"), .number("fees"), .number("stop"), .number("target"),
            .text("opened"), .text("venue"))
        for row in rows {
            table.add(
                row.symbol, row.owner, row.quantity, row.entryPrice, row.markPrice ?? "–", row.unrealized ?? "–",
                row.realized, row.fees, row.stopPrice ?? "–", row.targetPrice ?? "–",
                // A rest below the step belongs to no trip.
                row.openedAt == Timestamp.epoch.description ? "–" : row.openedAt,
                row.block.map { "differs: \($0)" } ?? "")
        }
        table.print(whenEmpty: "no position is open")
    }

    private func stored() throws -> [PositionRow] {
        let store = try data.storeUpToJournal()
        let names = try StrategyNames(store)
        return try store.positions().map { PositionRow($0, owner: names[$0.position.owner]) }
    }
}

/// `wick position close SYMBOL`
struct PositionCloseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Close a position at market.",
        discussion: """
            Examples:
              wick position close BTCUSDT
              wick position close SYNTHETIC:BTCUSDT --owner trend
            """)

    @Argument(help: "The instrument.") var symbol: String
    @Option(
        help: ArgumentHelp(
            "Whose position, where several hold it: a strategy's name, or manual.", valueName: "name"))
    var owner: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        try OrderOutcome.print(data.engine().closePosition(symbol: symbol, strategy: owner), print)
    }
}
