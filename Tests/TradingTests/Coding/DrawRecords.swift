import Market

@testable import Trading

extension Draw {
    mutating func signal() -> SignalRecord {
        SignalRecord(
            strategy: strategy(), instrument: instrument(), time: time(), price: price(),
            signal: Signal(
                one(of: [.long, .flat, .short]), strength: double(), confidence: double(), rule: text(),
                values: (0..<below(4)).map { _ in NamedValue(text(), double()) }), outcome: text())
    }

    mutating func verdict() -> Verdict {
        let outcomes = (0..<below(5)).map { _ in
            let units: [CheckOutcome.Unit] = [
                .count, .money, .ratio, .price(scale: below(17)), .quantity(scale: below(17)), .seconds,
            ]
            return CheckOutcome(
                one(of: RiskCheck.allCases), isPassed: flag(), value: Int128(number()) * Int128(number()),
                limit: Int128(number()), unit: one(of: units))
        }
        return Verdict(order: order(), time: time(), outcomes: outcomes)
    }

    mutating func trip() -> RoundTrip {
        var trip = RoundTrip(owner: strategy(), instrument: instrument(), quote: .usdt)
        trip.side = flag() ? .buy : .sell
        trip.openedAt = time()
        trip.closedAt = time()
        trip.quantity = quantity()
        // One currency, as in every trip there is.
        let quote = currency()
        trip.entryNotional = Money(units: money().units, quote)
        trip.exitNotional = Money(units: money().units, quote)
        trip.fees = Money(units: money().units, quote)
        trip.exitPurpose = OrderPurpose(rawValue: UInt8(below(9)))!
        trip.funding = Money(units: flag() ? money().units : 0, quote)
        trip.isOpen = flag()
        return trip
    }

    mutating func position() -> Position {
        var position = Position(owner: strategy(), instrument: instrument(), quote: currency())
        position.quantity = quantity()
        position.cost = money()
        position.realized = money()
        position.fees = money()
        position.openedAt = time()
        position.trip = trip()
        return position
    }

    mutating func limits() -> RiskLimits {
        RiskLimits(
            maximumOpenOrders: maybe { Int($0.number()) }, maximumOrderNotional: maybe { $0.money() },
            maximumPositionNotional: maybe { $0.money() }, maximumExposure: maybe { $0.ratio() },
            maximumDrawdown: maybe { $0.ratio() }, maximumDailyLoss: maybe { $0.ratio() },
            maximumDataAgeSeconds: maybe { $0.number() }, priceBand: maybe { $0.ratio() })
    }

    mutating func registration() -> StrategyRegistration {
        let parameters = try! Parameters(
            ScriptedStrategy.descriptor.parameters, overrides: [("long", "\(below(1_000))")])
        return StrategyRegistration(
            id: strategy(), name: text(), className: text(), parameters: parameters, instrument: instrument(),
            timeframe: one(of: Timeframe.all), sizing: one(of: [.allIn, .quantity(quantity()), .equityShare(ratio())]),
            capitalShare: ratio(),
            protection: Protection(
                stopLoss: maybe { $0.ratio() }, takeProfit: maybe { $0.ratio() }, trailingStop: maybe { $0.ratio() }),
            limits: StrategyLimits(
                maximumPositionNotional: maybe { $0.money() }, maximumShare: maybe { $0.ratio() },
                maximumDrawdown: maybe { $0.ratio() }), status: one(of: [.enabled, .disabled, .halted]))
    }

    mutating func truth() -> VenueTruth {
        VenueTruth(
            corrections: (0..<below(3)).map { _ in
                PositionCorrection(
                    owner: strategy(), instrument: instrument(), quantity: quantity(), price: price(), tradeID: bits())
            }, cash: maybe { $0.money() }, instruments: (0..<below(3)).map { _ in instrument() })
    }

    mutating func settlement() -> VenueSettlement {
        VenueSettlement(
            owner: strategy(), instrument: instrument(), kind: flag() ? .liquidation(fill()) : .funding(money()))
    }

    mutating func rules() -> InstrumentRules {
        InstrumentRules(
            tick: Price(mantissa: Int64(below(1_000)) + 1), quantityStep: Quantity(mantissa: Int64(below(1_000)) + 1),
            marketQuantityStep: Quantity(mantissa: Int64(below(1_000))), minimumQuantity: quantity(),
            maximumQuantity: quantity(), maximumMarketQuantity: flag() ? quantity() : .zero,
            minimumNotional: Int64(below(1_000_000)))
    }

    mutating func command() -> Command {
        let history = (0..<below(4)).map { _ in candle() }
        let commands: [Command] = [
            .register(registration(), history: history), .remove(strategy()), .enable(strategy(), history: history),
            .disable(strategy()), .place(request(), owner: strategy()), .cancel(order()),
            .cancelAll(maybe { $0.instrument() }), .close(strategy(), instrument()), .halt,
            .emergencyStop(keepsProtection: flag()), .flatten, .rearm, .limits(limits()), .resetBreakers,
            .block(instrument(), reason: text()), .unblock(instrument()), .accept(truth()),
            .haltStrategy(strategy(), reason: text()), .catchUp(strategy(), candles: history),
            .settle(settlement()),
            .bookClaimed(ClaimedTrade(instrument: instrument(), side: flag() ? .buy : .sell, fill: fill())),
            .bound(instrument(), quantity()), .rules(instrument(), rules()),
        ]
        return one(of: commands)
    }

    mutating func event() -> Event {
        one(of: [
            .candle(instrument(), one(of: Timeframe.all), candle()), .quote(instrument(), quote()), .report(report()),
            .command(command(), at: time()), .timer(time()),
        ])
    }

    mutating func alert() -> Alert {
        Alert(
            time: time(), priority: one(of: AlertPriority.allCases), kind: text(), text: text(),
            instrument: maybe { $0.instrument() }, strategy: maybe { $0.strategy() }, order: maybe { $0.order() })
    }

    mutating func effect() -> Effect {
        let fillRecord = FillRecord(
            order: order(), owner: strategy(), instrument: instrument(), side: flag() ? .buy : .sell, time: time(),
            fill: fill(), purpose: .entry)
        let state: TradingState = one(of: [.active, .reducing(.drawdown), .reducing(.dailyLoss), .halted])
        return one(of: [
            .submit(fullOrder()), .cancel(order()), .amend(order(), amendment()), .query(order()),
            .record(.signal(signal())), .record(.verdict(verdict())), .record(.order(fullOrder())),
            .record(.fill(fillRecord)), .record(.position(position())), .record(.trip(trip())),
            .record(.strategy(registration(), reason: text())), .record(.strategyRemoved(strategy())),
            .record(.tradingState(state, at: time())), .record(.refusal(text())), .alert(alert()),
        ])
    }

    /// A book of up to four levels a side, of any prices.
    mutating func book() -> BookDepth {
        func levels(_ draw: inout Draw) -> [BookLevel] {
            (0..<draw.below(5)).map { _ in
                let quote = draw.quote()
                return BookLevel(price: quote.bid, quantity: quote.bidSize)
            }
        }
        return BookDepth(time: time(), bids: levels(&self), asks: levels(&self))
    }

    mutating func marketInput() -> MarketInput {
        let id = InstrumentID(below(3))
        return one(of: [
            .quote(id, quote()), .print(id, print()), .timer(time()), .minute(id, candle()), .bar(id, candle()),
            .book(id, book()),
        ])
    }
}
