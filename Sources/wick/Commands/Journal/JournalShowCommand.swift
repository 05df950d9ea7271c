import ArgumentParser
import Engine
import Journal
import Market
import Trading

/// `wick journal show`
struct JournalShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what was decided, and why an order was made.",
        discussion: """
            Without an option the newest decisions, a line each. --order explains one order: the candles and the values \
            that its strategy saw, the signal, the size, every check with its figures, what its venue said and when. \
            --cause walks from a record to what led to it and to what followed.

            Examples:
              wick journal show --order 12
              wick journal show --strategy trend --since 2024-05-06 --limit 200
              wick journal show --kind fill --kind position
              wick journal show --cause 3817
            """)

    @Option(help: ArgumentHelp("Explain this order: its number, or its client order id.", valueName: "order"))
    var order: String?
    @Option(help: ArgumentHelp("Only what is about this strategy; manual for orders by hand.", valueName: "name"))
    var strategy: String?
    @Option(
        help: ArgumentHelp("Only records of this kind, as fill; may be said several times.", valueName: "kind"))
    var kind: [String] = []
    @Option(help: ArgumentHelp("Walk from the record of this number.", valueName: "record"))
    var cause: UInt64?
    @Option(help: ArgumentHelp("Only records of this time or later, 2023-01-01T12:00, UTC.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("Only records before this time.", valueName: "time"))
    var until: String?
    @Option(help: ArgumentHelp("At most this many records, the newest.", valueName: "count"))
    var limit = 50
    @OptionGroup var place: JournalPlaceOptions
    @OptionGroup var print: PrintOptions

    func run() throws {
        var problems: [String] = []
        let from = Timestamp.option("--since", since, &problems)
        let to = Timestamp.option("--until", until, &problems)
        if !(1...100_000).contains(limit) { problems.append("--limit: \(limit) is not between 1 and 100000") }
        JournalKindOption.check(kind, &problems)
        let isFiltered = strategy != nil || !kind.isEmpty || since != nil || until != nil
        if order != nil, cause != nil || isFiltered {
            problems.append("--order stands alone: it tells of one order")
        } else if cause != nil, isFiltered {
            problems.append("--cause goes with --limit alone: it walks from one record")
        }
        let wanted = order.map { OrderWanted($0) }
        if let order, wanted == .some(nil) {
            problems.append("--order: '\(Table.plain(order))' is neither an order's number nor a client order id")
        }
        guard problems.isEmpty else { throw CommandFailure(usage: problems) }
        let directory = try place.directory()
        if let wanted = wanted ?? nil { return try explain(wanted, directory) }
        if let cause { return try walk(cause, directory) }
        try list(JournalQuery(strategy: strategy, kinds: Set(kind), since: from, until: to), directory)
    }

    /// How somebody names an order.
    private enum OrderWanted: Equatable {
        case number(OrderID)
        case client(ClientOrderID)

        init?(_ text: String) {
            if let number = UInt64(text), number > 0 {
                self = .number(OrderID(rawValue: number))
            } else if let id = ClientOrderID(text.uppercased()) {
                self = .client(id)
            } else {
                return nil
            }
        }
    }

    private func list(_ query: JournalQuery, _ directory: String) throws {
        let result = try query.run(directory: directory, limit: limit)
        if let strategy, !result.knowsStrategy, result.damage == nil {
            let known = result.text.names.strategies.values.map(\.name).sorted().joined(separator: ", ")
            throw CommandFailure(
                .refused,
                "the journal knows of no strategy '\(Table.plain(strategy))'"
                    + (known.isEmpty ? "" : "; it knows \(Table.plain(known))"))
        }
        if print.isJSON {
            JSON.print(result.entries.map { JournalLine.Row($0, result.text) })
        } else {
            if result.omittedCount > 0, query.isFiltered {
                Output.line(
                    "the newest \(result.entries.count) of \(result.omittedCount + result.entries.count) records")
            }
            if result.entries.isEmpty, result.damage == nil { Output.line("no record matches") }
            JournalLine.print(result.entries.map { ($0, 0, "") }, result.text)
        }
        if let damage = result.damage { throw damage }
    }

    private func walk(_ sequence: UInt64, _ directory: String) throws {
        guard let walk = try JournalWalk(from: sequence, directory: directory, limit: limit) else {
            throw CommandFailure(.refused, try JournalLine.absence("record \(sequence)", directory))
        }
        if print.isJSON { return JSON.print(walk.steps.map { JournalLine.Row($0.entry, walk.text) }) }
        if let missing = walk.missingCause {
            Output.line(try JournalLine.absence("record \(missing), which led to the first of these,", directory))
        }
        JournalLine.print(
            walk.steps.enumerated().map { ($1.entry, $1.depth, $0 == walk.place ? "→" : " ") }, walk.text)
        if walk.omittedCount > 0 { Output.line("\(walk.omittedCount) more followed; --limit shows them") }
    }

    private func explain(_ wanted: OrderWanted, _ directory: String) throws {
        let id: OrderID
        switch wanted {
        case .number(let number): id = number
        case .client(let client):
            guard let order = try OrderExplanation.order(of: client, directory: directory) else {
                throw CommandFailure(
                    .refused, try JournalLine.absence("an order sent with record \(client.sequence)", directory))
            }
            id = order
        }
        guard let explanation = try OrderExplanation(id, directory: directory) else {
            throw CommandFailure(.refused, try JournalLine.absence("order \(id.rawValue)", directory))
        }
        if print.isJSON { return JSON.print(OrderReportRow(explanation)) }
        OrderReportText(explanation).print()
    }
}
