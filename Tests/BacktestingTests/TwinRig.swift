import Bytes
import Market
import Simulation
import Strategies
import Trading

/// A kernel and a venue that answer each other, and every effect and report of theirs as bytes.
struct TwinRig {
    static let instruments = [
        Instrument(
            venue: "TEST", symbol: "BTCUSDT", base: Currency("BTC")!, quote: .usdt, priceScale: 2, quantityScale: 3,
            rules: InstrumentRules(
                tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1), minimumNotional: 500_000_000)),
        Instrument(
            venue: "TEST", symbol: "ETHPERP", kind: .linearPerpetual, base: Currency("ETH")!, quote: .usdt,
            priceScale: 2, quantityScale: 3,
            rules: InstrumentRules(tick: Price(mantissa: 1), quantityStep: Quantity(mantissa: 1))),
    ]
    static let options = KernelOptions(feeEstimate: .basisPoints(10), closedOrdersKept: 20)

    let kernel: Kernel
    var venue: SimulatedVenue
    var trace = ByteWriter()
    /// What the engine's journal would hold of the run.
    var journal: [ReplayItem] = []
    private var sequence: UInt64 = 0
    /// The last quote, where nothing came of it and nothing came after it.
    private var unrecorded: (InstrumentID, Quote)?
    private var effects: [Effect] = []

    init(venue options: SimulatedVenueOptions) {
        let cash = Money(whole: 100_000, .usdt)
        kernel = Kernel(
            cash: cash, instruments: TwinRig.instruments, catalog: .bundled, options: TwinRig.options)
        venue = SimulatedVenue(instruments: TwinRig.instruments, cash: cash, options: options, remembered: 10)
    }

    /// A rig that goes on from the images of another, read back from their bytes.
    init(goingOnFrom other: TwinRig) throws {
        var reader = ByteReader(other.stateBytes)
        kernel = try Kernel(try reader.value(), catalog: .bundled)
        venue = try SimulatedVenue(try reader.value(SimulatedVenueImage.self))
        try reader.expectEnd()
    }

    /// The whole state of both.
    var stateBytes: [UInt8] {
        var writer = ByteWriter()
        writer.value(kernel.image)
        writer.value(venue.image)
        return writer.bytes
    }

    mutating func take(_ happening: Happening) {
        switch happening {
        case .bar(let id, let candle):
            journal.append(.market(.bar(id, candle)))
            unrecorded = nil
            if venue.beginBar(id, candle) {
                walk()
                venue.endBar(id, close: candle.close)
            }
            take(.event(.candle(id, .oneMinute, candle)))
        case .quote(let id, let quote):
            journal.append(.market(.quote(id, quote)))
            if venue.beginQuote(id, quote) { walk() }
            kernel.step(.quote(id, quote), into: &effects)
            // As the engine does: a quote that leads to something has a decision record of its own.
            unrecorded = effects.isEmpty ? (id, quote) : nil
            if !effects.isEmpty { noteQuote(id, quote) }
            settle()
        case .print(let id, let print):
            journal.append(.market(.print(id, print)))
            unrecorded = nil
            if venue.beginPrint(id, print) { walk() }
        case .book(let id, let depth):
            journal.append(.market(.book(id, depth)))
            unrecorded = nil
            if venue.beginBook(id, depth) { walk() }
        case .event(let event):
            if case .report = event, let (id, quote) = unrecorded { noteQuote(id, quote) }
            unrecorded = nil
            note(event.journalKind) { event.writePayload(to: &$0) }
            step(event)
        }
    }

    private mutating func noteQuote(_ id: InstrumentID, _ quote: Quote) {
        note(.quote) { Event.quote(id, quote).writePayload(to: &$0) }
    }

    private mutating func note(_ kind: JournalKind, _ write: (inout ByteWriter) -> Void) {
        sequence += 1
        var writer = ByteWriter()
        write(&writer)
        journal.append(.record(ReplayRecord(sequence: sequence, kind: kind, payload: writer.bytes[...])))
    }

    private mutating func walk() {
        while venue.advance() { settle() }
    }

    private mutating func step(_ event: Event) {
        kernel.step(event, into: &effects)
        settle()
    }

    private mutating func settle() {
        var rounds = 0
        while true {
            rounds += 1
            precondition(rounds < 1_000, "kernel and venue never come to rest")
            for effect in effects { release(effect) }
            effects.removeAll()
            guard let report = venue.nextReport() else { return }
            trace.value(report)
            note(.report) { $0.value(report) }
            kernel.take(report, into: &effects)
        }
    }

    private mutating func release(_ effect: Effect) {
        trace.value(effect)
        note(effect.journalKind) { effect.writePayload(to: &$0) }
        switch effect {
        case .submit(let order):
            venue.submit(order, at: kernel.now, reference: kernel.mark(order.request.instrument))
        case .cancel(let id): venue.cancel(id, at: kernel.now)
        case .amend(let id, let amendment): venue.amend(id, amendment, at: kernel.now, reference: nil)
        case .query(let id): venue.query(id, at: kernel.now)
        case .record, .alert: break
        }
    }
}

/// Something that reaches kernel or venue.
enum Happening {
    /// A bar that orders meet, and its close.
    case bar(InstrumentID, Candle)
    case quote(InstrumentID, Quote)
    case print(InstrumentID, TradePrint)
    case book(InstrumentID, BookDepth)
    /// What the kernel alone sees.
    case event(Event)
}
