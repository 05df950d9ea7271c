public import Market
public import Trading

/// What two runs over one session decided.
public struct WhatIfResult: Sendable {
    /// One run in figures.
    public struct Figures: Sendable, Hashable {
        /// The equity at the end.
        public var equity: Money
        /// How many orders were wanted.
        public var orders: Int
        /// How many of them the risk gate denied.
        public var denied: Int
    }

    /// A decision in which the runs differ.
    public struct Difference: Sendable, Hashable {
        /// When it was made.
        public var time: Timestamp
        /// Whose it is.
        public var owner: StrategyID
        /// The owner's name; `manual` for a person's.
        public var name: String
        /// What became of it as it was; `nil` where there was no such decision.
        public var was: String?
        /// What would have become of it; `nil` where there would be none.
        public var would: String?
    }

    /// The session as it was.
    public var asItWas: Figures
    /// The session as it would have been.
    public var asItWould: Figures
    /// Every decision that differs, in order of time.
    public var differences: [Difference]

    init(_ was: WhatIfSide, _ would: WhatIfSide) {
        asItWas = Figures(was)
        asItWould = Figures(would)
        differences = []
        let describer = OrderWords(instruments: was.exchange.kernel.image.instruments)
        let registrations = was.exchange.kernel.registrations + would.exchange.kernel.registrations
        func name(_ owner: StrategyID) -> String {
            owner == .manual ? "manual" : registrations.first { $0.id == owner }?.name ?? "strategy \(owner.rawValue)"
        }
        var left = 0
        var right = 0
        // Both lists are in order of time; within one instant a decision is found by what it is for.
        while left < was.orders.count || right < would.orders.count {
            let time = min(was.time(left), would.time(right))
            var mine = was.decisions(&left, at: time, describer)
            var yours = would.decisions(&right, at: time, describer)
            for place in mine.indices.reversed() {
                guard let other = yours.firstIndex(where: { $0.key == mine[place].key }) else { continue }
                if mine[place].text == yours[other].text {
                    mine.remove(at: place)
                } else {
                    mine[place].other = yours[other].text
                }
                yours.remove(at: other)
            }
            for decision in mine {
                differences.append(
                    Difference(
                        time: time, owner: decision.key.owner, name: name(decision.key.owner), was: decision.text,
                        would: decision.other))
            }
            for decision in yours {
                differences.append(
                    Difference(
                        time: time, owner: decision.key.owner, name: name(decision.key.owner), was: nil,
                        would: decision.text))
            }
        }
    }
}

extension WhatIfResult.Figures {
    fileprivate init(_ side: WhatIfSide) {
        self.init(
            equity: side.exchange.kernel.equity, orders: side.orders.count,
            denied: side.orders.reduce(0) { $0 + ($1.state == .denied ? 1 : 0) })
    }
}

/// A decision by what it is for.
private struct Decision {
    struct Key: Hashable {
        var owner: StrategyID
        var instrument: InstrumentID
        var side: Side
        var purpose: OrderPurpose
    }

    var key: Key
    var text: String
    var other: String?
}

extension WhatIfSide {
    fileprivate func time(_ place: Int) -> Timestamp {
        place < orders.count ? orders[place].createdAt : Timestamp(nanoseconds: .max)
    }

    fileprivate func decisions(_ place: inout Int, at time: Timestamp, _ words: OrderWords) -> [Decision] {
        var decisions: [Decision] = []
        while place < orders.count, orders[place].createdAt <= time {
            let order = orders[place]
            let key = Decision.Key(
                owner: order.owner, instrument: order.request.instrument, side: order.request.side,
                purpose: order.request.purpose)
            let verdict = place < verdicts.count ? verdicts[place] : nil
            decisions.append(Decision(key: key, text: words.text(order, verdict)))
            place += 1
        }
        return decisions
    }
}

/// An order and its end in one line, without its number, which differs between runs.
private struct OrderWords {
    let instruments: [Instrument]

    func text(_ order: Order, _ verdict: String?) -> String {
        let request = order.request
        let instrument = instruments[request.instrument.index]
        var text = "\(request.side.name) \(instrument.text(request.quantity)) \(instrument.symbol) \(request.type.name)"
        if let limit = request.limitPrice { text += " at \(instrument.text(limit))" }
        if let trigger = request.triggerPrice { text += " from \(instrument.text(trigger))" }
        text += ", \(request.purpose.name): \(order.state.name)"
        if let verdict { return text + " (\(verdict))" }
        if !order.filled.isZero {
            let price = instrument.averagePrice(order.filledNotional, order.filled, rounding: .halfEven)
            text += ", \(instrument.text(order.filled)) at \(instrument.text(price))"
        }
        return text
    }
}
