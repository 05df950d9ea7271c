public import Market
import Trading

/// From a volume of thirty days on, what fills cost.
public struct FeeTier: Sendable, Hashable {
    /// The traded notional that the tier begins at, in whole units of the quote currency.
    public var from: Int64
    /// The fee of fills that rested; negative for a rebate.
    public var maker: Ratio
    /// The fee of fills that took.
    public var taker: Ratio

    /// A tier of its parts.
    public init(from: Int64, maker: Ratio, taker: Ratio) {
        self.from = from
        self.maker = maker
        self.taker = taker
    }
}

/// Fees by what was traded in the thirty UTC days before the day of the fill.
///
/// Fees paid in a third asset at a discount are charged in the quote currency at the discounted rate: what that asset costs
/// is not simulated.
public struct FeeSchedule: Sendable, Hashable {
    /// The tiers, by their beginnings; the first begins at 0.
    public var tiers: [FeeTier]
    /// The share taken off positive fees because they are paid in a third asset.
    public var discount: Ratio

    /// A schedule of its parts.
    public init(tiers: [FeeTier], discount: Ratio = .zero) {
        self.tiers = tiers
        self.discount = discount
    }

    /// Everything that is out of range, in words.
    public var problems: [String] {
        var problems: [String] = []
        if tiers.first?.from != 0 { problems.append("fees: the first tier begins at 0") }
        for (tier, next) in zip(tiers, tiers.dropFirst()) where next.from <= tier.from {
            problems.append("fees: the tier from \(next.from) does not come after the one from \(tier.from)")
        }
        let half = Ratio.percent(50)
        for tier in tiers {
            for rate in [tier.maker, tier.taker] where rate > half || rate < -half {
                problems.append("fees: the rate \(rate) is out of range; expected -50%…50%")
            }
        }
        if discount < .zero || discount > .one {
            problems.append("fees: the discount \(discount) is out of range; expected 0%…100%")
        }
        return problems
    }

    /// A rate after the discount, rounded up; rebates are not discounted.
    func discounted(_ rate: Ratio) -> Ratio {
        guard rate.units > 0, discount.units > 0 else { return rate }
        let share = Int128(rate.units) * Int128(Ratio.one.units - discount.units)
        return Ratio(units: Int64(share.divided(by: Int128(Ratio.one.units), rounding: .ceiling)))
    }

    /// The taker fee that everybody begins with.
    public var firstTakerFee: Ratio { tiers.first.map { discounted($0.taker) } ?? .zero }
}

/// Where in a fee schedule an account stands.
struct FeeStanding: Sendable {
    private let schedule: FeeSchedule
    /// Notional by UTC day, the last thirty before today and today.
    private var days: [(day: Int64, notional: Int128)] = []
    private(set) var maker: Ratio
    private(set) var taker: Ratio
    private var day = Int64.min

    init(_ schedule: FeeSchedule) {
        self.schedule = schedule
        maker = schedule.tiers.first.map { schedule.discounted($0.maker) } ?? .zero
        taker = schedule.firstTakerFee
    }

    /// Takes the tier anew when a day has begun: what was traded on the thirty days before it counts.
    mutating func advance(to time: Timestamp) {
        guard time.day > day else { return }
        day = time.day
        days.removeAll { $0.day < day - 30 }
        let volume = days.reduce(Int128(0)) { $0 + $1.notional }
        guard let tier = schedule.tiers.last(where: { Int128($0.from) * Money.unitsPerWhole <= volume }) else { return }
        maker = schedule.discounted(tier.maker)
        taker = schedule.discounted(tier.taker)
    }

    /// Counts what was traded.
    mutating func note(_ notional: Money) {
        if days.last?.day == day {
            days[days.count - 1].notional += notional.units
        } else {
            days.append((day, notional.units))
        }
    }
}

extension SimulatedVenue {
    /// The fee of a fill in force.
    func feeRate(_ liquidity: Liquidity) -> Ratio {
        if let standing { return liquidity == .maker ? standing.maker : standing.taker }
        return liquidity == .maker ? options.makerFee : options.takerFee
    }
}
