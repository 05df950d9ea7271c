import GRDB
import Market
import Testing
import Trading

@testable import Storage

@Suite struct RecordTests {
    private func prepared() throws -> (store: Store, table: InstrumentTable) {
        let store = try Store.inMemory()
        return (store, try store.declare([Sample.instrument, Sample.other]))
    }

    @Test func recoveryGivesBackEverythingExactly() throws {
        let (store, table) = try prepared()
        var account = Account(cash: Sample.money("10000"))
        account.cash = Money(units: 99_999_999_999_999_999_999, .usdt)
        account.equity = Sample.money("9876.54321")
        account.dayStartEquity = Sample.money("9900")
        account.day = 19_358
        account.fees = Sample.money("1.25")
        let open = Sample.order(7)
        let position = Sample.position(-345_000)
        try store.write(
            [
                .order(Sample.order(6, state: .filled)), .order(open), .fill(Sample.fill(6, trade: 1)),
                .position(position), .tradingState(.halted, at: Sample.now),
            ], account: account, peaks: [(StrategyID(rawValue: 3), Sample.money("5100.5"))], equityPoint: true,
            at: Sample.now, table)
        let recovery = try store.recover(table)
        #expect(recovery.openOrders == [open])
        #expect(recovery.positions == [position])
        #expect(recovery.account == account && recovery.accountTime == Sample.now)
        #expect(recovery.peaks == [StrategyID(rawValue: 3): Sample.money("5100.5")])
        #expect(recovery.nextOrderID == OrderID(rawValue: 8))
        #expect(recovery.tradingState == .halted)
        #expect(recovery.table.instruments == [Sample.instrument, Sample.other])
    }

    @Test func theStopAndTheTargetOfAnEntryAreKeptAlsoOfAClosedOne() throws {
        let (store, table) = try prepared()
        var entries: [Order] = []
        let wanted = [
            EntryProtection(stop: Price(mantissa: 90), target: Price(mantissa: 110)),
            EntryProtection(stop: Price(mantissa: 90)), EntryProtection(target: Price(mantissa: 110)), nil,
        ]
        for (number, protection) in wanted.enumerated() {
            var order = Sample.order(UInt64(number + 1), state: number == 0 ? .accepted : .filled)
            order.request.protection = protection
            entries.append(order)
        }
        try store.write(entries.map { .order($0) }, at: Sample.now, table)
        #expect(try store.orders().map(\.order).reversed() == entries)
        #expect(try store.recover(table).openOrders == [entries[0]])
    }

    @Test func aTrailingOrderKeepsItsDistance() throws {
        let (store, table) = try prepared()
        var order = Sample.order(1)
        order.request.type = .trailingStop
        order.request.limitPrice = nil
        order.request.trailing = 150
        var target = Sample.order(2)
        target.request.type = .takeProfitLimit
        try store.write([.order(order), .order(target)], at: Sample.now, table)
        #expect(try store.recover(table).openOrders == [order, target])
    }

    @Test func anEmptyStoreRecoversToABeginning() throws {
        let (store, table) = try prepared()
        let recovery = try store.recover(table)
        #expect(recovery.openOrders.isEmpty && recovery.positions.isEmpty && recovery.account == nil)
        #expect(recovery.nextOrderID.rawValue == 1 && recovery.nextStrategyID.rawValue == 1)
        #expect(recovery.tradingState == .active && recovery.strategies.isEmpty)
    }

    @Test func instrumentsOfOpenPositionsJoinARunThatDoesNotListThem() throws {
        let (store, table) = try prepared()
        try store.write([.position(Sample.position(5)), .order(Sample.order(1))], at: Sample.now, table)
        let recovery = try store.recover(try store.declare([Sample.other]))
        #expect(recovery.table.instruments == [Sample.other, Sample.instrument])
        #expect(recovery.positions[0].instrument == InstrumentID(1))
        #expect(recovery.openOrders[0].request.instrument == InstrumentID(1))
    }

    @Test func writingTheSameRecordsAgainChangesNothing() throws {
        let (store, table) = try prepared()
        var trip = RoundTrip(owner: StrategyID(rawValue: 1), instrument: InstrumentID(0), quote: .usdt)
        trip.openedAt = Sample.start
        trip.closedAt = Sample.now
        trip.quantity = Quantity(mantissa: 3)
        trip.fees = Sample.money("0.5")
        let records: [Trading.Record] = [
            .fill(Sample.fill(1, trade: 1)), .fill(Sample.fill(1, trade: 2)), .trip(trip), .order(Sample.order(1)),
            .position(Sample.position(1)),
        ]
        try store.write(records, at: Sample.now, table)
        try store.write(records, at: Sample.now, table)
        #expect(try store.fills().count == 2)
        #expect(try store.trips().map(\.trip) == [trip])
        #expect(try store.orders().count == 1)
        #expect(try store.positions().count == 1)
    }

