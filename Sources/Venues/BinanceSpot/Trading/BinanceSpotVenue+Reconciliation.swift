public import Market
import Network
import Trading

extension BinanceSpotVenue {
    /// Finds out what became of an order whose outcome is unknown.
    ///
    /// Asks by the order's number with growing pauses, while what the stream tells of it ends the wait at once. It is
    /// `absent` only after the last pause, when the venue does not know it, it is not among the open orders, and the
    /// stream stood all the while; see `OrderResolution`.
    public func resolve(_ clientOrderID: String, of instrument: Instrument) async -> OrderFate {
        var resolution = OrderResolution(pauses: options.pauses)
        var gaps = board.gaps
        while !Task.isCancelled {
            switch resolution.next {
            case .pause(let pause):
                let end = time.now() + pause
                let order = await board.wait(for: clientOrderID) { [time] in try? await time.wait(end) }
                if let order { resolution.told(order) } else { resolution.waited() }
            case .askForOrder:
                switch await order(clientOrderID, of: instrument) {
                case .confirmed(let order): resolution.answered(order)
                case .refused(let refusal): return .undecided("the venue won't say: \(refusal)")
                case .denied, .unknown: resolution.unanswered()
                }
            case .askForOpenOrders:
                // What the stream told meanwhile wins over a list that may be older.
                if let order = board.last(clientOrderID) {
                    resolution.told(order)
                    continue
                }
                let answer = await openOrders(of: instrument)
                // Before the answer counts: what was missed meanwhile makes it worth nothing as a proof.
                if board.gaps != gaps || !board.isStanding { resolution.missed() }
                gaps = board.gaps
                switch answer {
                case .confirmed(let orders): resolution.listed(orders.first { $0.clientOrderID == clientOrderID })
                case .refused(let refusal): return .undecided("the venue won't say: \(refusal)")
                case .denied, .unknown: resolution.unanswered()
                }
            case .found(let order): return .found(await receipt(of: order))
            case .absent:
                if let order = board.last(clientOrderID) { return .found(await receipt(of: order)) }
                return .absent
            }
            // Between two connections the stream tells nothing, and its silence proves nothing.
            if board.gaps != gaps || !board.isStanding { resolution.missed() }
            gaps = board.gaps
        }
        return .undecided("it was given up")
    }

    /// An order as it is now, with its executions: what was heard of it may be older than what the venue says.
    private func receipt(of heard: StandingOrder) async -> OrderReceipt {
        var order = heard
        if case .confirmed(let asked?) = await self.order(heard.clientOrderID, of: heard.instrument),
            asked.status.filled >= heard.status.filled, heard.isOpen || !asked.isOpen
        {
            order = asked
        }
        return await whole(order)
    }

    /// Everything that the venue says of the account, taken in one go.
    ///
    /// The parts are read one after the other, those of several instruments side by side, so something can happen between
    /// the first and the last. Executions are read once more at the end; when there are new ones all of it is read again, a
    /// few times.
    public func reconciliationView(since trades: [Instrument: UInt64]) async -> AccountStatement {
        // Whoever could not be told the limits of the account's orders at the start is told now.
        if !account.allowance.isKnown { _ = await account.orderCounts() }
        var statement = await statement(since: trades)
        var attempts = 1
        while !statement.isSteady, statement.problems.isEmpty, attempts < options.attemptsAtStatement {
            attempts += 1
            statement = await self.statement(since: trades)
        }
        return statement
    }

    private func statement(since trades: [Instrument: UInt64]) async -> AccountStatement {
        var problems: [String] = []
        func value<Value>(_ outcome: RequestOutcome<Value>, _ what: String) -> Value? {
            switch outcome {
            case .confirmed(let value): return value
            case .refused(let refusal): problems.append("\(what): \(refusal)")
            case .denied(let denial): problems.append("\(what): \(denial)")
            case .unknown(let doubt): problems.append("\(what): \(doubt)")
            }
            return nil
        }
        var open: [StandingOrder]? = []
        var executions: [VenueExecution]? = []
        var last = trades
        // Orders before executions: what fills between them is in both, not in neither.
        let read = await ofEach { instrument in
            (await self.openOrders(of: instrument), await self.fills(of: instrument, since: trades[instrument]))
        }
        for (instrument, (ordersRead, fillsRead)) in zip(instruments, read) {
            let orders = value(ordersRead, "open orders of \(instrument.name)")
            open = orders.flatMap { orders in open.map { $0 + orders } }
            let fills = value(fillsRead, "trades of \(instrument.name)")
            executions = fills.flatMap { fills in executions.map { $0 + fills } }
            last[instrument] = max(fills?.last?.tradeID ?? 0, last[instrument] ?? 0)
        }
        if executions?.contains(where: { $0.isExternal == nil }) == true {
            problems.append("of some trades the venue does not say whose order it was")
        }
        let balances = value(await balances(), "balances")
        var isSteady = true
        let known = last
        let since = await ofEach { await self.trades(of: $0, from: Int64(clamping: known[$0] ?? 0) + 1) }
        for (instrument, tradesRead) in zip(instruments, since) {
            let more = value(tradesRead, "trades of \(instrument.name)")
            if more?.isEmpty != true { isSteady = false }
        }
        return AccountStatement(
            time: account.clock.now ?? .epoch, openOrders: open, executions: executions, balances: balances,
            isSteady: isSteady && problems.isEmpty, problems: problems)
    }

    /// How many instruments are asked about at once: fewer than there are connections, so that an order finds a free one.
    private static let instrumentsAtOnce = 4

    /// The answers to questions about each instrument, in their order.
    private func ofEach<Answer: Sendable>(
        _ ask: @escaping @Sendable (Instrument) async -> Answer
    ) async -> [Answer] {
        let instruments = instruments
        return await withTaskGroup(of: (Int, Answer).self) { group in
            var answers = [Answer?](repeating: nil, count: instruments.count)
            for place in instruments.indices {
                if place >= BinanceSpotVenue.instrumentsAtOnce, let (done, answer) = await group.next() {
                    answers[done] = answer
                }
                group.addTask { (place, await ask(instruments[place])) }
            }
            for await (done, answer) in group { answers[done] = answer }
            return answers.compactMap { $0 }
        }
    }
}
