import Market

/// What a Parquet file says of the series in it, under keys of its own: enough to make the same instrument again.
struct SeriesOrigin: Equatable {
    var instrument: Instrument
    /// How long its candles are; `nil` for book features.
    var timeframe: Timeframe?

    /// What every key begins with.
    private static let prefix = "wick."

    /// The keys and their values, in the order in which they are written.
    var keyValues: [(key: String, value: String)] {
        let rules = instrument.rules
        func price(_ price: Price) -> String { DecimalText.text(Int128(price.mantissa), scale: instrument.priceScale) }
        func quantity(_ quantity: Quantity) -> String {
            DecimalText.text(Int128(quantity.mantissa), scale: instrument.quantityScale)
        }
        var pairs = [
            ("venue", instrument.venue), ("symbol", instrument.symbol), ("kind", instrument.kind.rawValue),
            ("base", instrument.base.code), ("quote", instrument.quote.code),
            ("price_scale", "\(instrument.priceScale)"), ("quantity_scale", "\(instrument.quantityScale)"),
            ("tick", price(rules.tick)), ("quantity_step", quantity(rules.quantityStep)),
            ("market_quantity_step", quantity(rules.marketQuantityStep)),
            ("minimum_quantity", quantity(rules.minimumQuantity)),
            ("maximum_quantity", quantity(rules.maximumQuantity)),
            ("minimum_notional", DecimalText.text(Int128(rules.minimumNotional), scale: 8)),
            ("price_band", DecimalText.text(Int128(rules.priceBand.units), scale: Ratio.scale)),
        ]
        if !rules.maximumMarketQuantity.isZero {
            pairs.append(("maximum_market_quantity", quantity(rules.maximumMarketQuantity)))
        }
        if let timeframe { pairs.append(("timeframe", timeframe.description)) }
        return pairs.map { (SeriesOrigin.prefix + $0.0, $0.1) }
    }

    /// An origin of its parts.
    init(_ instrument: Instrument, _ timeframe: Timeframe?) {
        self.instrument = instrument
        self.timeframe = timeframe
    }

    /// The origin that a file names.
    ///
    /// - Returns: `nil` when it names none.
    /// - Throws: `IngestionError` when what it says can't be.
    init?(_ keyValues: [(key: String, value: String)], path: String) throws(IngestionError) {
        func value(_ key: String) -> String? { keyValues.first { $0.key == SeriesOrigin.prefix + key }?.value }
        guard value("symbol") != nil else { return nil }
        func need<Value>(
            _ key: String, _ expected: String, _ read: (String) -> Value?
        ) throws(IngestionError) -> Value {
            guard let text = value(key), let value = read(text) else {
                throw IngestionError(
                    .notCandles, path,
                    "its metadata say '\(value(key) ?? "nothing")' for \(SeriesOrigin.prefix)\(key); "
                        + "\(expected) was expected")
            }
            return value
        }
        func amount(_ key: String, _ scale: Int, from least: Int64 = 0) throws(IngestionError) -> Int64 {
            try need(key, "a decimal of \(scale) places") { text in
                (try? DecimalText.mantissa(text, scale: scale)).flatMap { $0 >= least ? $0 : nil }
            }
        }
        let priceScale = try need("price_scale", "0…16") { Int($0).flatMap { (0...16).contains($0) ? $0 : nil } }
        let quantityScale = try need("quantity_scale", "no more than 16 with that of prices") { text in
            Int(text).flatMap { (0...16 - priceScale).contains($0) ? $0 : nil }
        }
        func isName(_ text: String) -> Bool { (1...32).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 } }
        instrument = Instrument(
            venue: try need("venue", "a name") { isName($0) ? $0.uppercased() : nil },
            symbol: try need("symbol", "a name") { isName($0) ? $0.uppercased() : nil },
            kind: try need("kind", "spot, linearPerpetual or equity") { InstrumentKind(rawValue: $0) },
            base: try need("base", "a currency") { Currency($0) },
            quote: try need("quote", "a currency") { Currency($0) }, priceScale: priceScale,
            quantityScale: quantityScale,
            rules: InstrumentRules(
                tick: Price(mantissa: try amount("tick", priceScale, from: 1)),
                quantityStep: Quantity(mantissa: try amount("quantity_step", quantityScale, from: 1)),
                marketQuantityStep: Quantity(mantissa: try amount("market_quantity_step", quantityScale)),
                minimumQuantity: Quantity(mantissa: try amount("minimum_quantity", quantityScale)),
                maximumQuantity: Quantity(mantissa: try amount("maximum_quantity", quantityScale)),
                // Files of before there was one, and of instruments without one, do not say it.
                maximumMarketQuantity: Quantity(
                    mantissa: value("maximum_market_quantity") == nil
                        ? 0 : try amount("maximum_market_quantity", quantityScale)),
                minimumNotional: try amount("minimum_notional", 8),
                priceBand: Ratio(units: try amount("price_band", Ratio.scale))))
        timeframe = value("timeframe") == nil ? nil : try need("timeframe", "1m … 1d") { Timeframe($0) }
    }
}
