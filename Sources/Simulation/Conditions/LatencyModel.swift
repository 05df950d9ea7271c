import Market
import Trading

/// How long it takes from a decision to the venue, and back.
///
/// Inside a bar nothing is known but its extremes. So an order that comes in some time after the open meets the worse of the
/// open and the point that lies as far on the straight way from the open to the extreme that hurts as time has passed of the
/// bar; a cancel lets fills at the open through; and what is sent on the word of a fill waits for the next bar only when it
/// takes longer than the bar.
public struct LatencyModel: Sendable, Hashable {
    /// Nanoseconds from sending an order to its coming in: one for all, or recorded ones to draw from.
    public var entry: [Int64]
    /// Nanoseconds from sending a cancel to its coming in.
    public var cancel: [Int64]
    /// Nanoseconds from something happening at the venue to its being known.
    public var answer: [Int64]
    /// How long the bars that fill are, in nanoseconds.
    public var bar: Int64
    /// The seed of the draws: the same order draws the same for it.
    public var seed: UInt64

    /// A model of its parts.
    public init(entry: [Int64], cancel: [Int64], answer: [Int64], bar: Int64, seed: UInt64 = 1) {
        self.entry = entry
        self.cancel = cancel
        self.answer = answer
        self.bar = bar
        self.seed = seed
    }

    /// Everything that is out of range, in words.
    public var problems: [String] {
        var problems: [String] = []
        for (name, values) in [("entry", entry), ("cancel", cancel), ("answer", answer)] {
            if values.isEmpty { problems.append("latency-ms: there is no value for \(name)") }
            if let value = values.first(where: { !(0...86_400_000_000_000).contains($0) }) {
                problems.append("latency-ms: \(value / 1_000_000) ms is out of range; expected 0 to 86400000")
            }
        }
        return problems
    }

    enum Leg: UInt64 {
        case entry = 1
        case cancel = 2
        case answer = 3
    }

    /// The time of one way of an order.
    func time(_ leg: Leg, _ order: OrderID) -> Int64 {
        let values =
            switch leg {
            case .entry: entry
            case .cancel: cancel
            case .answer: answer
            }
        guard values.count > 1 else { return values.first ?? 0 }
        let bits = HashedNoise(seed: seed).bits(leg.rawValue, Int64(bitPattern: order.rawValue))
        return values[Int(bits % UInt64(values.count))]
    }
}

/// A cancel on its way.
struct DelayedCancel: Sendable {
    var order: OrderID
    var due: Timestamp
}

extension SimulatedVenue {
    /// When a request on an order comes in that was sent at `time`; at once without latency.
    func arrival(_ leg: LatencyModel.Leg, _ order: OrderID, sentAt time: Timestamp) -> Timestamp {
        guard let latency = conditions.latency else { return time }
        // What is sent while a bar is walked answers something that happened in it.
        let known = walk.stage == .idle ? 0 : latency.time(.answer, order)
        return time.adding(nanoseconds: known + latency.time(leg, order))
    }

    /// Whether an order has come in by the end of what is walked.
    func hasArrived(_ order: WorkingOrder) -> Bool { order.due < walk.end }

    /// The price after an order's way to the venue, which began with the bar; the price as it is for one that was there.
    func drifted(_ order: WorkingOrder, _ base: Price) -> Price {
        guard let latency = conditions.latency, let bar = walk.bar, walk.stage == .point, !order.isTriggered,
            order.due > walk.time
        else { return base }
        let late = Int128(order.due.nanoseconds(since: walk.time))
        let isBuy = order.request.side == .buy
        let reach = Int128((isBuy ? bar.high - base : base - bar.low).mantissa)
        let moved = (max(reach, 0) * late).divided(by: Int128(latency.bar), rounding: .ceiling)
        return Price(mantissa: base.mantissa + Int64(isBuy ? moved : -moved))
    }

    /// Carries out the cancels that have come in before `end`.
    mutating func cancelDue(before end: Timestamp, time: Timestamp) {
        guard !delayedCancels.isEmpty else { return }
        for cancel in delayedCancels where cancel.due < end { cancelNow(cancel.order, at: max(cancel.due, time)) }
        delayedCancels.removeAll { $0.due < end }
    }
}
