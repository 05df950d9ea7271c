import Backtesting
import Market
import Simulation
import Trading

// A run at other costs.
extension BacktestConfiguration {
    /// The run with everything that trading costs multiplied: the fixed fees and slippage, the rates of a schedule, half
    /// spreads, impact, and the ways of orders, on which prices drift. Funding is no cost of trading and stays.
    ///
    /// - Parameter factor: 0 or more.
    func costs(times factor: Double) -> BacktestConfiguration {
        func times(_ ratio: Ratio) -> Ratio { Ratio(units: Int64((Double(ratio.units) * factor).rounded())) }
        var other = self
        other.venue.makerFee = times(venue.makerFee)
        other.venue.takerFee = times(venue.takerFee)
        other.venue.slippage = times(venue.slippage)
        if let fees = conditions.fees {
            other.conditions.fees?.tiers = fees.tiers.map {
                FeeTier(from: $0.from, maker: times($0.maker), taker: times($0.taker))
            }
        }
        if let slippage = conditions.slippage {
            other.conditions.slippage?.halfSpreads = slippage.halfSpreads.map(times)
            other.conditions.slippage?.impact = slippage.impact.map(times)
        }
        if let latency = conditions.latency {
            func longer(_ ways: [Int64]) -> [Int64] {
                ways.map { Int64(min(Double($0) * factor, BacktestConfiguration.longestWay).rounded()) }
            }
            other.conditions.latency?.entry = longer(latency.entry)
            other.conditions.latency?.cancel = longer(latency.cancel)
            other.conditions.latency?.answer = longer(latency.answer)
        }
        return other
    }

    /// The run with a fee on both sides and no other cost of trading.
    func costs(_ fee: Ratio) -> BacktestConfiguration {
        var other = self
        other.venue.makerFee = fee
        other.venue.takerFee = fee
        other.venue.slippage = .zero
        other.conditions.fees = nil
        other.conditions.slippage = nil
        other.conditions.latency = nil
        return other
    }

    /// The longest way of an order in nanoseconds: a day.
    private static let longestWay = 86_400e9
}

extension TradingCosts {
    /// All of them: what the account is poorer by than had it traded at the prices that were there.
    var total: Money {
        let moved = spread + slippage + impact + drift
        return fees + moved + funding
    }
}
