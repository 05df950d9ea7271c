import Market
import Simulation
import Testing

@testable import Trading

/// A kernel before a venue that misbehaves, driven second by second: quotes, closed minutes, timers.
struct FaultSession {
    let kernel: Kernel
    var venue: FaultyVenue
    var random: SplitMix
    var time = FillTable.start
    var price: Int64 = 10_000
    var alerts: [Alert] = []
    var submitted: [OrderID] = []
    /// What comparisons could not explain by a report that was missed.
    var mismatches: [String] = []
    /// Whether both sides are compared every minute.
    var isReconciling = false
    private var effects: [Effect] = []
    private var open: Int64 = 10_000
    private var high: Int64 = 10_000
    private var low: Int64 = 10_000

    static let instrument = FillTable.instrument(kind: .linearPerpetual)
    static let id = InstrumentID(0)
    static let owners = (1...3 as ClosedRange<Int32>).map(StrategyID.init(rawValue:))

    init(_ plan: FaultPlan, participation: Ratio? = nil) throws {
        let cash = Money(whole: 100_000, .usdt)
        let options = SimulatedVenueOptions(
            makerFee: .basisPoints(2), takerFee: .basisPoints(5), slippage: .basisPoints(1),
            participation: participation)
        kernel = Kernel(
            cash: cash, instruments: [Self.instrument], catalog: ScriptedStrategy.catalog,
            options: KernelOptions(feeEstimate: options.takerFee, recording: .results))
        venue = FaultyVenue(
            SimulatedVenue(instruments: [Self.instrument], cash: cash, options: options, remembered: 1_000),
            plan: plan)
        random = SplitMix(seed: plan.seed &* 31)
        quote()
        for owner in Self.owners {
            let protection =
                owner.rawValue == 3
                ? Protection(stopLoss: .percent(1), trailingStop: .percent(2))
                : Protection(stopLoss: .percent(1), takeProfit: .percent(2))
            let registration = try ScriptedStrategy.registration(
                id: owner.rawValue, seed: Int(plan.seed % 1_000) * 10 + Int(owner.rawValue),
                sizing: owner.rawValue == 1 ? .quantity(Quantity(mantissa: 50_000)) : .equityShare(.percent(10)),
                protection: protection, shorts: true)
            step(.command(.register(registration, history: []), at: time))
        }
    }

    mutating func step(_ event: Event) {
        kernel.step(event, into: &effects)
        settle()
    }

    private mutating func settle() {
        var rounds = 0
        while true {
            rounds += 1
            guard rounds < 5_000 else {
                Issue.record("kernel and venue answer each other for ever at \(time)")
                return
            }
            let batch = effects
            effects = []
            for effect in batch {
                switch effect {
                case .submit(let order):
                    submitted.append(order.id)
                    venue.submit(order, at: time, reference: kernel.mark(order.request.instrument))
                case .cancel(let order): venue.cancel(order, at: time)
                case .amend(let order, let amendment): venue.amend(order, amendment, at: time, reference: nil)
                case .query(let order): venue.query(order, at: time)
                case .alert(let alert): alerts.append(alert)
                case .record: break
                }
            }
            if !effects.isEmpty { continue }
            guard let report = venue.nextReport() else { return }
            kernel.step(.report(report), into: &effects)
        }
    }

    private mutating func quote() {
        let quote = Quote(
            time: time, bid: Price(mantissa: (price - 1) * 100), ask: Price(mantissa: (price + 1) * 100),
            bidSize: Quantity(mantissa: 200_000), askSize: Quantity(mantissa: 200_000))
        if venue.beginQuote(Self.id, quote) {
            while venue.advance() { settle() }
        }
        step(.quote(Self.id, quote))
    }

    /// A second passes; every third the price moves, each minute a candle closes.
    mutating func second(isMoving: Bool = true) {
        time = time.adding(seconds: 1)
        venue.elapse(to: time)
        settle()
        let second = time.nanoseconds / 1_000_000_000
        if isMoving, second % 3 == 0 {
            price = max(2_000, price + random.next(in: -30...30))
            high = max(high, price)
            low = min(low, price)
            quote()
        }
        if second % 60 == 0 {
            let candle = Candle(
                openTime: time.adding(seconds: -60), open: Price(mantissa: open * 100),
                high: Price(mantissa: high * 100), low: Price(mantissa: low * 100),
                close: Price(mantissa: price * 100), volume: Quantity(mantissa: 100_000))
            (open, high, low) = (price, price, price)
            step(.candle(Self.id, .oneMinute, candle))
        }
        step(.timer(time))
        if isReconciling && second % 60 == 30 { reconcile() }
    }

    /// The venue recovers, nothing is decided any more, and time passes until nothing is open to doubt.
    mutating func heal() {
        venue.plan = venue.plan.healed
        for owner in Self.owners { step(.command(.disable(owner), at: time)) }
        for _ in 0..<600 { second(isMoving: false) }
    }

    /// Everything in which kernel and venue differ; empty when they agree.
    var differences: [String] {
        let truth = venue.venue
        var found: [String] = []
        if kernel.account.cash != truth.cash { found.append("cash \(kernel.account.cash) ≠ \(truth.cash)") }
        for owner in Self.owners + [.manual] {
            let ours = kernel.position(owner, Self.id).quantity
            let theirs = truth.holding(owner, Self.id)
            if ours != theirs { found.append("position of \(owner.rawValue): \(ours.mantissa) ≠ \(theirs.mantissa)") }
        }
        let ours = kernel.openOrders.map(\.id)
        if ours != truth.openOrderIDs {
            found.append(
                "open \(kernel.openOrders.map { "\($0.id.rawValue) \($0.state.name)" }) ≠ \(truth.openOrderIDs.map(\.rawValue))"
            )
        }
        for order in kernel.openOrders where order.state == .unknown || order.state == .submitting {
            found.append("order \(order.id.rawValue) is \(order.state.name)")
        }
        if !kernel.inquiries.isEmpty { found.append("still asking about \(kernel.inquiries.map(\.order.rawValue))") }
        return found
    }

    /// Owners that hold something which no stop of its size protects at the venue.
    var unprotected: [StrategyID] {
        Self.owners.filter { owner in
            let position = kernel.position(owner, Self.id)
            guard !position.isDust(Self.instrument) else { return false }
            let open = venue.venue.openOrderIDs
            return !kernel.openOrders.contains {
                $0.owner == owner && open.contains($0.id) && $0.leaves == position.quantity.magnitude
                    && ($0.request.purpose == .stopLoss || $0.request.purpose == .trailingStop)
            }
        }
    }
}

// Comparing both sides, as after a reconnection.
extension FaultSession {
    /// What a comparison finds now.
    var comparison: [ReconciliationStep] {
        Reconciliation.compare(
            ours: kernel.reconciliationView, venue: venue.venue.view(at: time, fillsSince: FillTable.start))
    }

    /// Our side as it would be without blocks, so that a mismatch is told once more.
    var unblocked: ReconciliationView {
        var view = kernel.reconciliationView
        view.blocks = []
        return view
    }

    /// Compares and gives the kernel what was found.
    mutating func reconcile() {
        for step in comparison {
            switch step {
            case .query(let order):
                venue.query(order, at: time)
                self.step(.timer(time))
            case .mismatch, .balance, .conflict: mismatches.append("\(step)")
            case .report, .external, .agreement: break
            }
            if let event = step.event(at: time) { self.step(event) }
        }
    }
}
