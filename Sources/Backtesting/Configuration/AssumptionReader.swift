import Market
public import Simulation

extension BarPath {
    /// The names of the ways through a bar, as options say them.
    public static let optionNames: [(name: String, path: BarPath)] = [
        ("pessimistic", .pessimistic), ("optimistic", .optimistic), ("nearest", .nearestExtremeFirst),
        ("high-first", .highFirst), ("low-first", .lowFirst),
    ]
}

extension OptionReader {
    /// The conditions of a run; `nil` values are left out.
    mutating func conditions(_ text: AssumptionText, _ instrument: Instrument) -> MarketConditions {
        for found in text.problems { problem(found) }
        var conditions = MarketConditions()
        conditions.margin = margin(text)
        conditions.funding = funding(text, instrument)
        conditions.slippage = slippage(text)
        conditions.latency = latency(text)
        conditions.fees = fees(text)
        conditions.sessions = sessions(text)
        for text in conditions.problems { problem(text) }
        if conditions.margin != nil, !instrument.kind.allowsShort {
            problem("leverage: \(instrument.name) is traded for cash; --kind linear-perpetual trades it on margin")
        }
        if conditions.funding != nil, instrument.kind != .linearPerpetual {
            problem("funding: only perpetual contracts exchange funding; expected --kind linear-perpetual")
        }
        if let file = text.corporateActions, let payments = CorporateActions(actions(file, instrument)).payments {
            if conditions.funding != nil { problem("corporate-actions: what pays dividends exchanges no funding") }
            conditions.funding = payments
        }
        return conditions
    }

    private mutating func margin(_ text: AssumptionText) -> MarginTerms? {
        let others: [(String, Bool)] = [
            ("margin", text.margin != nil), ("maintenance-tiers", text.maintenanceTiers != nil),
            ("liquidation-fee-bps", text.liquidationFeeBasisPoints != nil),
        ]
        guard let leverage = text.leverage else {
            for (name, isSaid) in others where isSaid { problem("\(name): says nothing without --leverage") }
            return nil
        }
        guard let times = Int(leverage) else {
            problem("leverage: '\(leverage)' is no whole number; expected 1 to 125")
            return nil
        }
        var terms = MarginTerms(leverage: times)
        if let mode = text.margin {
            if let known = MarginMode(rawValue: mode.lowercased()) {
                terms.mode = known
            } else {
                problem("margin: '\(mode)' is neither isolated nor cross")
            }
        }
        if let fee = text.liquidationFeeBasisPoints.flatMap({ basisPoints("liquidation-fee-bps", $0) }) {
            terms.liquidationFee = fee
        }
        if let file = text.maintenanceTiers {
            let tiers = rows(file, "maintenance-tiers", "from,rate with a notional and a percentage", 2...2) {
                (row: [Substring]) throws(DecimalTextError) -> MaintenanceTier? in
                guard let from = Int64(row[0]) else { return nil }
                return MaintenanceTier(from: from, rate: try Ratio(percent: row[1]))
            }
            if !tiers.isEmpty { terms.tiers = tiers }
        }
        return terms
    }

    private mutating func funding(_ text: AssumptionText, _ instrument: Instrument) -> FundingSchedule? {
        if let file = text.funding {
            if text.fundingRateBasisPoints != nil {
                problem("funding: '--funding-rate-bps' says a constant rate; give one of the two")
            }
            let points = rows(file, "funding", "time,rate,mark as 2023-01-01T08:00:00Z,0.0001,16500.5", 2...3) {
                (row: [Substring]) throws(DecimalTextError) -> FundingPoint? in
                guard let time = Timestamp(iso8601: row[0]) else { return nil }
                let mark = row.count > 2 && !row[2].isEmpty ? try instrument.price(row[2]) : nil
                return FundingPoint(time: time, rate: try Ratio(fraction: row[1]), mark: mark)
            }
            return points.isEmpty ? nil : .recorded(points)
        }
        guard let rate = text.fundingRateBasisPoints else {
            if text.fundingInterval != nil { problem("funding-interval: says nothing without --funding-rate-bps") }
            return nil
        }
        let interval = text.fundingInterval ?? "8h"
        let units: [Character: Int64] = ["m": 60, "h": 3_600, "d": 86_400]
        guard let unit = interval.last.flatMap({ units[$0] }), let count = Int64(interval.dropLast()),
            (1...1_000).contains(count)
        else {
            problem("funding-interval: '\(interval)' is no interval; expected 1h, 4h or 8h for example")
            return nil
        }
        return basisPoints("funding-rate-bps", rate).map {
            .constant(rate: $0, interval: count * unit * 1_000_000_000)
        }
    }

    private mutating func fees(_ text: AssumptionText) -> FeeSchedule? {
        guard let file = text.fees else {
            if text.feeDiscountPercent != nil { problem("fee-discount: says nothing without --fees") }
            return nil
        }
        let tiers = rows(file, "fees", "from,maker,taker as 1000000,8,10 with basis points", 3...3) {
            (row: [Substring]) throws(DecimalTextError) -> FeeTier? in
            guard let from = Int64(row[0]) else { return nil }
            return FeeTier(from: from, maker: try Ratio(basisPoints: row[1]), taker: try Ratio(basisPoints: row[2]))
        }
        if tiers.isEmpty { return nil }
        return FeeSchedule(
            tiers: tiers, discount: text.feeDiscountPercent.flatMap { percent("fee-discount", $0) } ?? .zero)
    }

