public import Market

/// What carries a position that was opened on margin.
public enum MarginMode: String, Sendable, Hashable, CaseIterable {
    /// The margin set aside when it was opened, alone: no more than that is lost.
    case isolated
    /// The whole equity of the account.
    case cross
}

/// From a notional on, what share of it must be left as margin.
public struct MaintenanceTier: Sendable, Hashable {
    /// The notional that the tier begins at, in whole units of the quote currency.
    public var from: Int64
    /// The share of the notional, above 0 and below 1.
    public var rate: Ratio

    /// A tier of its parts.
    public init(from: Int64, rate: Ratio) {
        self.from = from
        self.rate = rate
    }
}

/// The terms of a margin account: how much may be opened, and when the venue closes it.
///
/// The maintenance margin of a notional is `notional × rate − deduction` of its tier. A tier's deduction is what makes the
/// margin continuous at its border, `deduction = deduction before + from × (rate − rate before)`, as venues publish it.
public struct MarginTerms: Sendable, Hashable {
    /// How many times the margin a position may be worth when it is opened.
    public var leverage: Int
    /// What carries a position.
    public var mode: MarginMode
    /// The tiers, by their beginnings; the first begins at 0.
    public var tiers: [MaintenanceTier]
    /// The fee of a liquidation as a share of the notional closed, in place of the taker fee; never more than is left.
    public var liquidationFee: Ratio

    /// Terms of their parts.
    public init(
        leverage: Int, mode: MarginMode = .isolated, tiers: [MaintenanceTier] = MarginTerms.usualTiers,
        liquidationFee: Ratio = .basisPoints(50)
    ) {
        self.leverage = leverage
        self.mode = mode
        self.tiers = tiers
        self.liquidationFee = liquidationFee
    }

    /// A table as large venues publish it for their largest contract: 0.4 % up to 50,000, then 0.5, 1, 2.5, 5, 10, 12.5, 15,
    /// 25 and 50 % from 50,000, 250,000, 1, 10, 20, 50, 100, 200 and 300 million.
    public static let usualTiers: [MaintenanceTier] = [
        MaintenanceTier(from: 0, rate: .basisPoints(40)),
        MaintenanceTier(from: 50_000, rate: .basisPoints(50)),
        MaintenanceTier(from: 250_000, rate: .percent(1)),
        MaintenanceTier(from: 1_000_000, rate: .basisPoints(250)),
        MaintenanceTier(from: 10_000_000, rate: .percent(5)),
        MaintenanceTier(from: 20_000_000, rate: .percent(10)),
        MaintenanceTier(from: 50_000_000, rate: .basisPoints(1_250)),
        MaintenanceTier(from: 100_000_000, rate: .percent(15)),
        MaintenanceTier(from: 200_000_000, rate: .percent(25)),
        MaintenanceTier(from: 300_000_000, rate: .percent(50)),
    ]

    /// Everything that is out of range, in words.
    public var problems: [String] {
        var problems: [String] = []
        if !(1...125).contains(leverage) {
            problems.append("leverage: \(leverage) is out of range; expected 1 to 125")
        }
        if liquidationFee < .zero || liquidationFee > .percent(10) {
            problems.append("liquidation-fee-bps: \(liquidationFee) is out of range; expected 0%…10%")
        }
        if tiers.first?.from != 0 { problems.append("maintenance-tiers: the first tier begins at 0") }
        for (tier, next) in zip(tiers, tiers.dropFirst()) where next.from <= tier.from || next.rate < tier.rate {
            problems.append(
                "maintenance-tiers: the tier from \(next.from) at \(next.rate) does not follow the one from "
                    + "\(tier.from) at \(tier.rate); expected rising notionals and rates")
        }
        for tier in tiers where tier.rate <= .zero || tier.rate >= .one {
            problems.append(
                "maintenance-tiers: the rate \(tier.rate) is out of range; expected above 0% and below 100%")
        }
        return problems
    }

    /// The deduction of each tier, in units of money.
    var deductions: [Int128] {
        var deductions: [Int128] = []
        for (place, tier) in tiers.enumerated() {
            guard place > 0 else {
                deductions.append(0)
                continue
            }
            // A whole amount times a ratio of eight decimals: exact in sixteen.
            let step = Int128(tier.rate.units - tiers[place - 1].rate.units)
            deductions.append(deductions[place - 1] + Int128(tier.from) * step * 100_000_000)
        }
        return deductions
    }
}

