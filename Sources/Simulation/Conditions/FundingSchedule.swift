public import Market
import Trading

/// When longs and shorts pay each other, and how much: a positive rate is paid by longs to shorts, a dividend is received by
/// longs.
public enum FundingSchedule: Sendable, Hashable {
    /// The same rate each time, at the multiples of an interval since the epoch.
    case constant(rate: Ratio, interval: Int64)
    /// Recorded instants, in the order of time.
    case recorded([FundingPoint])

    /// Everything that is out of range, in words.
    public var problems: [String] {
        switch self {
        case .constant(let rate, let interval):
            var problems = FundingSchedule.problems(of: rate)
            if interval < 60_000_000_000 { problems.append("funding-interval: expected a minute or more") }
            return problems
        case .recorded(let points):
            if points.isEmpty { return ["funding: there is no instant in it"] }
            for (point, next) in zip(points, points.dropFirst()) where next.time <= point.time {
                return ["funding: \(next.time) does not come after \(point.time)"]
            }
            return points.lazy.flatMap { FundingSchedule.problems(of: $0.rate) }.first.map { [$0] } ?? []
        }
    }

    private static func problems(of rate: Ratio) -> [String] {
        rate > .percent(10) || rate < -.percent(10)
            ? ["funding: the rate \(rate) is out of range; expected -10%…10%"] : []
    }
}

/// One instant at which funding is exchanged.
public struct FundingPoint: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// The share of the notional that longs pay shorts.
    public var rate: Ratio
    /// The mark price of the instant; `nil` takes the price of the bars.
    public var mark: Price?
    /// What a share pays who is long, and costs who is short; zero for funding.
    public var dividend: Price

    /// An instant of its parts.
    public init(time: Timestamp, rate: Ratio, mark: Price? = nil, dividend: Price = .zero) {
        self.time = time
        self.rate = rate
        self.mark = mark
        self.dividend = dividend
    }
}

/// Where in its schedule an instrument stands.
struct FundingCursor: Sendable {
    private let schedule: FundingSchedule
    private var place = 0
    /// The next instant; far beyond all data when there is none.
    private(set) var due: Timestamp

    static let never = Timestamp(nanoseconds: .max)

    /// A cursor at the first instant at or after `start`.
    init(_ schedule: FundingSchedule, from start: Timestamp) {
        self.schedule = schedule
        switch schedule {
        case .constant(_, let interval):
            let floor = start.nanoseconds / interval * interval
            due = Timestamp(nanoseconds: floor < start.nanoseconds ? floor + interval : floor)
        case .recorded(let points):
            place = points.firstIndex { $0.time >= start } ?? points.count
            due = place < points.count ? points[place].time : FundingCursor.never
        }
    }

    /// The instant that is due; moves on to the next.
    mutating func take() -> FundingPoint {
        switch schedule {
        case .constant(let rate, let interval):
            defer { due = due.adding(nanoseconds: interval) }
            return FundingPoint(time: due, rate: rate)
        case .recorded(let points):
            let point = points[place]
            place += 1
            due = place < points.count ? points[place].time : FundingCursor.never
            return point
        }
    }
}

extension SimulatedVenue {
    /// When funding is next exchanged in an instrument; beyond all data where it never is.
    func fundingDue(_ instrument: InstrumentID) -> Timestamp {
        fundings.isEmpty ? FundingCursor.never : fundings[instrument.index].due
    }

    /// Takes every instant before `end` (at it too, where `isInclusive`) off the schedule and has the positions held now
    /// pay or receive; settlements follow.
    ///
    /// - Parameter mark: the mark price of an instant whose point brings none.
    mutating func fund(
        _ instrument: InstrumentID, until end: Timestamp, isInclusive: Bool, mark: (FundingPoint) -> Price
    ) {
        let index = instrument.index
        while fundings[index].due < end || isInclusive && fundings[index].due == end {
            let point = fundings[index].take()
            let price = point.mark ?? mark(point)
            for holding in holdings[index] where !holding.quantity.isZero {
                pay(holding, point, price, index)
            }
        }
        nextFunding = fundings.map(\.due).min() ?? FundingCursor.never
    }

    private mutating func pay(_ holding: VenueHolding, _ point: FundingPoint, _ price: Price, _ index: Int) {
        // Rounded against who holds it: what is paid up, what is received down.
        let amount =
            instruments[index].notional(price, holding.quantity).share(point.rate, rounding: .ceiling)
            - instruments[index].notional(point.dividend, holding.quantity)
        if amount.isZero { return }
        cash = cash - amount
        costs.funding += amount
        if isMargined, let place = margins[index].firstIndex(where: { $0.owner == holding.owner }) {
            margins[index][place].margin -= amount.units
        }
        markets[index].quietLow = .max
        settlements.append(
            TimedSettlement(
                time: point.time,
                settlement: VenueSettlement(
                    owner: holding.owner, instrument: holding.instrument, kind: .funding(amount))
            ))
    }
}
