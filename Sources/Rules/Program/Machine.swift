import Bytes
import Indicators
import Market
import Trading

/// Runs a program: places, memory and indicators side by side, made once; a candle allocates nothing.
final class Machine {
    let program: Program
    let places: UnsafeMutableBufferPointer<Double>
    let memory: UnsafeMutableBufferPointer<Double>
    let banks: IndicatorBanks
    private let steps: UnsafeMutableBufferPointer<Step>
    @exclusivity(unchecked) var longer: [LongerCandles]
    /// How many candles the strategy's own position has been seen open, and which way it was.
    @exclusivity(unchecked) var barsHeld = 0.0
    @exclusivity(unchecked) var held = Direction.flat

    init(_ program: Program) {
        self.program = program
        places = .allocate(capacity: program.places.count)
        _ = places.initialize(from: program.places)
        memory = .allocate(capacity: program.memory.count)
        _ = memory.initialize(from: program.memory)
        banks = IndicatorBanks(program.indicators)
        let own = program.parts.last?.steps ?? []
        steps = .allocate(capacity: own.count)
        _ = steps.initialize(from: own)
        longer = program.parts.dropLast().compactMap { part in
            part.timeframe.map { LongerCandles($0, part.steps) }
        }
    }

    deinit {
        places.deallocate()
        memory.deallocate()
        banks.destroy()
        steps.deallocate()
    }

    /// Takes a closed candle; the places hold what the rules say to it then.
    @inline(__always)
    func take(_ bar: Bar, _ context: StrategyContext) {
        if !longer.isEmpty { takeLonger(bar, context) }
        run(UnsafeBufferPointer(steps), bar, context)
    }

    /// Longer candles first: one that closes with this candle, or has been shown by it to have ended, is known now.
    @inline(never)
    private func takeLonger(_ bar: Bar, _ context: StrategyContext) {
        for index in longer.indices {
            if let ended = longer[index].ended(before: bar.candle) { run(longer[index], ended, bar, context) }
            if let closed = longer[index].closed(by: bar) { run(longer[index], closed, bar, context) }
        }
    }

    private func run(_ clock: LongerCandles, _ candle: Candle, _ bar: Bar, _ context: StrategyContext) {
        let whole = Bar(
            candle, timeframe: clock.timeframe, priceUnits: bar.priceUnits, quantityUnits: bar.quantityUnits)
        clock.steps.withUnsafeBufferPointer { run($0, whole, context) }
    }

    @inline(__always)
    private func run(_ steps: UnsafeBufferPointer<Step>, _ bar: Bar, _ context: StrategyContext) {
        let places = places.baseAddress.unsafelyUnwrapped
        for step in steps {
            let target = places + Int(step.target)
            let a = places[Int(step.a)]
            switch step.operation {
            case .open: target.pointee = bar.open
            case .high: target.pointee = bar.high
            case .low: target.pointee = bar.low
            case .close: target.pointee = bar.close
            case .volume: target.pointee = bar.volume
            case .openUnits: target.pointee = Double(bar.candle.open.mantissa)
            case .highUnits: target.pointee = Double(bar.candle.high.mantissa)
            case .lowUnits: target.pointee = Double(bar.candle.low.mantissa)
            case .closeUnits: target.pointee = bar.closeUnits
            case .price: target.pointee = a / bar.priceUnits
            case .sma: target.pointee = banks.sma[step.index].pointee.update(a)
            case .ema: target.pointee = banks.ema[step.index].pointee.update(a)
            case .wma: target.pointee = banks.wma[step.index].pointee.update(a)
            case .rsi: target.pointee = banks.rsi[step.index].pointee.update(a)
            case .roc: target.pointee = banks.roc[step.index].pointee.update(a)
            case .stdev: target.pointee = banks.stdev[step.index].pointee.update(a)
            case .zscore: target.pointee = banks.zscore[step.index].pointee.update(a)
            case .highest: target.pointee = banks.highest[step.index].pointee.update(high: a, low: a).upper
            case .lowest: target.pointee = banks.lowest[step.index].pointee.update(high: a, low: a).lower
            case .bollinger: Machine.put(banks.bollinger[step.index].pointee.update(a), target)
            case .macd:
                let lines = banks.macd[step.index].pointee.update(a)
                (target[0], target[1], target[2]) = (lines.line, lines.signal, lines.histogram)
            case .atr:
                target.pointee = banks.atr[step.index].pointee.update(high: bar.high, low: bar.low, close: bar.close)
            case .supertrend:
                let trend = banks.supertrend[step.index]
                let output = trend.pointee.update(high: bar.high, low: bar.low, close: bar.close)
                let direction = output.line.isNaN ? .nan : output.direction == .up ? 1.0 : -1.0
                (target[0], target[1]) = (output.line, direction)
                (target[2], target[3]) = (trend.pointee.upperBand, trend.pointee.lowerBand)
            case .cross: cross(step, target, a, places[Int(step.b)])
            case .less: target.pointee = a < places[Int(step.b)] ? 1 : 0
            case .and: target.pointee = a * places[Int(step.b)]
            case .dmi, .cci, .stochastic, .donchian, .keltner, .obv, .vwap: ofBars(step, target, bar)
            case .hour, .minute, .weekday, .position, .entryPrice, .barsHeld: ofNow(step, target, bar, context)
            case .ago: ago(Int(step.index), target, a)
            case .barsSince:
                let passed = a != 0 ? 0 : memory[Int(step.index)] + 1
                memory[Int(step.index)] = passed
                target.pointee = passed
            default: target.pointee = step.operation.value(a, places[Int(step.b)], places[Int(step.c)])
            }
        }
    }

