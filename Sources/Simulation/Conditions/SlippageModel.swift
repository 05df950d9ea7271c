public import Market
import Trading

/// The parts of slippage besides a fixed share: the half spread of the hour, and the impact of the order's size.
///
/// The impact is the square-root law, `k × σ × √(q ÷ V)`: σ the root mean square of the returns of the last bars, V the
/// volume of the bar that fills (J. Bouchaud, J. Bonart, J. Donier, M. Gould, "Trades, Quotes and Prices", 2018, ch. 12).
public struct SlippageModel: Sendable, Hashable {
    /// Half the spread as a share of the price, by the hour of the UTC day: one for all hours, or twenty-four.
    public var halfSpreads: [Ratio]
    /// The factor k in front of the impact; `nil` is no impact.
    public var impact: Ratio?
    /// How many bars σ is taken of.
    public var window: Int

    /// The largest q ÷ V that is reckoned with; a bar without volume counts as it.
    public static let largestShare = 100

    /// A model of its parts.
    public init(halfSpreads: [Ratio] = [.zero], impact: Ratio? = nil, window: Int = 100) {
        self.halfSpreads = halfSpreads
        self.impact = impact
        self.window = window
    }

    /// Everything that is out of range, in words.
    public var problems: [String] {
        var problems: [String] = []
        if halfSpreads.count != 1 && halfSpreads.count != 24 {
            problems.append("half-spread-bps: there are \(halfSpreads.count) rates; expected one, or one for each hour")
        }
        for rate in halfSpreads where rate < .zero || rate > .percent(10) {
            problems.append("half-spread-bps: \(rate) is out of range; expected 0%…10%")
        }
        if let impact, impact < .zero || impact.units > 100 * Ratio.one.units {
            problems.append("impact: the factor is out of range; expected 0 to 100")
        }
        if !(2...100_000).contains(window) {
            problems.append("impact-window: \(window) is out of range; expected 2 to 100000 bars")
        }
        return problems
    }

    /// The half spread of an instant.
    func halfSpread(at time: Timestamp) -> Ratio {
        halfSpreads.count == 24 ? halfSpreads[Int(time.seconds % 86_400) / 3_600] : halfSpreads.first ?? .zero
    }

    /// The share that an order of `quantity` moves its price by, rounded up.
    func impact(of quantity: Quantity, volume: Quantity, deviation: Int64) -> Ratio {
        guard let impact, deviation > 0, quantity.mantissa > 0 else { return .zero }
        let most = Int128(SlippageModel.largestShare) * 10_000_000_000_000_000
        let share =
            volume.mantissa > 0
            ? min((Int128(quantity.mantissa) * 10_000_000_000_000_000) / Int128(volume.mantissa), most) : most
        // The root of sixteen decimals has eight: the scale of a ratio.
        let root = Int128(SlippageModel.root(UInt128(share)))
        let one = Int128(Ratio.one.units)
        let product = (Int128(impact.units) * Int128(deviation)).divided(by: one, rounding: .ceiling) * root
        let moved = product.divided(by: one, rounding: .ceiling)
        return Ratio(units: Int64(min(moved, one / 2)))
    }

    /// The square root, rounded down (Newton's method in integers).
    static func root(_ value: UInt128) -> UInt128 {
        if value < 2 { return value }
        var root = UInt128(1) << UInt128((128 - value.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (root + value / root) / 2
            if next >= root { return root }
            root = next
        }
    }
}

/// The returns of the last bars, for σ.
struct VolatilityWindow: Sendable {
    private var squares: [Int64]
    private var next = 0
    private var count = 0
    private var sum: Int128 = 0
    private var close: Price?

    init(_ length: Int) { squares = Array(repeating: 0, count: length) }

    /// Takes a bar that has traded. O(1).
    mutating func take(_ price: Price) {
        defer { close = price }
        guard let close, close.mantissa > 0 else { return }
        let change = (Int128(price.mantissa) - Int128(close.mantissa)) * Int128(Ratio.one.units)
        // Returns beyond ±1000 % would not fit their square, and say nothing.
        let limit = Int128(10 * Ratio.one.units)
        let rounded = min(max(change.divided(by: Int128(close.mantissa), rounding: .halfEven), -limit), limit)
        let square = Int64(rounded * rounded)
        sum += Int128(square - squares[next])
        squares[next] = square
        next = next + 1 == squares.count ? 0 : next + 1
        count = min(count + 1, squares.count)
    }

