import Market
import Trading

/// The sections about limits, which `wick.yaml` and limit files share.
enum LimitSections {
    /// The account's limits.
    static func risk(_ section: Section, _ currency: Currency, defaults: RiskLimits) -> RiskLimits {
        RiskLimits(
            maximumOpenOrders: section.optionalInteger(
                "open-orders", in: 1...10_000, default: defaults.maximumOpenOrders, example: 30),
            maximumOrderNotional: section.optionalMoney("order-notional", currency, example: 5_000)
                ?? defaults.maximumOrderNotional,
            maximumPositionNotional: section.optionalMoney("position-notional", currency, example: 10_000)
                ?? defaults.maximumPositionNotional,
            maximumExposure: section.optionalPercent(
                "exposure-percent", upTo: 10_000, default: defaults.maximumExposure, example: 100),
            maximumDrawdown: section.optionalPercent(
                "drawdown-percent", upTo: 100, default: defaults.maximumDrawdown, example: 25),
            maximumDailyLoss: section.optionalPercent(
                "daily-loss-percent", upTo: 100, default: defaults.maximumDailyLoss, example: 10),
            maximumDataAgeSeconds: section.optionalInteger(
                "data-age-seconds", in: 1...86_400, default: defaults.maximumDataAgeSeconds.map(Int.init), example: 30
            ).map(Int64.init),
            priceBand: section.optionalPercent(
                "price-band-percent", upTo: 100, default: defaults.priceBand, example: 10))
    }

    /// A strategy's own limits.
    static func strategy(_ section: Section, _ currency: Currency) -> StrategyLimits {
        StrategyLimits(
            maximumPositionNotional: section.optionalMoney("position-notional", currency, example: 2_500),
            maximumShare: section.optionalPercent("share-percent", upTo: 10_000, default: nil, example: 25),
            maximumDrawdown: section.optionalPercent("drawdown-percent", upTo: 100, default: nil, example: 10))
    }
}
