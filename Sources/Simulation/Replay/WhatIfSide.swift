import Market
import Trading

/// One of two runs over the same session.
struct WhatIfSide {
    let exchange: SimulatedExchange
    /// Every order of the session as it ended, by its number from the session's first on.
    private(set) var orders: [Order] = []
    /// Why orders were denied, by the same number.
    private(set) var verdicts: [String?] = []
    private let first: UInt64

    init(
        _ kernel: KernelImage, _ venue: SimulatedVenueImage, _ catalog: StrategyCatalog
    ) throws(WhatIfError) {
        var options = kernel.options
        options.recording = .everything
        do {
            exchange = SimulatedExchange(
                kernel: try Kernel(kernel, catalog: catalog, options: options), venue: try SimulatedVenue(venue))
        } catch {
            throw .state("\(error)")
        }
        first = kernel.nextOrder.rawValue
    }

    mutating func take(_ input: MarketInput) {
        switch input {
        case .quote(let id, let quote): exchange.quote(id, quote)
        case .print(let id, let print): exchange.print(id, print)
        case .book(let id, let depth): exchange.book(id, depth)
        case .timer(let time): exchange.timer(time)
        // The close of either is a decision record of its own.
        case .bar(let id, let candle): exchange.trade(id, candle)
        case .minute: break
        }
        collect()
    }

    mutating func take(_ event: Event, without suspended: [StrategyID]) {
        for strategy in suspended { exchange.kernel.suspend(strategy, true) }
        defer { for strategy in suspended { exchange.kernel.suspend(strategy, false) } }
        switch event {
        case .candle(let id, let timeframe, let candle): exchange.candle(id, timeframe, candle)
        case .quote(let id, let quote): exchange.mark(id, quote)
        case .command(let command, let time): exchange.command(command, at: time)
        case .timer(let time): exchange.timer(time)
        case .report: break
        }
        collect()
    }

    private mutating func collect() {
        for effect in exchange.takeOutput() {
            switch effect {
            case .record(.order(let order)) where order.id.rawValue >= first:
                let place = Int(order.id.rawValue - first)
                grow(to: place)
                if place < orders.count { orders[place] = order } else { orders.append(order) }
            case .record(.verdict(let verdict)) where verdict.order.rawValue >= first && !verdict.isAllowed:
                let place = Int(verdict.order.rawValue - first)
                grow(to: place)
                verdicts[place] = verdict.text
            default: break
            }
        }
    }

    private mutating func grow(to place: Int) {
        while verdicts.count <= place { verdicts.append(nil) }
    }
}
