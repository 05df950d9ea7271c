import Bytes
import Market
public import Simulation
public import Trading

/// Gathers from a session's records what a backtest over the same candles needs, and what the session made of them.
public struct SessionTrades {
    /// Candles that a strategy's history holds at most; the oldest go first.
    private static let historyKept = 10_000

    /// What a strategy listens to, and the candles it has seen.
    private struct Listener {
        var strategy: StrategyID
        var instrument: InstrumentID
        var timeframe: Timeframe
        var seen: [Candle] = []
    }

    private let instruments: [Instrument]
    private var listeners: [Listener]
    private var quotes: [Quote?]
    private var spreads: [TripSpread] = []
    private var positions: [Position]
    private var stretches: [SessionStretch] = []
    /// The places in `stretches` of those under way.
    private var open: [Int] = []
    private var started: Timestamp
    private var last: Timestamp
    /// Round trips that ended in the session and began before it, or belong to no strategy.
    public private(set) var leftOut = 0

    /// A collection for a session that begins in a state; what was recorded before may be told first.
    public init(_ state: SessionState) {
        instruments = state.kernel.instruments
        quotes = Array(repeating: nil, count: instruments.count)
        positions = state.kernel.positions
        started = state.kernel.now
        last = state.kernel.now
        listeners = state.kernel.registrations.map {
            Listener(strategy: $0.id, instrument: $0.instrument, timeframe: $0.timeframe)
        }
    }

    /// Takes a record from before the session: candles that strategies had seen when it began.
    public mutating func learn(_ record: ReplayRecord) {
        guard record.kind == .candle || record.kind == .command else { return }
        var reader = ByteReader(record.payload)
        if let event = try? Event(record.kind, from: &reader) { see(event) }
    }

    /// The session begins: what was enabled before goes on.
    public mutating func begin(_ registrations: [StrategyRegistration]) {
        for registration in registrations where registration.status == .enabled { begin(registration) }
    }

    /// Takes the next item of the session.
    ///
    /// - Throws: `WhatIfError.record` when a record can't be read.
    public mutating func take(_ item: ReplayItem) throws(WhatIfError) {
        switch item {
        case .market(.quote(let id, let quote)):
            quotes[id.index] = quote
            last = max(last, quote.time)
        case .market: break
        case .record(let record):
            var reader = ByteReader(record.payload)
            do {
                if record.kind == .candle || record.kind == .command {
                    see(try Event(record.kind, from: &reader))
                } else if record.kind.isEffect, case .record(let record) = try Effect(record.kind, from: &reader) {
                    take(record)
                }
            } catch {
                throw .record(record.sequence, "\(error)")
            }
        }
    }

    /// The stretches of the session in which candles closed, in the order in which they began; what is still open is
    /// marked at the last close of its stretch.
    public mutating func finish() -> [SessionStretch] {
        for position in positions where position.trip.isOpen {
            guard
                let stretch = stretches.last(where: { $0.registration.id == position.owner }),
                let candle = stretch.candles.last,
                let trip = position.markedTrip(
                    at: candle.close, time: candle.closeTime(stretch.registration.timeframe),
                    instruments[position.instrument.index]),
                let spread = spreads.first(where: { $0.owner == trip.owner && $0.instrument == trip.instrument })
            else { continue }
            keep(PaperTrade(trip: trip, spreadCost: spread.soFar))
        }
        open = []
        return stretches.filter { !$0.candles.isEmpty }
    }

    // MARK: Inputs

    private mutating func see(_ event: Event) {
        switch event {
        case .candle(let instrument, let timeframe, let candle):
            last = max(last, candle.closeTime(timeframe))
            for place in listeners.indices
            where listeners[place].instrument == instrument && listeners[place].timeframe == timeframe {
                show([candle], at: place)
            }
            for place in open
            where stretches[place].registration.instrument == instrument
                && stretches[place].registration.timeframe == timeframe
            {
                stretches[place].candles.append(candle)
            }
        case .command(.register(let registration, let history), _):
            listeners.removeAll { $0.strategy == registration.id }
            listeners.append(
                Listener(
                    strategy: registration.id, instrument: registration.instrument, timeframe: registration.timeframe,
                    seen: history))
        case .command(.enable(let id, let history), _):
            if let place = listeners.firstIndex(where: { $0.strategy == id }) { listeners[place].seen = history }
        case .command(.catchUp(let id, let candles), _):
            if let place = listeners.firstIndex(where: { $0.strategy == id }) { show(candles, at: place) }
        default: break
        }
    }

    private mutating func show(_ candles: [Candle], at place: Int) {
        listeners[place].seen += candles
        let count = listeners[place].seen.count
        if count > 2 * SessionTrades.historyKept {
            listeners[place].seen.removeFirst(count - SessionTrades.historyKept)
        }
    }

    // MARK: What the kernel wrote down

    private mutating func take(_ record: Record) {
        switch record {
        case .strategy(let registration, _):
            end(registration.id)
            if registration.status == .enabled { begin(registration) }
        case .strategyRemoved(let id): end(id)
        case .fill(let fill):
            let place = spreadPlace(fill.owner, fill.instrument)
            spreads[place].take(fill, quotes[fill.instrument.index], instruments[fill.instrument.index])
        case .position(let position):
            if let place = positionPlace(position.owner, position.instrument) {
                positions[place] = position
            } else {
                positions.append(position)
            }
        case .trip(let trip):
            let place = spreadPlace(trip.owner, trip.instrument)
            keep(PaperTrade(trip: trip, spreadCost: spreads[place].end()))
        default: break
        }
    }

    private mutating func begin(_ registration: StrategyRegistration) {
        let seen = listeners.first { $0.strategy == registration.id }?.seen ?? []
        open.append(stretches.count)
        stretches.append(SessionStretch(registration: registration, from: last, history: seen))
    }

    private mutating func end(_ id: StrategyID) {
        open.removeAll { stretches[$0].registration.id == id }
    }

    private mutating func keep(_ trade: PaperTrade) {
        let place = stretches.lastIndex {
            $0.registration.id == trade.trip.owner && $0.registration.instrument == trade.trip.instrument
                && $0.from <= trade.trip.openedAt
        }
        guard let place, trade.trip.openedAt >= started else {
            leftOut += 1
            return
        }
        stretches[place].trades.append(trade)
    }

    private func positionPlace(_ owner: StrategyID, _ instrument: InstrumentID) -> Int? {
        positions.firstIndex { $0.owner == owner && $0.instrument == instrument }
    }

    private mutating func spreadPlace(_ owner: StrategyID, _ instrument: InstrumentID) -> Int {
        if let place = spreads.firstIndex(where: { $0.owner == owner && $0.instrument == instrument }) { return place }
        let held = positionPlace(owner, instrument).map { positions[$0].quantity } ?? .zero
        spreads.append(TripSpread(owner, instrument, held: held, quote: instruments[instrument.index].quote))
        return spreads.count - 1
    }
}
