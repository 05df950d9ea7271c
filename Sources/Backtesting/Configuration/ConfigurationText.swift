public import Market
import Simulation
public import Strategies
public import Trading

/// A configuration as people write it, from options or a form; `nil` takes the default.
public struct BacktestText: Sendable, Hashable {
    /// The strategy class.
    public var strategy: String
    /// Parameters, `name` and `value` each.
    public var parameters: [Parameter]
    /// The cash, `10000`.
    public var cash: String
    /// The fee of both sides in basis points, `10`.
    public var feeBasisPoints: String
    /// The maker fee in basis points, where it differs.
    public var makerFeeBasisPoints: String?
    /// What buyers of a spot instrument pay fees in: `quote`, or `base` for what they bought; `nil` is `quote`.
    public var feeAsset: String?
    /// The slippage in basis points, `0`.
    public var slippageBasisPoints: String
    /// `all-in`, `fixed:N` or `percent:P`.
    public var sizing: String
    /// The quantity step that replaces the instrument's, `0.001`.
    public var quantityStep: String?
    /// The share of a candle's volume that an order may fill, in percent, `10`.
    public var participationPercent: String?
    /// Whether orders wait for the next candle that traded, instead of filling at the open of one without volume.
    public var waitsForVolume: Bool
    /// The distance of a stop-loss from the entry, in percent.
    public var stopLossPercent: String?
    /// The distance of a take-profit from the entry, in percent.
    public var takeProfitPercent: String?
    /// The distance of a trailing stop from the best close, in percent.
    public var trailingStopPercent: String?
    /// What is assumed of the market.
    public var assumptions = AssumptionText()

    /// One written parameter.
    public struct Parameter: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its value as written.
        public var text: String

        /// A parameter of its parts.
        public init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    /// The defaults for a strategy class: 10000, all in, ten basis points, no slippage.
    public init(strategy: String, parameters: [Parameter] = []) {
        self.strategy = strategy
        self.parameters = parameters
        cash = "10000"
        feeBasisPoints = "10"
        slippageBasisPoints = "0"
        sizing = "all-in"
        waitsForVolume = false
    }

    /// The configuration for runs over an instrument.
    ///
    /// - Throws: `BacktestError.invalid` with everything that is wrong, each with the option's name and what was
    ///   expected.
    public func configuration(
        for instrument: Instrument, catalog: StrategyCatalog = .bundled
    ) throws(BacktestError) -> BacktestConfiguration {
        var reader = OptionReader()
        let values = reader.parameters(self, catalog)
        let takerFee = reader.basisPoints("fee-bps", feeBasisPoints, from: -5_000) ?? .zero
        let makerFee = makerFeeBasisPoints.flatMap { reader.basisPoints("maker-fee-bps", $0, from: -5_000) }
        if makerFeeBasisPoints != nil, assumptions.fees != nil {
            reader.problem("maker-fee-bps: says nothing with --fees, whose lines say what makers pay")
        }
        let way = reader.path(assumptions.path)
        let conditions = reader.conditions(assumptions, instrument)
        let venue = SimulatedVenueOptions(
            makerFee: makerFee ?? takerFee, takerFee: takerFee, feeAsset: reader.feeAsset(feeAsset),
            slippage: reader.basisPoints("slippage-bps", slippageBasisPoints, from: 0) ?? .zero,
            participation: participationPercent.flatMap { reader.percent("participation", $0) }, path: way.path,
            fillsInEmptyBars: !waitsForVolume)
        let sizing = reader.sizing(self.sizing, instrument)
        let cash = reader.money("cash", self.cash, instrument.quote)
        let step = quantityStep.flatMap { reader.quantity("quantity-step", $0, instrument) }
        let protection = Protection(
            stopLoss: stopLossPercent.flatMap { reader.percent("stop-loss", $0) },
            takeProfit: takeProfitPercent.flatMap { reader.percent("take-profit", $0) },
            trailingStop: trailingStopPercent.flatMap { reader.percent("trailing-stop", $0) })
        guard reader.problems.isEmpty, let values, let cash, let sizing else {
            throw .invalid(reader.problems)
        }
        var configuration = BacktestConfiguration(
            strategy: strategy, parameters: values, cash: cash, venue: venue, sizing: sizing, protection: protection,
            quantityStep: step, catalog: catalog)
        configuration.conditions = conditions
        configuration.measuresAmbiguity = way.isBoth
        return configuration
    }
}

