import ArgumentParser
import Engine

/// `wick position accept SYMBOL`
struct PositionAcceptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Take the venue's word for a position, or for the cash.",
        discussion: """
            Where what is held by our books is not what the venue says, nothing opens in the instrument until somebody \
            accepts the venue's word. The difference is booked as a fill of an order that was never sent; both are in the \
            audit.

            Examples:
              wick position accept BTCUSDT
              wick position accept --cash
            """)

    @Argument(help: "The instrument.") var symbol: String?
    @Flag(name: .customLong("cash"), help: "The account's cash, once all positions agree.") var isCash = false
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    private struct Answer {
        var symbol: String?
        var message: String
    }

    func validate() throws {
        guard (symbol == nil) == isCash else {
            throw ValidationError("name one instrument, or --cash for the account's cash")
        }
    }

    func run() throws {
        let engine = try data.engine()
        let message = try symbol.map { try engine.acceptPosition(symbol: $0) } ?? engine.acceptCash()
        if print.isJSON { return JSON.print(Answer(symbol: symbol, message: message)) }
        Output.line(message)
    }
}
