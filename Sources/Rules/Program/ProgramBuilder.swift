import Market

/// Collects the steps of a program. What is asked for twice is done once; what is fixed becomes a number.
struct ProgramBuilder {
    typealias Value = Lowering.Value

    /// What makes two steps the same.
    private struct Key: Hashable {
        var operation: Operation
        var clock: Int
        var operands: [Int]
        var numbers: [Double]
    }

    /// The candles that the strategy sees.
    var base: Timeframe?
    private var steps: [[Step]] = [[]]
    private var clocks: [Timeframe?] = [nil]
    private var known: [Key: Int] = [:]
    private var places: [Double] = [0, 1]
    /// The timeframe that a place belongs to, and how many of its candles it takes to be defined.
    private var clockOf: [Int] = [0, 0]
    private var warmUp: [Int] = [1, 1]
    private var numbers: [UInt64: Int] = [0: 0, (1.0).bitPattern: 1]
    private var indicators: [IndicatorForm] = []
    private var memory: [Double] = []

    /// More candles than this no strategy waits for.
    static let longestWarmUp = 1_000_000

    // MARK: Values

    /// The place of a value; a number gets one of its own.
    mutating func place(of value: Value) -> Int {
        switch value {
        case .place(let place): return place
        case .fixed(let number):
            if let place = numbers[number.bitPattern] { return place }
            numbers[number.bitPattern] = places.count
            return newPlace(holding: number, clock: 0, warmUp: 1)
        }
    }

    private mutating func newPlace(holding number: Double, clock: Int, warmUp: Int) -> Int {
        places.append(number)
        clockOf.append(clock)
        self.warmUp.append(warmUp)
        return places.count - 1
    }

    /// The clock of a timeframe.
    mutating func clock(named name: String) -> Int {
        guard let timeframe = Timeframe(name), timeframe != base else { return 0 }
        if let index = clocks.firstIndex(of: timeframe) { return index }
        clocks.append(timeframe)
        steps.append([])
        return clocks.count - 1
    }

    /// How many candles of a clock it takes until a place is defined.
    private func candles(_ place: Int, _ clock: Int) -> Int {
        guard clockOf[place] != clock, let longer = clocks[clockOf[place]], let base else { return warmUp[place] }
        // The first of the longer candles may be seen in part only, and does not count.
        return (warmUp[place] + 1) * Int(longer.seconds / base.seconds)
    }

    // MARK: Steps

    mutating func source(_ operation: Operation, clock: Int) -> Value {
        .place(step(operation, [], [], clock: clock, warmUp: 1))
    }

    mutating func apply(_ operation: Operation, _ a: Value, _ b: Value? = nil, _ c: Value? = nil, clock: Int) -> Value {
        let operands = [a, b, c].compactMap { $0 }
        let fixed = operands.compactMap { value -> Double? in
            if case .fixed(let number) = value { return number }
            return nil
        }
        if fixed.count == operands.count {
            let number = operation.value(fixed[0], fixed.count > 1 ? fixed[1] : 0, fixed.count > 2 ? fixed[2] : 0)
            return .fixed(number)
        }
        if let simple = simplified(operation, a, b) { return simple }
        let places = operands.map { place(of: $0) }
        let warmUp = places.map { candles($0, clock) }.max() ?? 1
        return .place(step(operation, places, [], clock: clock, warmUp: warmUp))
    }

    /// A condition one side of which is fixed.
    private func simplified(_ operation: Operation, _ a: Value, _ b: Value?) -> Value? {
        guard let b, operation == .and || operation == .or else { return nil }
        let deciding = Value.fixed(operation == .and ? 0 : 1)
        let idle = Value.fixed(operation == .and ? 1 : 0)
        if a == deciding || b == deciding { return deciding }
        if a == idle { return b }
        return b == idle ? a : nil
    }

    mutating func cross(_ a: Value, _ b: Value, isAbove: Bool, clock: Int) -> Value {
        let operands = [place(of: a), place(of: b)]
        let warmUp = operands.map { candles($0, clock) }.max() ?? 1
        let place = step(.cross, operands, [], clock: clock, warmUp: warmUp + 1, memory: [.nan, .nan])
        return .place(place + (isAbove ? 0 : 1))
    }

    mutating func ago(_ value: Value, _ count: Int, isCondition: Bool, clock: Int) -> Value {
        guard count > 0, case .place(let place) = value else { return value }
        let fresh = [Double](repeating: isCondition ? 0 : .nan, count: count)
        return .place(
            step(
                .ago, [place], [Double(count)], clock: clock, warmUp: candles(place, clock) + count,
                memory: [0, Double(count)] + fresh, isCondition: isCondition))
    }

