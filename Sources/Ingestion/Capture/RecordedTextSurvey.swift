import Market
import Venues

/// What a recording in plain text is of, found by reading it once.
struct RecordedTextSurvey {
    /// Recordings in plain text are of Binance Spot.
    static let venue = "BINANCE"

    let instruments: [Instrument]
    let begin: Timestamp
    let end: Timestamp
    let hasMinutes: Bool

    /// After so many lines every symbol has been named, and its tick and step seen.
    private static let decodedLines = 50_000
    /// What symbols are priced in, the longer names first.
    private static let quotes = ["FDUSD", "USDT", "USDC", "TUSD", "BUSD", "BTC", "ETH", "BNB", "EUR", "TRY", "BRL"]

    /// Prices and quantities of a symbol, as far as they tell what they are multiples of.
    fileprivate struct Found {
        var symbol: String
        var priceUnit: Int64 = 0
        var quantityUnit: Int64 = 0
    }

    init(_ path: String, known: [Instrument]) throws(IngestionError) {
        let lines = try LineReader(try ByteSource(path: path), longestLine: RecordedText.longestLine)
        var (begin, end): (Timestamp?, Timestamp) = (nil, .epoch)
        var found: [Found] = []
        var provisional: [Instrument] = []
        var decoder = MarketStreamDecoder([])
        var hasMinutes = false
        var count = 0
        while true {
            let (isThere, bytes) = try lines.next()
            guard isThere else { break }
            guard let bytes, let (time, message) = RecordedText.parts(bytes) else {
                if begin == nil {
                    throw IngestionError(
                        .notCapture, path,
                        "it is neither a capture nor a recording in text (a time in nanoseconds, a blank, a JSON object a "
                            + "line)")
                }
                continue
            }
            if begin == nil { begin = time }
            end = max(end, time)
            count += 1
            guard count <= RecordedTextSurvey.decodedLines, !RecordedText.isBook(message) else { continue }
            if let symbol = RecordedTextSurvey.symbol(message), !found.contains(where: { $0.symbol == symbol }),
                let instrument = RecordedTextSurvey.provisional(symbol, known)
            {
                found.append(Found(symbol: symbol))
                provisional.append(instrument)
                decoder = MarketStreamDecoder(provisional)
            }
            switch try? decoder.decode(message) {
            case .trade(let trade):
                found[trade.instrument].note(trade.print.price, trade.print.quantity)
            case .bookTicker(let ticker):
                found[ticker.instrument].note(ticker.bid, ticker.bidSize)
                found[ticker.instrument].note(ticker.ask, ticker.askSize)
            case .kline: hasMinutes = true
            default: break
            }
        }
        guard let begin, !found.isEmpty else {
            throw IngestionError(.notCapture, path, "no message in it names a symbol of Binance Spot")
        }
        (self.begin, self.end, self.hasMinutes) = (begin, end, hasMinutes)
        instruments = zip(provisional, found).map { instrument, found in
            if known.contains(where: { $0.name == instrument.name }) { return instrument }
            var instrument = instrument
            instrument.rules = InstrumentRules(
                tick: Price(mantissa: max(1, found.priceUnit)),
                quantityStep: Quantity(mantissa: max(1, found.quantityUnit)))
            return instrument
        }
    }

    /// An instrument that is known, or one with eight decimals, which is as many as the venue's numbers have.
    private static func provisional(_ symbol: String, _ known: [Instrument]) -> Instrument? {
        if let instrument = known.first(where: { $0.venue == venue && $0.symbol == symbol }) { return instrument }
        guard let quote = quotes.first(where: { symbol.hasSuffix($0) && symbol.count > $0.count }),
            let base = Currency(String(symbol.dropLast(quote.count))), let quote = Currency(quote)
        else { return nil }
        return Instrument(
            venue: venue, symbol: symbol, base: base, quote: quote,
            rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1)))
    }

    /// The symbol that a message names: the text behind `"s":`.
    private static func symbol(_ message: UnsafeRawBufferPointer) -> String? {
        let mark = Array("\"s\":\"".utf8)
        let bytes = message.prefix(512)
        var index = bytes.startIndex
        while index + mark.count < bytes.endIndex {
            if bytes[index] == mark[0], bytes[index...].starts(with: mark) {
                let name = bytes[(index + mark.count)...].prefix { $0 != 0x22 }
                let isName = name.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
                return isName && (1...20).contains(name.count) ? String(decoding: name, as: UTF8.self) : nil
            }
            index += 1
        }
        return nil
    }
}

extension RecordedTextSurvey.Found {
    fileprivate mutating func note(_ price: Price, _ quantity: Quantity) {
        priceUnit = Self.unit(price.mantissa, priceUnit)
        quantityUnit = Self.unit(quantity.mantissa, quantityUnit)
    }

    /// The largest power of ten, at most a hundred millions, that divides a number and, unless it is 0, the unit so far.
    private static func unit(_ number: Int64, _ unit: Int64) -> Int64 {
        guard number > 0 else { return unit }
        var unit = unit == 0 ? 100_000_000 : unit
        while number % unit != 0 { unit /= 10 }
        return unit
    }
}
