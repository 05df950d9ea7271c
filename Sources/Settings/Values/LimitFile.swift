public import Market
public import Trading

/// The limits of a file that a backtest is asked to hold to (`--limits FILE`): section `risk` for the account, written as
/// in `wick.yaml`, and section `strategy` for the strategy. What is not said is off: nothing is limited by default.
public struct LimitFile: Sendable, Hashable {
    /// The account's limits.
    public var account: RiskLimits
    /// The strategy's own.
    public var strategy: StrategyLimits

    /// The limits of a file.
    ///
    /// - Parameters:
    ///   - file: the file.
    ///   - currency: what amounts are of: the quote currency of what is traded.
    /// - Throws: `SettingsError` with everything that is wrong with it.
    public init(_ file: String, currency: Currency) throws(SettingsError) {
        try self.init(SettingsDocument(file: file), currency)
    }

    /// The limits written in a text; see `init(_:currency:)`.
    ///
    /// - Throws: `SettingsError` with everything that is wrong with it.
    public init(text: String, name: String = "limits.yaml", currency: Currency) throws(SettingsError) {
        try self.init(SettingsDocument(text: text, file: name), currency)
    }

    private init(_ document: SettingsDocument, _ currency: Currency) throws(SettingsError) {
        let root = Section(document)
        account = root.section("risk") { LimitSections.risk($0, currency, defaults: .none) }
        strategy = root.section("strategy") { LimitSections.strategy($0, currency) }
        root.finish()
        guard root.problems.isEmpty else { throw SettingsError(root.problems) }
    }
}
