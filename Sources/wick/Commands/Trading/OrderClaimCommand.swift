import ArgumentParser
import Engine

/// `wick order claim NUMBER`
struct OrderClaimCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "claim", abstract: "Claim an open order that another client of the account placed.",
        discussion: """
            Orders of other clients are shown and never touched. One that is claimed may be cancelled from here, and the \
            emergency stop cancels it. What it fills stays outside the books, as with every order of another client: the \
            comparison with the venue finds it.

            Examples:
              wick order list --external
              wick order claim 28457
              wick order claim 28457 --cancel
            """)

    @Argument(help: "The venue's number of the order, of 'wick order list --external'.") var number: String
    @Flag(help: "Cancel it, too.") var cancel = false
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    private struct Answer {
        var venueOrder: String
        var message: String
    }

    func run() throws {
        let message = try data.engine().claimOrder(number, cancels: cancel)
        if print.isJSON { return JSON.print(Answer(venueOrder: number, message: message)) }
        Output.line(message)
    }
}
