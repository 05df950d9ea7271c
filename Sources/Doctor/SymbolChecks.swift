import Market
import Network
import Venues

// The symbols that are to be traded.
extension BinanceDoctor {
    func examineSymbols(_ diagnosis: inout Diagnosis) async -> [ExaminedSymbol] {
        around.telling("the symbols")
        let rules: [String: Result<SymbolRules, VenueError>]
        do throws(VenueError) { rules = try await askRules() } catch {
            diagnosis.add("symbols", .failed, error.detail, advice: BinanceDoctor.advice(error))
            return []
        }
        var examined: [ExaminedSymbol] = []
        for symbol in plan.symbols {
            let check = "symbol \(symbol)"
            guard !around.isInterrupted() else {
                diagnosis.skip([check], BinanceDoctor.interruption)
                continue
            }
            do throws(VenueError) {
                guard let rules = try rules[symbol]?.get() else {
                    diagnosis.add(check, .failed, "the venue says nothing of it", advice: "take it out of feed.symbols")
                    continue
                }
                let listing = try await venue.listing(of: symbol, pausing: { _ in })
                let scales = listing.usualScales
                let instrument = try listing.instrument(priceScale: scales.price, quantityScale: scales.quantity)
                let finding = BinanceDoctor.finding(rules)
                diagnosis.findings.append(finding)
                let reference = try? await venue.referencePrice(of: instrument, pausing: { _ in })
                examined.append(
                    ExaminedSymbol(
                        instrument: instrument, rules: rules, reference: reference,
                        isTraded: finding.status != .failed))
            } catch {
                diagnosis.add(check, .failed, error.detail, advice: BinanceDoctor.advice(error))
            }
        }
        return examined
    }

    /// The rules of all symbols in one request; one by one when the venue does not know one of them, since it then says
    /// nothing of the others either.
    private func askRules() async throws(VenueError) -> [String: Result<SymbolRules, VenueError>] {
        do throws(VenueError) {
            return try await venue.rules(of: plan.symbols, pausing: { _ in }).mapValues { .success($0) }
        } catch {
            guard error.kind == .unknownSymbol else { throw error }
        }
        var rules: [String: Result<SymbolRules, VenueError>] = [:]
        for symbol in plan.symbols {
            do throws(VenueError) {
                rules[symbol] = try await venue.rules(of: [symbol], pausing: { _ in })[symbol].map { .success($0) }
            } catch {
                rules[symbol] = .failure(error)
            }
        }
        return rules
    }

    /// What is to be said of a symbol's state and of what it takes.
    static func finding(_ rules: SymbolRules) -> Finding {
        let check = "symbol \(rules.symbol)"
        guard rules.status == "TRADING" else {
            return Finding(
                check, .failed, "it is \(rules.status), and takes no orders that open",
                advice: "wait until the venue trades it again, or take it out of feed.symbols")
        }
        guard rules.isSpotAllowed else {
            return Finding(check, .failed, "it is not traded on Spot", advice: "take it out of feed.symbols")
        }
        let missing = SpotOrderType.allCases.filter { !rules.orderTypes.contains($0) }
        let words = missing.map(\.rawValue).joined(separator: ", ")
        if missing.contains(.market) || missing.contains(.limit) {
            return Finding(check, .failed, "TRADING, but it takes no \(words)", advice: "take it out of feed.symbols")
        }
        if !missing.isEmpty {
            return Finding(
                check, .warning, "TRADING; it takes no \(words)", advice: "orders of these types are refused there")
        }
        return Finding(check, .ok, "TRADING, takes all \(rules.orderTypes.count) types of orders")
    }
}
