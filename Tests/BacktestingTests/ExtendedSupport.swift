import Market
import Testing
import Trading

@testable import Backtesting

/// Returns that a formula of whole numbers makes, so that any program can make the same.
func formulaReturns(_ count: Int, shift: Int = 480) -> [Double] {
    (0..<count).map { Double(($0 * $0 * 31 + $0 * 7_919) % 1_009 - shift) / 25_000 }
}

/// Marks that begin with 10,000 and have these returns but for rounding at 10⁻¹².
func daily(_ returns: [Double], from first: String = "2023-01-15") -> DailyEquity {
    var equity = 10_000.0
    let units = returns.map { value -> Int128 in
        equity *= 1 + value
        return Int128(equity * 1e12) * 10_000
    }
    return DailyEquity(
        initial: Money(whole: 10_000, .usdt), firstDay: Timestamp(iso8601: first)?.day ?? 0, units: units)
}

/// Marks of whole amounts.
func marks(_ initial: Int64, _ amounts: [Int64], from first: String = "2023-01-15") -> DailyEquity {
    DailyEquity(
        initial: Money(whole: initial, .usdt), firstDay: Timestamp(iso8601: first)?.day ?? 0,
        units: amounts.map { Money(whole: $0, .usdt).units })
}

/// Whether a value is the expected one to a relative tolerance.
func isClose(_ value: Double?, _ expected: Double, _ tolerance: Double = 1e-9) -> Bool {
    value.map { abs($0 - expected) <= tolerance * abs(expected) } ?? false
}

/// A round trip of one unit in whole prices, with a fee of whole units for both sides.
func trip(
    _ side: Side = .buy, _ entry: Int64, _ exit: Int64, from opened: Int64 = 0, to closed: Int64 = 60, fee: Int64 = 0,
    _ purpose: OrderPurpose = .exit, isOpen: Bool = false
) -> RoundTrip {
    var trip = RoundTrip(owner: StrategyID(rawValue: 1), instrument: InstrumentID(0), quote: .usdt)
    trip.side = side
    trip.quantity = Quantity(mantissa: 100_000_000)
    trip.entryNotional = Money(whole: entry, .usdt)
    trip.exitNotional = Money(whole: exit, .usdt)
    trip.fees = Money(whole: fee, .usdt)
    trip.openedAt = Timestamp(seconds: opened)
    trip.closedAt = Timestamp(seconds: closed)
    trip.exitPurpose = purpose
    trip.isOpen = isOpen
    return trip
}