    mutating func barsSince(_ value: Value, clock: Int) -> Value {
        let place = place(of: value)
        return .place(step(.barsSince, [place], [], clock: clock, warmUp: candles(place, clock), memory: [.nan]))
    }

    /// The place of the first line of an indicator.
    mutating func indicator(_ operation: Operation, _ input: Value, _ numbers: [Double], clock: Int) -> Int {
        let kind: Operation = operation == .adx ? .dmi : operation
        let form = IndicatorForm(operation: kind, numbers: numbers)
        let operands = kind.isOfBars ? [] : [place(of: input)]
        let before = operands.map { candles($0, clock) }.max() ?? 1
        return step(kind, operands, numbers, clock: clock, warmUp: before + form.warmUp - 1, indicator: form)
    }

    private mutating func step(
        _ operation: Operation, _ operands: [Int], _ numbers: [Double], clock: Int, warmUp: Int,
        memory fresh: [Double] = [], indicator: IndicatorForm? = nil, isCondition: Bool = false
    ) -> Int {
        let key = Key(operation: operation, clock: clock, operands: operands, numbers: numbers)
        if let place = known[key] { return place }
        let target = newPlace(
            holding: isCondition || operation.isCondition ? 0 : .nan, clock: clock,
            warmUp: min(warmUp, ProgramBuilder.longestWarmUp))
        for _ in 1..<operation.width {
            _ = newPlace(holding: places[target], clock: clock, warmUp: self.warmUp[target])
        }
        var step = Step(operation: operation, target: Int32(target))
        if operands.count > 0 { step.a = Int32(operands[0]) }
        if operands.count > 1 { step.b = Int32(operands[1]) }
        if operands.count > 2 { step.c = Int32(operands[2]) }
        step.index = Int32(memory.count)
        memory += fresh
        if let indicator {
            step.index = Int32(indicators.count)
            indicators.append(indicator)
        }
        steps[clock].append(step)
        known[key] = target
        return target
    }

    // MARK: The end

    /// Completes the program: leaves out the steps that no rule asks for, and counts the warm-up.
    ///
    /// - Throws: `ValueProblem` where the rules would wait beyond reason.
    mutating func finish(_ program: inout Program) throws(ValueProblem) {
        var roots = [program.entry, program.exit, program.short, program.cover, program.filter]
        roots += [program.stop, program.target, program.trail, program.size].compactMap { $0 }
        let explaining = program.explanations.flatMap { $0 }.map(\.place)
        program.warmUp = roots.map { candles($0, 0) }.max() ?? 1
        if program.warmUp >= ProgramBuilder.longestWarmUp {
            throw ValueProblem(
                place: .whole, range: 0..<0,
                message:
                    "the rules need more than \(ProgramBuilder.longestWarmUp) candles before the first can be right",
                parameters: [])
        }
        var isAsked = [Bool](repeating: false, count: places.count)
        for root in roots + explaining { isAsked[root] = true }
        // What a longer timeframe gives only the strategy's own candles ask for, so those come first.
        for clock in steps.indices {
            steps[clock] = steps[clock].reversed().filter { step in
                let target = Int(step.target)
                guard isAsked[target..<target + step.operation.width].contains(true) else { return false }
                for operand in [step.a, step.b, step.c] { isAsked[Int(operand)] = true }
                return true
            }.reversed()
        }
        program.places = places
        program.memory = memory
        program.timeframe = clocks.count > 1 ? base : nil
        let order = clocks.indices.dropFirst() + [0]
        program.parts = order.map { Program.Part(timeframe: clocks[$0], steps: steps[$0]) }
        number(&program)
    }

    /// Numbers the indicators that are left, each kind by itself.
    private func number(_ program: inout Program) {
        for part in program.parts.indices {
            for place in program.parts[part].steps.indices {
                let step = program.parts[part].steps[place]
                guard step.operation.isIndicator else { continue }
                let form = indicators[Int(step.index)]
                program.parts[part].steps[place].index = Int32(
                    program.indicators.count { $0.operation == form.operation })
                program.indicators.append(form)
            }
        }
    }
}

extension Operation {
    /// Whether an indicator looks at whole candles.
    var isOfBars: Bool {
        switch self {
        case .atr, .dmi, .cci, .supertrend, .stochastic, .donchian, .keltner, .obv, .vwap: return true
        default: return false
        }
    }

    /// Whether it gives a condition, which is never undefined.
    var isCondition: Bool {
        switch self {
        case .less, .lessOrEqual, .equal, .unequal, .and, .or, .not, .defined, .cross: return true
        default: return false
        }
    }
}