/// Margin terms with what is computed once.
struct MarginRules: Sendable {
    let terms: MarginTerms
    private let floors: [Int128]
    private let rates: [Int128]
    private let deductions: [Int128]

    init(_ terms: MarginTerms) {
        self.terms = terms
        floors = terms.tiers.map { Int128($0.from) * Money.unitsPerWhole }
        rates = terms.tiers.map { Int128($0.rate.units) }
        deductions = terms.deductions
    }

    private static let one = Int128(Ratio.one.units)

    /// The margin that must be left for a notional without sign, rounded up. O(tiers).
    func maintenance(of notional: Int128) -> Int128 {
        var tier = 0
        while tier + 1 < floors.count, floors[tier + 1] <= notional { tier += 1 }
        let (whole, rest) = notional.quotientAndRemainder(dividingBy: MarginRules.one)
        let share = whole * rates[tier] + (rest * rates[tier]).divided(by: MarginRules.one, rounding: .ceiling)
        return share - deductions[tier]
    }

    /// The margin that opening a notional without sign takes, rounded up.
    func initial(of notional: Int128) -> Int128 {
        notional.divided(by: Int128(terms.leverage), rounding: .ceiling)
    }

    /// Whether the venue closes a position at a price: what carries it is not above the maintenance margin.
    func isLiquidated(_ line: MarginLine, at price: Price) -> Bool {
        let worth = line.worth(at: price)
        return line.constant + worth <= maintenance(of: worth < 0 ? -worth : worth)
    }

    /// The price nearest to the market at which a position is closed: the highest for a long, the lowest for a short;
    /// `nil` for a long that no price closes. O(bits of a price × tiers).
    func liquidationPrice(_ line: MarginLine) -> Price? {
        guard line.quantity != 0 else { return nil }
        let unit = (line.quantity < 0 ? -Int128(line.quantity) : Int128(line.quantity)) * line.factor
        let highest = Int128(Int64.max)
        if line.quantity > 0 {
            // Whoever owes nothing is never closed: the margin is a part of the worth.
            guard line.constant < 0 else { return nil }
            let steepest = MarginRules.one - (rates.last ?? 0)
            let most = (-line.constant / steepest + 1) * MarginRules.one
            var closed = min(-line.constant / unit, highest - 1)
            var open = min(most / unit + 2, highest)
            while open - closed > 1 {
                let middle = closed + (open - closed) / 2
                if isLiquidated(line, at: Price(mantissa: Int64(middle))) { closed = middle } else { open = middle }
            }
            return closed > 0 ? Price(mantissa: Int64(closed)) : nil
        }
        // At the price that the whole of it is gone the venue has closed it.
        var open: Int128 = 0
        var closed = min(max(line.constant, 0) / unit + 1, highest)
        while closed - open > 1 {
            let middle = open + (closed - open) / 2
            if isLiquidated(line, at: Price(mantissa: Int64(middle))) { closed = middle } else { open = middle }
        }
        return Price(mantissa: Int64(closed))
    }

    /// The last price at which nothing is owed: what a liquidation fills at, at worst.
    func bankruptcyPrice(_ line: MarginLine) -> Price {
        let unit = (line.quantity < 0 ? -Int128(line.quantity) : Int128(line.quantity)) * line.factor
        let units =
            line.quantity > 0
            ? max((-line.constant).divided(by: unit, rounding: .ceiling), 1)
            : max(line.constant.divided(by: unit, rounding: .floor), 1)
        return Price(mantissa: Int64(clamping: units))
    }
}

/// What carries a position as a line over the price: `constant + quantity × price`.
struct MarginLine: Sendable {
    /// What there would be if the position were worth nothing, in units of money.
    var constant: Int128
    /// What is held; short below zero.
    var quantity: Int64
    /// Units of money in one unit of price times one of quantity.
    var factor: Int128

    /// What the position is worth at a price, negative for a short.
    func worth(at price: Price) -> Int128 { Int128(price.mantissa) * Int128(quantity) * factor }

    /// What carries it at a price.
    func equity(at price: Price) -> Int128 { constant + worth(at: price) }
}
