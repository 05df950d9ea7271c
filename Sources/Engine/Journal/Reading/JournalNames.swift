import Bytes
public import Journal
public import Market
public import Trading

/// What the numbers in a journal's records stand for: instruments with their scales, and strategies.
///
/// They come from the newest checkpoint that can be used, and from the records that are read after it was asked.
public struct JournalNames: Sendable {
    /// The instruments, in the order of their numbers; empty where no checkpoint can be used.
    public private(set) var instruments: [Instrument] = []
    /// The newest registration of each strategy that is known.
    public private(set) var strategies: [StrategyID: StrategyRegistration] = [:]

    /// The engine's own name within its client order ids; `nil` where it is not known.
    public private(set) var instance: ClientOrderID.Instance?

    /// Names of nothing: everything is shown by its number.
    public init() {}

    /// Names of these instruments and strategies.
    public init(instruments: [Instrument], strategies: [StrategyRegistration] = []) {
        self.instruments = instruments
        for registration in strategies { self.strategies[registration.id] = registration }
    }

    /// The names that a journal's checkpoint knows.
    ///
    /// - Parameter decision: checkpoints after this decision record are left out, unless there is no other.
    /// - Throws: `JournalError` when the directory or the journal can't be read.
    public static func read(
        directory: String, notAfter decision: UInt64 = .max
    ) throws(JournalError) -> JournalNames {
        var loaded = try JournalCheckpoint.newest(in: directory, notAfter: decision)
        if loaded == nil, decision < .max { loaded = try JournalCheckpoint.newest(in: directory) }
        guard let loaded else { return JournalNames() }
        var reader = ByteReader(loaded.body[...])
        // A state of another release's form names nothing here; the records are readable all the same.
        guard let image = try? reader.value(EngineImage.self) else { return JournalNames() }
        var names = JournalNames(instruments: image.instruments, strategies: image.kernel.registrations)
        names.instance = InstanceFile.read(directory: directory)
        return names
    }

    /// Takes in what a record says of strategies.
    public mutating func learn(_ content: RecordContent?) {
        switch content {
        case .record(.strategy(let registration, _)), .command(.register(let registration, _)):
            strategies[registration.id] = registration
        default: return
        }
    }

    /// Takes over instruments from names that know more of them.
    mutating func grow(to other: JournalNames) {
        if other.instruments.count > instruments.count { instruments = other.instruments }
        instance = instance ?? other.instance
    }
}

extension JournalNames {
    /// An instrument; `nil` where it is not known.
    public func instrument(_ id: InstrumentID) -> Instrument? {
        instruments.indices.contains(id.index) ? instruments[id.index] : nil
    }

    /// An instrument's name, or its number.
    public func name(_ id: InstrumentID) -> String { instrument(id)?.name ?? "instrument \(id.rawValue)" }

    /// A strategy's name, or its number; `manual` for a person.
    public func name(_ id: StrategyID) -> String {
        id.isManual ? "manual" : strategies[id]?.name ?? "strategy \(id.rawValue)"
    }

    /// A price as a decimal; a whole number of the smallest unit where the instrument is not known.
    public func text(_ price: Price, _ id: InstrumentID?) -> String {
        id.flatMap(instrument)?.text(price) ?? "\(price.mantissa) units"
    }

    /// A quantity as a decimal; a whole number of the smallest unit where the instrument is not known.
    public func text(_ quantity: Quantity, _ id: InstrumentID?) -> String {
        id.flatMap(instrument)?.text(quantity) ?? "\(quantity.mantissa) units"
    }

    /// An amount with two decimals, or with four where it is small, and its currency.
    public func text(_ money: Money) -> String {
        let isSmall = money.units.magnitude < Money.unitsPerWhole.magnitude && !money.isZero
        return money.text(decimals: isSmall ? 4 : 2) + " " + money.currency.code
    }
}