    private mutating func sessions(_ text: AssumptionText) -> SessionCalendar? {
        guard let file = text.sessions else { return nil }
        let sessions = rows(file, "sessions", "date,open,close as 2023-07-03,13:30,17:00", 3...3) {
            (row: [Substring]) throws(DecimalTextError) -> SessionCalendar.Session? in
            guard let open = Timestamp(iso8601: "\(row[0])T\(row[1])"),
                let close = Timestamp(iso8601: "\(row[0])T\(row[2])")
            else { return nil }
            return SessionCalendar.Session(open: open, close: close)
        }
        return sessions.isEmpty ? nil : SessionCalendar(sessions: sessions, bar: 0)
    }

    private mutating func slippage(_ text: AssumptionText) -> SlippageModel? {
        var model = SlippageModel()
        var isSaid = false
        if let spread = text.halfSpreadBasisPoints.flatMap({ basisPoints("half-spread-bps", $0) }) {
            model.halfSpreads = [spread]
            isSaid = true
        }
        if let file = text.halfSpreads {
            if text.halfSpreadBasisPoints != nil {
                problem("half-spreads: '--half-spread-bps' says one for all hours; give one of the two")
            }
            var hours: [Ratio?] = Array(repeating: nil, count: 24)
            let read = rows(file, "half-spreads", "hour,bps as 13,0.75", 2...2) {
                (row: [Substring]) throws(DecimalTextError) -> (Int, Ratio)? in
                guard let hour = Int(row[0]), (0..<24).contains(hour) else { return nil }
                return (hour, try Ratio(basisPoints: row[1]))
            }
            for (hour, rate) in read { hours[hour] = rate }
            let missing = hours.indices.filter { hours[$0] == nil }
            if !missing.isEmpty {
                problem(
                    "half-spreads: \(file.name) says nothing of hour \(missing[0]); expected each hour from 0 to 23")
            }
            model.halfSpreads = hours.map { $0 ?? .zero }
            isSaid = true
        }
        if let impact = text.impact {
            do throws(DecimalTextError) { model.impact = try Ratio(fraction: impact) } catch {
                problem("impact: \(error.description); expected a factor such as 1 or 0.5")
            }
            isSaid = true
        }
        if let window = text.impactWindow {
            if text.impact == nil { problem("impact-window: says nothing without --impact") }
            if let bars = Int(window) {
                model.window = bars
            } else {
                problem("impact-window: '\(window)' is no whole number; expected 2 to 100000 bars")
            }
        }
        return isSaid ? model : nil
    }

    private mutating func latency(_ text: AssumptionText) -> LatencyModel? {
        var seed: UInt64 = 1
        if let written = text.latencySeed {
            if text.latencies == nil { problem("latency-seed: says nothing without --latency-file") }
            if let number = UInt64(written) {
                seed = number
            } else {
                problem("latency-seed: '\(written)' is no whole number from 0 on")
            }
        }
        func nanoseconds(_ text: Substring) throws(DecimalTextError) -> Int64 {
            try DecimalText.mantissa(text, scale: 6)
        }
        if let file = text.latencies {
            if text.latency != nil { problem("latency-file: '--latency-ms' says constant ones; give one of the two") }
            let ways = rows(file, "latency-file", "milliseconds as 12.5", 1...1) {
                (row: [Substring]) throws(DecimalTextError) -> Int64? in try nanoseconds(row[0])
            }
            if ways.isEmpty { return nil }
            return LatencyModel(entry: ways, cancel: ways, answer: ways, bar: 0, seed: seed)
        }
        guard let written = text.latency else { return nil }
        let parts = written.split(separator: ",", omittingEmptySubsequences: false)
        do throws(DecimalTextError) {
            if parts.count == 3 {
                return LatencyModel(
                    entry: [try nanoseconds(parts[0])], cancel: [try nanoseconds(parts[1])],
                    answer: [try nanoseconds(parts[2])], bar: 0)
            }
            problem("latency-ms: '\(written)' has \(parts.count) parts; expected entry,cancel,answer as 20,20,10")
        } catch {
            problem("latency-ms: \(error.description); expected entry,cancel,answer as 20,20,10")
        }
        return nil
    }

    /// The way through bars, and whether the kindest one is wanted beside the cruellest.
    mutating func path(_ text: String?) -> (path: BarPath, isBoth: Bool) {
        guard let text else { return (.pessimistic, false) }
        if text.lowercased() == "both" { return (.pessimistic, true) }
        if let known = BarPath.optionNames.first(where: { $0.name == text.lowercased() }) { return (known.path, false) }
        let names = BarPath.optionNames.map(\.name).joined(separator: ", ")
        problem("path: '\(text)' is no way through a bar; expected \(names) or both")
        return (.pessimistic, false)
    }
}