/// Reads written options and collects what is wrong with them.
struct OptionReader {
    private(set) var problems: [String] = []

    mutating func problem(_ text: String) { problems.append(text) }

    mutating func parameters(_ text: BacktestText, _ catalog: StrategyCatalog) -> Parameters? {
        guard let strategyClass = catalog.strategyClass(named: text.strategy) else {
            let known = catalog.classes.map { $0.descriptor.name }.joined(separator: ", ")
            problems.append("strategy: there is no class '\(StrategyClass.title(of: text.strategy))'; known: \(known)")
            return nil
        }
        if strategyClass.descriptor.parameters.isEmpty, !text.parameters.isEmpty {
            let title = StrategyClass.title(of: text.strategy)
            problems += text.parameters.map { "param \($0.name): there is no such parameter; \(title) has none" }
            return nil
        }
        do {
            return try Parameters(
                strategyClass.descriptor.parameters, overrides: text.parameters.map { ($0.name, $0.text) })
        } catch {
            problems += error.problems.map { "param \($0.description)" }
            return nil
        }
    }

    mutating func basisPoints(_ option: String, _ text: String) -> Ratio? {
        do throws(DecimalTextError) { return try Ratio(basisPoints: text) } catch {
            problems.append("\(option): \(error.description); expected basis points such as 10 or 7.5")
            return nil
        }
    }

    mutating func feeAsset(_ text: String?) -> FeeAsset {
        switch text?.lowercased() {
        case nil, "quote": return .quote
        case "base": return .received
        default:
            problems.append("fee-asset: '\(text ?? "")' is neither quote nor base")
            return .quote
        }
    }

    /// Basis points that may be no more than half of what they are of.
    ///
    /// - Parameter least: the least that they may be.
    mutating func basisPoints(_ option: String, _ text: String, from least: Int) -> Ratio? {
        guard let ratio = basisPoints(option, text) else { return nil }
        if ratio >= .basisPoints(least) && ratio <= .percent(50) { return ratio }
        problems.append("\(option): \(text) is out of range; expected \(least) to 5000 basis points")
        return nil
    }

    mutating func percent(_ option: String, _ text: String) -> Ratio? {
        do throws(DecimalTextError) {
            let ratio = try Ratio(percent: text)
            if ratio > .zero && ratio <= .one { return ratio }
            problems.append("\(option): \(text) is out of range; expected above 0 and up to 100 percent")
        } catch {
            problems.append("\(option): \(error.description); expected a percentage such as 5 or 2.5")
        }
        return nil
    }

    mutating func money(_ option: String, _ text: String, _ currency: Currency) -> Money? {
        do throws(DecimalTextError) {
            let money = try Money(text, currency)
            if money.units > 0 { return money }
            problems.append("\(option): \(text) is not positive")
        } catch {
            problems.append("\(option): \(error.description); expected an amount such as 10000 or 2500.50")
        }
        return nil
    }

    mutating func quantity(_ option: String, _ text: String, _ instrument: Instrument) -> Quantity? {
        do throws(DecimalTextError) {
            let quantity = try instrument.quantity(text)
            if quantity.mantissa > 0 { return quantity }
            problems.append("\(option): \(text) is not positive")
        } catch {
            problems.append("\(option): \(error.description); expected a quantity such as 0.001")
        }
        return nil
    }

    mutating func sizing(_ text: String, _ instrument: Instrument) -> Sizing? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch (parts.first.map { $0.lowercased() }, parts.count) {
        case ("all-in", 1):
            return .allIn
        case ("fixed", 2):
            return quantity("sizing", String(parts[1]), instrument).map(Sizing.quantity)
        case ("percent", 2):
            return percent("sizing", String(parts[1])).map(Sizing.equityShare)
        default:
            problems.append("sizing: '\(text)' is not a sizing; expected all-in, fixed:N or percent:P")
            return nil
        }
    }
}