    /// The root mean square of the returns, rounded down, in units of a ratio; 0 before the second bar.
    var deviation: Int64 { count == 0 ? 0 : Int64(SlippageModel.root(UInt128(sum / Int128(count)))) }
}

/// A taking fill's price, and how it came to be.
struct TakenPrice: Sendable {
    /// What was there, before anything.
    var base: Price
    /// After the way to the venue.
    var drifted: Price
    /// After half the spread.
    var spread: Price
    /// After the fixed share.
    var slipped: Price
    /// After the impact: what it fills at.
    var price: Price

    /// A price that nothing moves.
    init(_ price: Price) {
        base = price
        drifted = price
        spread = price
        slipped = price
        self.price = price
    }

    /// Whether any stage moved it.
    var isMoved: Bool { base != drifted || drifted != spread || spread != slipped || slipped != price }

    /// No stage beyond a limit.
    mutating func cap(_ side: Side, _ limit: Price) {
        func capped(_ price: Price) -> Price { side == .buy ? min(price, limit) : max(price, limit) }
        drifted = capped(drifted)
        spread = capped(spread)
        slipped = capped(slipped)
        price = capped(price)
    }
}

extension TradingCosts {
    /// Counts what a taking fill's price contains.
    mutating func add(_ taken: TakenPrice, _ side: Side, _ quantity: Quantity, _ instrument: Instrument) {
        func cost(_ from: Price, _ to: Price) -> Money {
            instrument.notional(side == .buy ? to - from : from - to, quantity)
        }
        drift += cost(taken.base, taken.drifted)
        spread += cost(taken.drifted, taken.spread)
        slippage += cost(taken.spread, taken.slipped)
        impact += cost(taken.slipped, taken.price)
    }
}

extension SimulatedVenue {
    /// What an order takes at `base`: moved against it by the time on its way, half the spread, the fixed share and its
    /// impact, each rounded against it.
    func taken(_ position: Int, of index: Int, at base: Price, time: Timestamp) -> TakenPrice {
        let order = books[index][position]
        var taken = TakenPrice(base)
        taken.drifted = drifted(order, base)
        move(&taken, order.request.side, index, time: time, volume: walk.bar?.volume) {
            size(order, index, at: $0)
        }
        return taken
    }

    /// Moves a price that has drifted by half the spread, the fixed share and, where a bar's volume is known, the impact.
    ///
    /// - Parameter size: what is about to fill at a price.
    func move(
        _ taken: inout TakenPrice, _ side: Side, _ index: Int, time: Timestamp, volume: Quantity?,
        size: (Price) -> Quantity
    ) {
        taken.spread = taken.drifted
        if let model = conditions.slippage {
            taken.spread = SimulatedVenue.moved(taken.drifted, side, by: model.halfSpread(at: time))
        }
        taken.slipped = slipped(taken.spread, side)
        taken.price = taken.slipped
        if let model = conditions.slippage, model.impact != nil, let volume {
            let share = model.impact(
                of: size(taken.slipped), volume: volume, deviation: volatility[index].deviation)
            taken.price = SimulatedVenue.moved(taken.slipped, side, by: share)
        }
    }

    /// What an order is about to fill, as far as it is known before its price is: no more than there is for it here, and
    /// than what it may reduce. An amount to spend buys no more than this.
    private func size(_ order: WorkingOrder, _ index: Int, at price: Price) -> Quantity {
        let instrument = instruments[index]
        let step = instrument.quantityStep(of: order.request.type)
        var size = order.leaves
        if let spend = order.request.spend, order.request.quantity.isZero {
            size = instrument.quantity(
                spending: spend, at: price, feeRate: .zero, step: instrument.quantityStep(of: .market))
        }
        if order.request.isReduceOnly { size = min(size, reducible(order.owner, order.request.side, index)) }
        let volume = available(order.request.side, index)
        return volume < size ? volume.rounded(toStep: step, .down) : size
    }

    private static func moved(_ price: Price, _ side: Side, by share: Ratio) -> Price {
        if share.units == 0 { return price }
        return side == .buy ? price.moved(by: share, rounding: .ceiling) : price.moved(by: -share, rounding: .floor)
    }

    /// Takes a bar that has traded into the measure of volatility.
    mutating func measure(_ instrument: InstrumentID, _ candle: Candle) {
        volatility[instrument.index].take(candle.close)
    }
}