    @Test func aFillOfTheSameTradeStaysAsItCameFirst() throws {
        let (store, table) = try prepared()
        try store.write([.fill(Sample.fill(1, trade: 1))], at: Sample.now, table)
        try store.write([.fill(Sample.fill(1, trade: 1, price: 1))], at: Sample.now, table)
        #expect(try store.fills().map(\.record) == [Sample.fill(1, trade: 1)])
    }

    @Test func aStepIsWrittenWhollyOrNotAtAll() throws {
        let (store, table) = try prepared()
        try store.write([.order(Sample.order(1))], at: Sample.now, table)
        try store.write { try $0.execute(sql: "DROP TABLE positions") }
        #expect(throws: StoreError.self) {
            try store.write(
                [.order(Sample.order(2)), .fill(Sample.fill(2, trade: 1)), .position(Sample.position(1))],
                at: Sample.now, table)
        }
        #expect(try store.orders().map(\.order.id.rawValue) == [1])
        #expect(try store.fills().isEmpty)
    }

    @Test func signalsAndVerdictsKeepWhatExplainsThem() throws {
        let (store, table) = try prepared()
        let signal = SignalRecord(
            strategy: StrategyID(rawValue: 1), instrument: InstrumentID(0), time: Sample.now,
            price: Price(mantissa: 5),
            signal: Signal(
                .long, strength: 0.5, confidence: 0.25, rule: "fast crosses above slow",
                values: [
                    NamedValue("fast", 1.5), NamedValue("slow", .nan),
                ]), outcome: "order 12")
        let verdict = Verdict(
            order: OrderID(rawValue: 12), time: Sample.now,
            outcomes: [
                CheckOutcome(.halt, isPassed: true),
                CheckOutcome(
                    .exposure, isPassed: false, value: 62_000_000, limit: 50_000_000, unit: .ratio),
            ])
        try store.write([.signal(signal), .verdict(verdict)], at: Sample.now, table)
        var kept = signal
        kept.signal.values[1].value = 0
        #expect(try store.signals().map(\.record) == [kept])
        #expect(try store.signals(of: StrategyID(rawValue: 2)).isEmpty)
        let text = try store.read { try String.fetchOne($0, sql: "SELECT text FROM verdicts WHERE order_id = 12") }
        #expect(text == verdict.text)
        let outcomes = try store.read { try String.fetchOne($0, sql: "SELECT outcomes FROM verdicts") }
        #expect(outcomes?.contains("\"limit\":\"0.5\"") == true)
    }

    @Test func theEquityCurveIsThinnedAndKeepsItsNewestPoint() throws {
        let (store, table) = try prepared()
        for index in 0..<100 {
            let account = Account(cash: Sample.money("\(1_000 + index)"))
            try store.write(
                [], account: account, equityPoint: true, at: Sample.start.adding(seconds: Int64(index)), table)
        }
        #expect(try store.equity().count == 100)
        let thin = try store.equity(limit: 10)
        #expect(thin.count == 10)
        #expect(thin.last?.equity == Sample.money("1099"))
        #expect(try store.equity(from: Sample.start.adding(seconds: 98)).count == 2)
    }

    @Test(arguments: [TradingState.active, .halted, .reducing(.drawdown), .reducing(.dailyLoss)])
    func theTradingStateOutlivesARestart(state: TradingState) throws {
        let (store, _) = try prepared()
        try store.setTradingState(state, at: Sample.now)
        #expect(try store.tradingState() == state)
    }

    @Test func anUnreadableTradingStateIsReadAsHalted() throws {
        let (store, _) = try prepared()
        try store.setValue("garbled", for: "trading.state", at: Sample.now)
        #expect(try store.tradingState() == .halted)
    }

    @Test func moneyColumnsAreExact() {
        let cases: [(String, Int128)] = [
            ("0", 0), ("1", 10_000_000_000_000_000), ("-0.0000000000000001", -1), ("12.5", 125_000_000_000_000_000),
        ]
        for (text, units) in cases {
            let money = Money(units: units, .usdt)
            #expect(Storage.Column.money(text, .usdt) == money)
            #expect(money.decimalText == text)
        }
    }

    @Test(arguments: ["", "-", ".", "1e5", "0.00000000000000001", "1.2.3", "99999999999999999999999999999999999999"])
    func whatIsNoAmountIsRefused(text: String) {
        #expect(Storage.Column.money(text, .usdt) == nil)
    }

    @Test func extremeAmountsComeBack() {
        let extremes: [Int128] = [.max, .min + 1, 1, -1]
        for units in extremes {
            let money = Money(units: units, .usdt)
            #expect(Storage.Column.money(money.decimalText, .usdt) == money)
        }
    }
}
