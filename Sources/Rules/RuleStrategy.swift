public import Bytes
import Market
public import Trading

/// A strategy that follows rules written down in a text.
///
/// At the close of each candle everything the rules look at is brought up to date, in the order of the text; then the first
/// of these that holds is said: `entry` with `filter`, `short` with `filter`, `exit` or `cover`. Before the warm-up is over
/// nothing is.
public final class RuleStrategy: Strategy {
    /// Candles until everything that the rules look at is defined.
    public var warmUp: Int { machine.program.warmUp }

    private let machine: Machine
    private let places: UnsafeMutableBufferPointer<Double>
    private let entry: Int
    private let exit: Int
    private let short: Int
    private let cover: Int
    private let needed: Int
    @exclusivity(unchecked) private var seen = 0
    /// Where the last signal wanted to be.
    @exclusivity(unchecked) private var stance = Direction.flat

    init(_ program: Program) {
        machine = Machine(program)
        places = machine.places
        entry = program.entry
        exit = program.exit
        short = program.short
        cover = program.cover
        needed = program.warmUp
    }

    /// Signals where a rule fires.
    ///
    /// - Throws: `StrategyFault` where the candles are not those that the rules are for, and they look at longer ones.
    @inline(__always)
    public func onCandle(_ bar: Bar, _ context: StrategyContext) throws(StrategyFault) -> Signal? {
        if seen < needed { try begin(bar) }
        machine.take(bar, context)
        let held = places.baseAddress.unsafelyUnwrapped
        if held[entry] + held[short] + held[exit] + held[cover] == 0 || seen < needed { return nil }
        return decide(bar, context)
    }

    @inline(never)
    private func begin(_ bar: Bar) throws(StrategyFault) {
        if seen == 0, let timeframe = machine.program.timeframe, bar.candle.closeTime(timeframe) != bar.closeTime {
            throw StrategyFault(
                "the rules look at longer candles than \(timeframe), and must see those of \(timeframe)")
        }
        seen += 1
    }

    // MARK: Decisions

    @inline(never)
    private func decide(_ bar: Bar, _ context: StrategyContext) -> Signal? {
        let mayEnter = places[machine.program.filter] != 0
        if mayEnter && places[entry] != 0 {
            if stance == .long && context.direction == .long { return nil }
            if let signal = enter(.long, 0, "entry", bar) { return signal }
        }
        if mayEnter && places[short] != 0 {
            if stance == .short && context.direction == .short { return nil }
            if let signal = enter(.short, 2, "short", bar) { return signal }
        }
        let isShort = stance == .short || context.direction == .short
        if places[cover] != 0 && isShort { return leave(3, "cover", bar) }
        let isLong = stance == .long || context.direction == .long
        if places[exit] != 0 && isLong { return leave(1, "exit", bar) }
        return nil
    }

    /// A signal to enter; `nil` where the entry lacks the stop or the size it asks for.
    private func enter(_ direction: Direction, _ rule: Int, _ name: String, _ bar: Bar) -> Signal? {
        let program = machine.program
        var signal = Signal(direction, rule: name, values: explanation(rule, bar))
        if let size = program.size {
            let share = places[size]
            guard share > 0 else { return nil }
            signal.strength = min(share, 1)
        }
        if program.stop != nil || program.target != nil || program.trail != nil {
            var protection = Protection()
            let isShort = direction == .short
            guard distance(program.stop, bar, true, &protection.stopLoss, &signal, "stop"),
                distance(program.trail, bar, true, &protection.trailingStop, &signal, "trail"),
                distance(program.target, bar, isShort, &protection.takeProfit, &signal, "target")
            else { return nil }
            signal.protection = protection
        }
        stance = direction
        return signal
    }

    /// A distance in the price as a share of the close; false where it is no distance: undefined, not positive, or as far as
    /// the price itself where that can't be reached.
    private func distance(
        _ place: Int?, _ bar: Bar, _ isBelowPrice: Bool, _ share: inout Ratio?, _ signal: inout Signal, _ name: String
    ) -> Bool {
        guard let place else { return true }
        let units = (places[place] / bar.close * 1e8).rounded(.down)
        guard units >= 1, units < (isBelowPrice ? 1e8 : 1e12) else { return false }
        share = Ratio(units: Int64(units))
        signal.values.append(NamedValue(name, places[place]))
        return true
    }

    private func leave(_ rule: Int, _ name: String, _ bar: Bar) -> Signal {
        stance = .flat
        return Signal(.flat, rule: name, values: explanation(rule, bar))
    }

    private func explanation(_ rule: Int, _ bar: Bar) -> [NamedValue] {
        machine.program.explanations[rule].compactMap { value in
            let number = places[value.place]
            guard number.isFinite else { return nil }
            return NamedValue(value.name, value.isInUnits ? number / bar.priceUnits : number)
        }
    }

    // MARK: State

    /// The form of `save`.
    public static var stateVersion: UInt8? { 1 }

    /// Appends what it has seen.
    public func save(to writer: inout ByteWriter) {
        writer.count(seen)
        writer.value(stance)
        machine.save(to: &writer)
    }

    /// Takes over what one of the same rules and parameters has seen.
    public func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        seen = try reader.number()
        stance = try reader.value()
        try machine.restore(from: &reader)
    }
}
