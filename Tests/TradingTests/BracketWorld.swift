import Market

@testable import Trading

/// A venue at which entries leave with their protection, at which every request may fail in every way, and whose events come
/// late, in any order and not always.
///
/// More is held on the account than a bracket buys, so that nothing but the kernel's own care keeps its orders from selling more
/// than it bought.
struct BracketWorld {
    /// An order at the venue.
    private struct Standing {
        var order: Order
        var left: Int64
        var isPending: Bool
    }

    private(set) var fixture = Fixture(cash: 1_000_000, fee: .percent(1), locksHoldings: true)
    private var state: UInt64
    /// Whether the venue takes an entry with its protection as one request.
    private let takesLists: Bool
    /// Whether it takes fees out of what was bought.
    private let feesInBase: Bool
    private var standing: [OrderID: Standing] = [:]
    private var ends: [OrderID: OrderState] = [:]
    private var fills: [OrderID: [Fill]] = [:]
    /// What is not told yet. Answers and what follows from a cancel may be lost; what happens by itself is always told.
    private var queue: [(order: OrderID, kind: OrderReport.Kind, isSure: Bool)] = []
    private var trade: UInt64 = 1_000
    /// What brackets have bought, fees taken off, and sold again, at the venue.
    private var held: Int64 = 0
    private var isTold = false
    private var isCalm = false
    private var nakedSeconds = 0
    private(set) var brackets = 0
    private(set) var protectedBrackets = 0
    /// What must never be, once it was.
    private(set) var problem: String?

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
        takesLists = seed % 3 != 0
        feesInBase = seed % 2 == 0
        fixture.candle(100)
        let others = fixture.place(fixture.request(.buy, 50_000)).submitted[0]
        fixture.fill(others.id, at: 100)
    }

    private mutating func random(_ bound: UInt64) -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return (state >> 11) % bound
    }

    private mutating func chance(_ percent: UInt64) -> Bool { !isCalm && random(100) < percent }

    private var sorted: [OrderID] { standing.keys.sorted { $0.rawValue < $1.rawValue } }

    /// Whether what is held is more than a rest that no order can sell: the smallest is worth 5, at 90.
    private var isHolding: Bool { held >= 100 }

    // MARK: - What happens

    /// A second: orders fill, a person acts, and some of what happened is told.
    mutating func second() {
        if fixture.kernel.brackets.isEmpty, standing.isEmpty, queue.isEmpty, !isCalm, held < 100, random(3) == 0 {
            held = 0
            brackets += 1
            var request = fixture.request(.buy, 1_000, type: .limit, limit: 95)
            request.protection = EntryProtection(
                stop: Price(mantissa: 9_000), target: random(2) == 0 ? Price(mantissa: 11_000) : nil)
            take(fixture.place(request))
        }
        for id in sorted {
            guard let order = standing[id], !order.isPending else { continue }
            if order.order.request.protection != nil, random(4) == 0 || isCalm { fillEntry(id) }
            if order.order.request.purpose.isProtective, chance(3) { fillProtection(id) }
        }
        if chance(4), let entry = sorted.first(where: { standing[$0]?.order.request.protection != nil }) {
            take(fixture.step(.command(.cancel(entry), at: clock)))
        }
        take(fixture.step(.timer(clock.adding(seconds: 1))))
        deliver()
        check()
    }

    private var clock: Timestamp { max(fixture.kernel.now, fixture.now) }

    private mutating func fillEntry(_ id: OrderID) {
        guard var order = standing[id] else { return }
        let quantity = random(3) == 0 ? order.left : min(order.left, 10 * (1 + Int64(random(60))))
        // Cut off, as venues do.
        let fee = feesInBase ? quantity / 100 : 0
        order.left -= quantity
        held += quantity - fee
        isTold = false
        trade += 1
        let fill = Fill(
            tradeID: trade, price: Price(mantissa: 9_500), quantity: Quantity(mantissa: quantity),
            quoteFee: .zero(.usdt), baseFee: Quantity(mantissa: fee), liquidity: .maker)
        fills[id, default: []].append(fill)
        queue.append((id, .filled(fill), true))
        standing[id] = order
        guard order.left == 0 else { return }
        standing[id] = nil
        ends[id] = .filled
        // What waited for it begins to work, or can't.
        let fails = chance(15)
        for other in sorted where standing[other]?.isPending == true {
            standing[other]?.isPending = false
            if fails { end(other, .expired, .expired(.venue), isSure: true) }
        }
    }

    private mutating func fillProtection(_ id: OrderID) {
        guard var order = standing[id] else { return }
        let isTarget = order.order.request.purpose == .takeProfit
        let quantity = isTarget && order.left > 20 && random(2) == 0 ? order.left / 20 * 10 : order.left
        order.left -= quantity
        held -= quantity
        trade += 1
        let fill = Fill(
            tradeID: trade, price: Price(mantissa: isTarget ? 11_000 : 9_000), quantity: Quantity(mantissa: quantity),
            quoteFee: .zero(.usdt), liquidity: .maker)
        fills[id, default: []].append(fill)
        queue.append((id, .filled(fill), true))
        standing[id] = order
        if order.left == 0 {
            standing[id] = nil
            ends[id] = .filled
        }
        for other in sorted where other != id && standing[other]?.order.request.group == order.order.request.group {
            end(other, .expired, .expired(.groupFilled), isSure: true)
        }
    }

    private mutating func end(_ id: OrderID, _ state: OrderState, _ kind: OrderReport.Kind, isSure: Bool = false) {
        standing[id] = nil
        ends[id] = state
        queue.append((id, kind, isSure))
    }

    /// Nothing fails any more; fills that are not told yet are told, for an account is compared in the end.
    mutating func calm() {
        isCalm = true
        for (id, all) in fills.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            for fill in all { queue.append((id, .filled(fill), true)) }
        }
        for (id, state) in ends.sorted(by: { $0.key.rawValue < $1.key.rawValue })
        where fixture.kernel.order(id)?.state.isClosed == false {
            queue.append((id, .status(status(id, state)), true))
        }
    }

    // MARK: - What is told

    private mutating func deliver() {
        for _ in 0..<(isCalm ? 1_000 : 4) {
            guard !queue.isEmpty else { return }
            // What is told of one order is told in its order.
            let picked = queue[isCalm ? 0 : Int(random(UInt64(min(3, queue.count))))].order
            guard let place = queue.firstIndex(where: { $0.order == picked }) else { return }
            let event = queue.remove(at: place)
            if !event.isSure, chance(15) { continue }
            if case .filled(let fill) = event.kind, fixture.kernel.hasBooked(fill, of: event.order) { continue }
            tell(event.order, event.kind)
        }
    }

    private mutating func tell(_ order: OrderID, _ kind: OrderReport.Kind) {
        take(fixture.step(.report(OrderReport(order: order, time: clock, kind: kind))))
    }

    private func status(_ id: OrderID, _ state: OrderState) -> OrderStatus {
        let filled = (fills[id] ?? []).reduce(Quantity.zero) { $0 + $1.quantity }
        let quantity = fixture.kernel.order(id)?.request.quantity ?? .zero
        return OrderStatus(state: state, quantity: quantity, filled: filled)
    }

    private mutating func answer(_ id: OrderID) {
        if chance(30) { return }
        for fill in fills[id] ?? [] { tell(id, .filled(fill)) }
        if let order = standing[id] {
            tell(
                id,
                .status(status(id, order.left < order.order.request.quantity.mantissa ? .partiallyFilled : .accepted)))
        } else if let end = ends[id], end != .rejected {
            tell(id, .status(status(id, end)))
        } else {
            tell(id, .notFound)
        }
    }

    // MARK: - What is asked for

    private mutating func take(_ effects: [Effect]) {
        let words = ["unprotected", "protection-in-doubt", "unanswered", "lost"]
        if effects.alerts.contains(where: { words.contains($0.kind) }) { isTold = true }
        var place = 0
        let asked = effects.filter {
            switch $0 {
            case .record, .alert: return false
            default: return true
            }
        }
        while place < asked.count {
            defer { place += 1 }
            switch asked[place] {
            case .submit(let order):
                var together = [order]
                while place + 1 < asked.count, case .submit(let next) = asked[place + 1],
                    next.request.purpose.isProtective
                {
                    together.append(next)
                    place += 1
                }
                submit(together)
            case .cancel(let id): cancel(id)
            case .query(let id): answer(id)
            case .amend: problem = "an order was amended"
            case .record, .alert: break
            }
        }
    }

    private mutating func submit(_ orders: [Order]) {
        if orders.count > 1, orders[0].request.protection != nil, !takesLists {
            for order in orders.dropFirst() { queue.append((order.id, .rejected(.notSent), true)) }
            return submit([orders[0]])
        }
        let isEntry = orders[0].request.protection != nil
        if isEntry, orders.count == 1, takesLists { problem = "an entry left without its protection" }
        if chance(12) {
            let reason = chance(50) ? OrderReason.venue : isEntry ? .notSent : .overtaken
            for order in orders {
                ends[order.id] = .rejected
                queue.append((order.id, .rejected(reason), false))
            }
            return
        }
        if !chance(8) {
            if orders[0].request.type == .market { return sell(orders[0]) }
            for order in orders {
                standing[order.id] = Standing(
                    order: order, left: order.request.quantity.mantissa, isPending: isEntry && order.id != orders[0].id)
            }
            let kind = chance(15) ? OrderReport.Kind.unanswered : .accepted
            for order in orders { queue.append((order.id, kind, false)) }
        } else {
            for order in orders { queue.append((order.id, .unanswered, false)) }
        }
    }

    private mutating func sell(_ order: Order) {
        trade += 1
        let fill = Fill(
            tradeID: trade, price: Price(mantissa: 8_900), quantity: order.request.quantity, quoteFee: .zero(.usdt),
            liquidity: .taker)
        held -= order.request.quantity.mantissa
        fills[order.id] = [fill]
        ends[order.id] = .filled
        queue.append((order.id, .filled(fill), true))
    }

    private mutating func cancel(_ id: OrderID) {
        if chance(10) { return queue.append((id, .cancelUnanswered, false)) }
        guard let order = standing[id] else { return queue.append((id, .cancelUnanswered, false)) }
        end(id, .canceled, .canceled(.venue))
        let isEntry = order.order.request.protection != nil
        let hasPending = standing.values.contains(where: \.isPending)
        for other in sorted where standing[other] != nil {
            let isOfList = (isEntry || order.isPending) && hasPending
            let isOfPair = standing[other]?.order.request.group == order.order.request.group
            if isOfList || isOfPair && !isEntry { end(other, .canceled, .canceled(.venue)) }
        }
    }

    // MARK: - What must hold

    private var selling: Int64 {
        // Of a pair the larger one counts.
        standing.values.filter { !$0.isPending && $0.order.request.purpose.isProtective }
            .reduce(into: [UInt64: Int64]()) {
                $0[$1.order.request.group] = max($0[$1.order.request.group] ?? 0, $1.left)
            }
            .values.reduce(0, +)
    }

    private mutating func check() {
        if selling > max(held, 0) { problem = problem ?? "\(selling) are for sale, and \(held) were bought" }
        if held < 0 { problem = problem ?? "\(-held) more were sold than bought" }
        let isEntering = standing.values.contains { $0.order.request.protection != nil }
        let hasStop = standing.values.contains { !$0.isPending && $0.order.request.purpose.isStop }
        if hasStop { protectedBrackets = max(protectedBrackets, brackets) }
        guard isHolding, !isEntering, !hasStop else {
            nakedSeconds = 0
            return
        }
        nakedSeconds += 1
        // What is on its way, and what is asked about, is not known yet: nobody can do better than to find out.
        let isFindingOut = !queue.isEmpty || !fixture.kernel.inquiries.isEmpty
        if isFindingOut || isTold { return }
        let isSilent = fixture.kernel.openOrders.contains { $0.state == .submitting || $0.isCancelPending }
        if !isSilent, nakedSeconds > 2 { problem = problem ?? "nothing protects \(held), and nobody was told" }
        if nakedSeconds > 30 { problem = problem ?? "nothing protects \(held) for \(nakedSeconds) s" }
    }

    /// What is wrong once everything has come to rest; `nil` when nothing is.
    var restProblem: String? {
        let open = Set(fixture.kernel.openOrders.map(\.id))
        guard open == Set(standing.keys) else { return "open by the books \(open), at the venue \(standing.keys)" }
        // A rest below 60 may be too small for an order of its own.
        return selling <= held && held - selling < 60 ? nil : "\(held) are held, and \(selling) for sale"
    }

    /// What the kernel looks like, for a failure.
    var account: String {
        "\(fixture.kernel.openOrders.map { "\($0.id.rawValue) \($0.request.purpose) \($0.state) \($0.leaves.mantissa)" }) "
            + "\(fixture.kernel.brackets)"
    }
}
