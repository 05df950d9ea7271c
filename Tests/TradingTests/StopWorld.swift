import Market

@testable import Trading

/// A venue with one position behind trailing stops, at which every request may fail in every way, as may every answer.
///
/// More is held on the account than the strategy holds, so that nothing but the kernel's own care keeps two stops from
/// selling more than its position.
struct StopWorld {
    private var fixture = Fixture(locksHoldings: true)
    private var state: UInt64
    private var price: Int64 = 100
    private var minute: Int64 = 0
    /// The stops that work at the venue, with their quantities.
    private var working: [OrderID: Int64] = [:]
    private var ends: [OrderID: OrderReport.Kind] = [:]
    private var trade: UInt64 = 1_000
    /// Whether a person was told that the position may be unprotected, since it was protected last.
    private var isTold = false
    /// Whether nothing fails any more.
    private(set) var isCalm = false
    /// What must never be, once it was.
    private(set) var problem: String?

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        fixture.register(script: [("long", "1"), ("flat", "500")], protection: Protection(trailingStop: .percent(10)))
        let entry = fixture.candle(100).submitted[0]
        take(fixture.fill(entry.id, at: 100))
    }

    private mutating func random(_ bound: UInt64) -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return (state >> 11) % bound
    }

    private mutating func chance(_ percent: UInt64) -> Bool { !isCalm && random(100) < percent }

    private var held: Int64 { fixture.kernel.position(StrategyID(rawValue: 1), Fixture.btc).quantity.mantissa }

    // MARK: - What happens

    mutating func candle() {
        price += Int64(random(9))
        take(fixture.candle(price))
        check()
    }

    mutating func second() {
        take(fixture.step(.timer(max(fixture.kernel.now, fixture.now).adding(seconds: 1))))
        if chance(2), let stop = working.keys.min(by: { $0.rawValue < $1.rawValue }) { fill(stop) }
        check()
    }

    private mutating func fill(_ stop: OrderID) {
        guard let quantity = working.removeValue(forKey: stop) else { return }
        trade += 1
        ends[stop] = .filled(
            Fill(
                tradeID: trade, price: Price(mantissa: price * 90), quantity: Quantity(mantissa: quantity),
                quoteFee: .zero(.usdt), liquidity: .taker))
        // Fills are always told, and sometimes late.
        if !chance(30) { tellEnd(stop) }
    }

    /// Nothing fails any more, and what was told to nobody is told: an account is compared in the end.
    mutating func calm() {
        isCalm = true
        for (order, end) in ends.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            guard case .filled = end, fixture.kernel.order(order)?.state.isClosed == false else { continue }
            tell(order, end)
        }
    }

    private mutating func tellEnd(_ order: OrderID) {
        guard let end = ends[order] else { return }
        tell(order, end)
    }

    private mutating func tell(_ order: OrderID, _ kind: OrderReport.Kind) {
        take(fixture.step(.report(OrderReport(order: order, time: max(fixture.kernel.now, fixture.now), kind: kind))))
    }

    // MARK: - What is asked for

    private mutating func take(_ effects: [Effect]) {
        if effects.alerts.contains(where: {
            ["unprotected", "protection-in-doubt", "unanswered", "lost"].contains($0.kind)
        }) {
            isTold = true
        }
        var place = 0
        while place < effects.count {
            defer { place += 1 }
            switch effects[place] {
            case .submit(let order):
                let next = effects[(place + 1)...].first {
                    switch $0 {
                    case .record, .alert: return false
                    default: return true
                    }
                }
                if case .cancel(let old)? = next, order.request.purpose.isStop,
                    fixture.kernel.order(old)?.request.purpose.isStop == true
                {
                    replace(old, by: order)
                    place =
                        effects.indices[(place + 1)...].first {
                            if case .cancel = effects[$0] { return true }
                            return false
                        } ?? place
                } else {
                    self.place(order)
                }
            case .cancel(let order): cancel(order)
            case .query(let order): answer(order)
            case .amend, .record, .alert: break
            }
        }
    }

    private mutating func replace(_ old: OrderID, by order: Order) {
        if chance(8) { fill(old) }
        let isThere = working[old] != nil
        // A request that never arrives, one whose answer is lost, and one that does half of what it is for.
        let arrives = !chance(12)
        let isAnswered = !chance(20)
        var isPlaced = false
        if arrives && isThere {
            working[old] = nil
            ends[old] = .canceled(.venue)
            if !chance(15) {
                working[order.id] = order.request.quantity.mantissa
                isPlaced = true
            } else {
                ends[order.id] = .rejected(.insufficientBalance)
            }
        }
        guard isAnswered else {
            tell(order.id, .unanswered)
            return tell(old, .cancelUnanswered)
        }
        // One answer tells of both halves.
        if ends[old] != nil { tellEnd(old) }
        tell(
            order.id, isPlaced ? .accepted : arrives && isThere ? .rejected(.insufficientBalance) : .rejected(.notSent))
    }

    private mutating func place(_ order: Order) {
        guard order.request.purpose.isStop else {
            // An exit, at the market.
            ends[order.id] = .filled(
                Fill(
                    tradeID: trade, price: Price(mantissa: price * 100), quantity: order.request.quantity,
                    quoteFee: .zero(.usdt), liquidity: .taker))
            trade += 1
            return tellEnd(order.id)
        }
        let arrives = !chance(10)
        if arrives { working[order.id] = order.request.quantity.mantissa }
        if chance(15) { return tell(order.id, .unanswered) }
        tell(order.id, arrives ? .accepted : .rejected(.notSent))
    }

    private mutating func cancel(_ order: OrderID) {
        if chance(10) { return tell(order, .cancelUnanswered) }
        if working.removeValue(forKey: order) != nil { ends[order] = .canceled(.venue) }
        if chance(20) || ends[order] == nil { return tell(order, .cancelUnanswered) }
        tellEnd(order)
    }

    private mutating func answer(_ order: OrderID) {
        if chance(30) { return }
        if let quantity = working[order] {
            return tell(
                order,
                .status(OrderStatus(state: .accepted, quantity: Quantity(mantissa: quantity))))
        }
        switch ends[order] {
        case .filled(let fill)?:
            tellEnd(order)
            tell(order, .status(OrderStatus(state: .filled, quantity: fill.quantity, filled: fill.quantity)))
        case .canceled?:
            let quantity = fixture.kernel.order(order)?.request.quantity ?? .zero
            tell(order, .status(OrderStatus(state: .canceled, quantity: quantity)))
        // What was refused is not known there.
        default: tell(order, .notFound)
        }
    }

    // MARK: - What must hold

    private mutating func check() {
        let stops = working.values.reduce(0, +)
        let sold = ends.reduce(Int64(0)) { sum, end in
            guard case .filled(let fill) = end.value, fixture.kernel.order(end.key)?.state != .filled else {
                return sum
            }
            return sum + fill.quantity.mantissa
        }
        // What has filled and is not told yet is not held any more.
        let truth = held - sold
        if stops > max(truth, 0), stops > 0, truth > 0 { problem = "stops sell \(stops), and \(truth) are held" }
        if working.count > 1 { problem = "\(working.count) stops work" }
        if stops > 0 || truth <= 0 {
            isTold = false
            return
        }
        let isLeaving = fixture.kernel.openOrders.contains { !$0.request.purpose.isStop }
        if !isTold && !isLeaving { problem = "nothing protects \(truth), and nobody was told" }
    }

    /// What is wrong once everything has come to rest; `nil` when nothing is.
    var restProblem: String? {
        let open = fixture.kernel.openOrders.map(\.id)
        if held == 0 { return open.isEmpty && working.isEmpty ? nil : "flat, and \(open) and \(working) are open" }
        guard working.values.reduce(0, +) == held else { return "\(held) held, and stops are \(working)" }
        return Set(open) == Set(working.keys) ? nil : "open by the books \(open), at the venue \(working)"
    }
}
