import Bytes
public import Market

/// Puts records into words and JSON, prices and quantities in the decimals of their instruments.
public struct RecordDescriber: Sendable {
    /// The table that the records' numbers refer to.
    public var instruments: [Instrument]

    /// A describer over a table of instruments.
    public init(instruments: [Instrument]) { self.instruments = instruments }

    /// What the payload of a record says; for one that can't be read, why.
    public func describe(_ kind: JournalKind, _ payload: ArraySlice<UInt8>) -> DescribedValue {
        var reader = ByteReader(payload)
        do {
            if kind == .marketBatch { return try batch(payload) }
            if kind.isEvent { return describe(try Event(kind, from: &reader)) }
            if kind.isEffect { return describe(try Effect(kind, from: &reader)) }
            if kind == .finding { return describe(try VenueFinding(from: &reader)) }
            return .none
        } catch {
            return .fields([.init("unreadable", .text(error.description))])
        }
    }

    private func batch(_ payload: ArraySlice<UInt8>) throws(MalformedBytes) -> DescribedValue {
        var reader = MarketBatchReader(payload)
        var inputs: [DescribedValue] = []
        while let input = try reader.next() { inputs.append(describe(input)) }
        return .fields([.init("updates", .list(inputs))])
    }

    /// A market input.
    public func describe(_ input: MarketInput) -> DescribedValue {
        switch input {
        case .quote(let id, let quote): return fields(("quote", name(id)), to: self.quote(id, quote))
        case .print(let id, let print):
            return .fields([
                .init("print", name(id)), .init("time", time(print.time)), .init("side", .text(print.aggressor.name)),
                .init("quantity", quantity(id, print.quantity)), .init("price", price(id, print.price)),
            ])
        case .timer(let time): return .fields([.init("timer", self.time(time))])
        case .minute(let id, let candle): return fields(("minute", name(id)), to: self.candle(id, candle))
        case .bar(let id, let candle): return fields(("bar", name(id)), to: self.candle(id, candle))
        case .book(let id, let depth):
            return .fields([
                .init("book", name(id)), .init("time", time(depth.time)), .init("bids", levels(id, depth.bids)),
                .init("asks", levels(id, depth.asks)),
            ])
        }
    }

    private func levels(_ id: InstrumentID, _ levels: [BookLevel]) -> DescribedValue {
        .list(
            levels.map { .fields([.init("price", price(id, $0.price)), .init("quantity", quantity(id, $0.quantity))]) })
    }

    /// An event.
    public func describe(_ event: Event) -> DescribedValue {
        switch event {
        case .candle(let id, let timeframe, let candle):
            var described = fields(("instrument", name(id)), to: self.candle(id, candle))
            if case .fields(var list) = described {
                list.insert(.init("timeframe", .text(timeframe.description)), at: 1)
                described = .fields(list)
            }
            return described
        case .quote(let id, let quote): return fields(("instrument", name(id)), to: self.quote(id, quote))
        case .report(let report): return describe(report)
        case .command(let command, let at): return fields(("time", time(at)), to: describe(command))
        case .timer(let at): return .fields([.init("time", time(at))])
        }
    }

    /// What a comparison with a venue found.
    public func describe(_ finding: VenueFinding) -> DescribedValue {
        switch finding {
        case .report(let report): return fields(("found", .text("report")), to: describe(report))
        case .query(let order):
            return .fields([.init("found", .text("query")), .init("order", number(order.rawValue))])
        }
    }

    /// An effect.
    public func describe(_ effect: Effect) -> DescribedValue {
        switch effect {
        case .submit(let order), .record(.order(let order)): return describe(order)
        case .cancel(let id), .query(let id): return .fields([.init("order", number(id.rawValue))])
        case .amend(let id, let amendment): return fields(("order", number(id.rawValue)), to: describe(amendment, nil))
        case .record(let record): return describe(record)
        case .alert(let alert):
            return .fields([
                .init("time", time(alert.time)), .init("priority", .text(alert.priority.name)),
                .init("alert", .text(alert.kind)), .init("text", .text(alert.text)),
                .init("instrument", alert.instrument.map(name) ?? .none),
                .init("strategy", alert.strategy.map { number($0.rawValue) } ?? .none),
                .init("order", alert.order.map { number($0.rawValue) } ?? .none),
            ])
        }
    }

    // MARK: Parts

    func name(_ id: InstrumentID) -> DescribedValue {
        .text(instruments.indices.contains(id.index) ? instruments[id.index].name : "instrument \(id.rawValue)")
    }

    func price(_ id: InstrumentID, _ price: Price?) -> DescribedValue {
        guard let price else { return .none }
        guard instruments.indices.contains(id.index) else { return number(price.mantissa) }
        return .text(instruments[id.index].text(price))
    }

    func quantity(_ id: InstrumentID, _ quantity: Quantity?) -> DescribedValue {
        guard let quantity else { return .none }
        guard instruments.indices.contains(id.index) else { return number(quantity.mantissa) }
        return .text(instruments[id.index].text(quantity))
    }

    func money(_ money: Money?) -> DescribedValue { money.map { .text($0.description) } ?? .none }
    func ratio(_ ratio: Ratio?) -> DescribedValue { ratio.map { .text($0.description) } ?? .none }
    func number(_ number: some BinaryInteger) -> DescribedValue { .number(String(number)) }

    /// Nanoseconds where the time is none that people write.
    func time(_ time: Timestamp) -> DescribedValue {
        Timestamp.plausible.contains(time) ? .text(time.description) : number(time.nanoseconds)
    }

    func fields(_ first: (String, DescribedValue), to value: DescribedValue) -> DescribedValue {
        guard case .fields(let rest) = value else { return .fields([.init(first.0, first.1), .init("value", value)]) }
        return .fields([.init(first.0, first.1)] + rest)
    }

    private func candle(_ id: InstrumentID, _ candle: Candle) -> DescribedValue {
        .fields([
            .init("open-time", time(candle.openTime)), .init("open", price(id, candle.open)),
            .init("high", price(id, candle.high)), .init("low", price(id, candle.low)),
            .init("close", price(id, candle.close)), .init("volume", quantity(id, candle.volume)),
        ])
    }

    private func quote(_ id: InstrumentID, _ quote: Quote) -> DescribedValue {
        .fields([
            .init("time", time(quote.time)), .init("bid", price(id, quote.bid)), .init("ask", price(id, quote.ask)),
            .init("bid-size", quantity(id, quote.bidSize)), .init("ask-size", quantity(id, quote.askSize)),
        ])
    }
}
