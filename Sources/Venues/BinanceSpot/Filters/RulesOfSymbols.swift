public import Market
public import Network

extension BinanceSpot {
    /// The rules of orders of symbols, by symbol.
    ///
    /// - Parameters:
    ///   - symbols: at least one.
    ///   - pausing: told of every pause before it begins.
    /// - Throws: `VenueError`; of the kind `malformed` when a rule of any of them can't be read.
    public func rules(
        of symbols: [String], pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> [String: SymbolRules] {
        precondition(!symbols.isEmpty, "the rules of all symbols at once are too many")
        let list = "[" + symbols.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        let subject = "\(name):" + symbols.joined(separator: ",")
        let result: Result<[String: SymbolRules], VenueError> = try await ask(
            HTTPRequest(server + "/api/v3/exchangeInfo", query: [.init("symbols", list)]),
            BinanceSpot.weights.exchangeInfo, attempts.listing, about: subject, pausing
        ) { [name] response in
            do throws(VenueError) {
                var rules = try SymbolRules.read(exchangeInfo: response.body)
                let info = try? ExchangeInfo.decode(response.body)
                for symbol in rules.keys { rules[symbol]?.listing = info?.listing(of: symbol, venue: name) }
                return .value(.success(rules))
            } catch {
                // Rules that this release does not understand are the same the next time.
                return .value(.failure(error))
            }
        }
        return try result.get()
    }

    /// The price that the venue holds orders against: its reference price where a symbol has one, else its average.
    ///
    /// - Throws: `VenueError`.
    public func referencePrice(
        of instrument: Instrument, pausing: @Sendable (RequestPause) -> Void
    ) async throws(VenueError) -> Price {
        struct Reference: Decodable { var referencePrice: String? }
        struct Average: Decodable { var price: String }
        let symbol = [HTTPRequest.Parameter("symbol", instrument.symbol)]
        do throws(VenueError) {
            let price: Price? = try await ask(
                HTTPRequest(server + "/api/v3/referencePrice", query: symbol), BinanceSpot.weights.price,
                attempts.listing, about: instrument.name, pausing
            ) { response in
                BinanceSpot.reading { () throws(UnreadableAnswer) in
                    let wire: Reference = try Answer.decode(response.body)
                    return try Answer.price(wire.referencePrice, "referencePrice", instrument)
                }
            }
            if let price { return price }
        } catch {
            // A symbol that never had one is refused, and a venue that has no such service does not serve it.
            guard error.kind == .refused || error.kind == .notServed else { throw error }
        }
        return try await ask(
            HTTPRequest(server + "/api/v3/avgPrice", query: symbol), BinanceSpot.weights.price, attempts.listing,
            about: instrument.name, pausing
        ) { response in
            BinanceSpot.reading { () throws(UnreadableAnswer) in
                let wire: Average = try Answer.decode(response.body)
                return try Answer.need(Answer.price(wire.price, "price", instrument), "price")
            }
        }
    }

    private static func reading<Value>(
        _ read: () throws(UnreadableAnswer) -> Value
    ) -> GuardedClient.Reading<Value> {
        do throws(UnreadableAnswer) { return .value(try read()) } catch {
            return .damaged("the answer can't be read: \(error)")
        }
    }
}