    /// *Above* is a > b now and a ≤ b on the candle before, *below* the other way round; what is undefined crosses nothing.
    @inline(__always)
    private func cross(_ step: Step, _ target: UnsafeMutablePointer<Double>, _ a: Double, _ b: Double) {
        let before = memory.baseAddress.unsafelyUnwrapped + Int(step.index)
        target[0] = a > b && before[0] <= before[1] ? 1 : 0
        target[1] = a < b && before[0] >= before[1] ? 1 : 0
        before[0] = a
        before[1] = b
    }

    @inline(never)
    private func ofNow(
        _ step: Step, _ target: UnsafeMutablePointer<Double>, _ bar: Bar, _ context: StrategyContext
    ) {
        let minutes = bar.closeTime.nanoseconds / 60_000_000_000
        switch step.operation {
        case .hour: target.pointee = Double(minutes / 60 % 24)
        case .minute: target.pointee = Double(minutes % 60)
        // The epoch was a Thursday; Monday is 1.
        case .weekday: target.pointee = Double((bar.closeTime.day + 3) % 7 + 1)
        case .position: target.pointee = Double(context.direction.rawValue)
        case .entryPrice: target.pointee = context.direction == .flat ? .nan : context.entryPrice
        default:
            barsHeld = context.direction == .flat ? 0 : context.direction == held ? barsHeld + 1 : 1
            held = context.direction
            target.pointee = barsHeld
        }
    }

    @inline(never)
    private func ofBars(_ step: Step, _ target: UnsafeMutablePointer<Double>, _ bar: Bar) {
        let index = step.index
        let (high, low, close) = (bar.high, bar.low, bar.close)
        switch step.operation {
        case .cci: target.pointee = banks.cci[index].pointee.update(high: high, low: low, close: close)
        case .dmi:
            let lines = banks.dmi[index].pointee.update(high: high, low: low, close: close)
            target[0] = lines.adx
            target[1] = lines.plus
            target[2] = lines.minus
        case .stochastic:
            let lines = banks.stochastic[index].pointee.update(high: high, low: low, close: close)
            target[0] = lines.k
            target[1] = lines.d
        case .donchian: Machine.put(banks.donchian[index].pointee.update(high: high, low: low), target)
        case .keltner: Machine.put(banks.keltner[index].pointee.update(high: high, low: low, close: close), target)
        case .obv: target.pointee = banks.obv[index].pointee.update(close: close, volume: bar.volume)
        case .vwap:
            target.pointee = banks.vwap[index].pointee.update(
                high: high, low: low, close: close, volume: bar.volume, session: bar.openTime.day)
        default: break
        }
    }

    /// A ring behind its cursor and its length.
    private func ago(_ start: Int, _ target: UnsafeMutablePointer<Double>, _ a: Double) {
        let ring = memory.baseAddress.unsafelyUnwrapped + start
        let cursor = Int(ring[0])
        target.pointee = ring[2 + cursor]
        ring[2 + cursor] = a
        ring[0] = cursor + 1 == Int(ring[1]) ? 0 : Double(cursor + 1)
    }

    @inline(__always)
    private static func put(_ channel: PriceChannel, _ target: UnsafeMutablePointer<Double>) {
        target[0] = channel.upper
        target[1] = channel.middle
        target[2] = channel.lower
    }
}
