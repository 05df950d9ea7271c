import ArgumentParser
import Engine
import Storage

/// `wick order list`
struct OrderListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the orders, newest first.",
        discussion: """
            Asks the running engine; without one, shows what the store remembers.

            Examples:
              wick order list
              wick order list --all --json
              wick order list --external
            """)

    @Flag(name: .customLong("all"), help: "Closed orders too.") var isAll = false
    @Flag(
        name: .customLong("external"),
        help: "The open orders that other clients of the account placed, as the last comparison found them.")
    var isExternal = false
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    func validate() throws {
        if isAll && isExternal {
            throw ValidationError("--all is about the engine's own orders: leave it out with --external")
        }
    }

    func run() throws {
        if isExternal { return try listExternal() }
        let orders = try data.runningEngine()?.orders(all: isAll) ?? stored()
        if print.isJSON { return JSON.print(orders) }
        var table = Table(
            .number("number"), .text("symbol"), .text("side"), .text("type"), .number("quantity"), .number("price"),
            .number("stop price"), .text("tif"), .number("filled"), .number("average"), .text("state"),
            .text("flags"), .text("owner"), .text("purpose"), .text("reason"))
        for order in orders {
            let flags = [order.postOnly ? "post-only" : "", order.reduceOnly ? "reduce-only" : ""]
            table.add(
                "\(order.id)", order.symbol, order.side, type(order.type, order.trailingBps), order.quantity,
                order.price ?? "",
                order.stopPrice ?? "", order.timeInForce, order.filled, order.averagePrice ?? "", order.state,
                flags.filter { !$0.isEmpty }.joined(separator: " "), order.owner, order.purpose, order.reason)
        }
        table.print(whenEmpty: isAll ? "there are no orders" : "no order is open; --all lists closed ones too")
    }

    private func type(_ name: String, _ trailing: Int?) -> String { trailing.map { "\(name) \($0) bps" } ?? name }

    private func listExternal() throws {
        let orders = try data.engine().externalOrders()
        if print.isJSON { return JSON.print(orders) }
        var table = Table(
            .text("venue's number"), .text("symbol"), .text("side"), .text("type"), .number("quantity"),
            .number("price"), .number("stop price"), .text("tif"), .number("filled"), .text("claimed"),
            .text("client's number"))
        for order in orders {
            table.add(
                order.venueOrder, order.symbol, order.side, type(order.type, order.trailingBps), order.quantity,
                order.price ?? "",
                order.stopPrice ?? "", order.timeInForce, order.filled, order.claimed ? "yes" : "no",
                order.clientOrderId)
        }
        table.print(whenEmpty: "no order of another client is open")
    }

    private func stored() throws -> [OrderMessage] {
        let store = try data.storeUpToJournal()
        let names = try StrategyNames(store)
        return try store.orders(openOnly: !isAll).map { record in
            OrderMessage(
                record.order, ownerName: names[record.order.owner], verdict: nil, instrument: record.instrument)
        }
    }
}

/// `wick order cancel NUMBER`
struct OrderCancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel an order.", discussion: "Example: wick order cancel 12")

    @Argument(help: "The order's number, of 'wick order list'.") var number: UInt64
    @OptionGroup var data: DataOptions
    @OptionGroup var print: PrintOptions

    private struct Answer {
        var id: UInt64
        var message: String
    }

    func run() throws {
        let message = try data.engine().cancelOrder(number)
        if print.isJSON { return JSON.print(Answer(id: number, message: message)) }
        Output.line(message.isEmpty ? "order \(number) is cancelled" : message)
    }
}
