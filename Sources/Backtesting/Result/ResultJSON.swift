import Market
import Trading

extension BacktestResult {
    /// The result as one JSON object: the keys of `docs/backtesting.md` in their order.
    ///
    /// Amounts are JSON numbers with every digit they have; ratios are the shortest decimals that read back as the same
    /// double, and `null` where they are undefined. Everything but `seconds` depends on the input alone.
    ///
    /// - Parameters:
    ///   - seconds: how long the run took, measured by the caller; there is no clock in here.
    ///   - extended: the extended figures of this result, whose keys follow the others; `nil` leaves them out.
    ///   - stamp: what it was made from, whose keys come last; `nil` leaves them out.
    public func json(seconds: Double, extended: ExtendedMetrics? = nil, stamp: RunStamp? = nil) -> String {
        var json = JSONText()
        json.begin("{")
        for figure in figures {
            json.member(figure)
            if figure.key == "strategy" {
                // Rules are their own name: with them the result can be had again when their file is another.
                if StrategyClass.title(of: strategy) != strategy { json.member("rules", strategy) }
                json.member("parameters", parameters)
            }
        }
        json.member("seconds", seconds)
        json.member("open_trade", hasOpenTrade)
        writeData(&json)
        json.member("refused_orders", refusals.count)
        if let extended { json.members(extended, daily) }
        if let assumptions { json.members(assumptions) }
        if let ambiguity { json.members(ambiguity) }
        if let stamp { json.members(stamp) }
        json.end("}")
        return json.text
    }

    private func writeData(_ json: inout JSONText) {
        json.member("missing_bars", missingBars)
        json.member("partial_bars", partialBars)
        json.member("gaps", gaps, timeframe)
    }
}

extension JSONText {
    /// Writes a figure as a member named by its key.
    mutating func member(_ figure: Figure) {
        switch figure.value {
        case .text(let text): member(figure.key, text)
        case .time(let time): member(figure.key, time.description)
        case .count(let count): member(figure.key, count)
        case .money(let money): member(figure.key, money)
        case .fraction(let number), .ratio(let number), .seconds(let number): member(figure.key, number)
        }
    }

    /// Writes parameters as an object.
    mutating func member(_ key: String, _ parameters: Parameters) {
        self.key(key)
        begin("{")
        for (descriptor, value) in zip(parameters.descriptors, parameters.values) {
            if descriptor.isSwitch {
                member(descriptor.name, value != 0)
            } else {
                member(descriptor.name, value)
            }
        }
        end("}")
    }

    /// Writes the gaps of a series.
    mutating func member(_ key: String, _ gaps: [Gap], _ timeframe: Timeframe) {
        self.key(key)
        begin("[")
        for gap in gaps {
            element()
            begin("{")
            member("from", gap.from.description)
            member("to", gap.to.description)
            member("missing", gap.count(of: timeframe))
            end("}")
        }
        end("]")
    }
}

extension JSONText {
    /// What a result was made from, behind everything else.
    mutating func members(_ stamp: RunStamp) {
        member("data_hash", stamp.dataHash)
        if let seed = stamp.seed { member("seed", String(seed)) }
        member("version", stamp.version)
        if let detail = stamp.detailHash { member("detail_hash", detail) }
    }
}

/// What tells whether two results can be expected to be equal, besides their configuration.
public struct RunStamp: Sendable, Hashable {
    /// The fingerprint of the candles.
    public var dataHash: String
    /// The fingerprint of the shorter candles that orders were filled on, where there were any.
    public var detailHash: String?
    /// The seed of the market, where that was made of one.
    public var seed: UInt64?
    /// The release.
    public var version: String

    /// A stamp of its parts.
    public init(dataHash: String, detailHash: String? = nil, seed: UInt64?, version: String) {
        self.dataHash = dataHash
        self.detailHash = detailHash
        self.seed = seed
        self.version = version
    }
}
