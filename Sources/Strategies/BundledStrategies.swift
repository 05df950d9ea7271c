import Rules
public import Trading

extension StrategyCatalog {
    /// The strategies that come with the product, in the order they are listed, and those whose name is the text of their
    /// rules.
    public static let bundled = StrategyCatalog(
        [
            SMACrossover.self,
            EMACrossover.self,
            RSIMeanReversion.self,
            BollingerBreakout.self,
            MACDCrossover.self,
            SupertrendFollower.self,
        ], reader: RuleClass.strategyClass(named:))
}
