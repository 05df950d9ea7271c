import Market

/// The quotes and the book of one synthetic instrument as functions of time.
///
/// Resting size is a landscape over price that time deforms slowly: the same price keeps its wall while the market moves
/// past it. Nearer the touch levels are thinner, they thin and refill by themselves, and the side that the price is
/// about to move away from is the fuller one.
struct SyntheticBook: Sendable {
    static let depth = 20

    let profile: SyntheticInstrument
    let noise: HashedNoise
    private let unitsPerTick: Double
    private let tick: Int64
    private let step: Int64
    private let quantityUnits: Double

    init(_ profile: SyntheticInstrument, _ noise: HashedNoise) {
        self.profile = profile
        self.noise = noise
        tick = profile.instrument.rules.tick.mantissa
        step = profile.instrument.rules.quantityStep.mantissa
        unitsPerTick = Double(tick) / Double(DecimalText.powerOfTen(profile.instrument.priceScale))
        quantityUnits = Double(DecimalText.powerOfTen(profile.instrument.quantityScale))
    }

    /// The best bid and ask in ticks at a tick of time.
    func touch(_ path: MinutePath, _ tick: Int) -> (bid: Int64, ask: Int64) {
        let moved = path.lastMove(tick)
        let place = path.absolute(moved)
        let middle = profile.basePrice * exponential(path.logarithm(moved)) / unitsPerTick
        let bits = noise.bits(50, place)
        // One tick most of the time, a few when it is busy.
        var spread: Int64 = 1
        if bits & 0xFF < 44 { spread += Int64(bits >> 8 & 3) }
        if path.activities[moved >> 3] > 1.6, bits >> 16 & 3 == 0 { spread += Int64(bits >> 18 & 7) }
        let bid = max(1, Int64(middle - Double(spread - 1) / 2))
        return (bid, bid + spread)
    }

    /// The price of a touch.
    @inline(__always)
    func price(_ ticks: Int64) -> Price { Price(mantissa: ticks * tick) }

    /// A size in the base asset brought onto the step, at least one step.
    @inline(__always)
    func quantity(_ size: Double) -> Quantity {
        let units = Int64(min(size * quantityUnits, 1e17))
        return Quantity(mantissa: max(step, units / step * step))
    }

    /// The levels of one side, best first.
    ///
    /// - Parameter count: how many. Those beyond the twentieth change only now and then.
    func levels(_ side: Side, _ path: MinutePath, _ tick: Int, count: Int = SyntheticBook.depth) -> [BookLevel] {
        let (bid, ask) = touch(path, tick)
        let isBid = side == .buy
        let lean = 1 + (isBid ? 0.4 : -0.4) * path.pull(tick)
        let time = path.absolute(tick)
        var levels: [BookLevel] = []
        levels.reserveCapacity(count)
        let best = isBid ? bid : ask
        let bits = noise.bits(isBid ? 51 : 52, path.absolute(path.lastMove(tick)))
        let u = HashedNoise.unit(bits)
        let flicker = 0.6 + 0.8 * noise.unit(53, time)
        levels.append(
            BookLevel(
                price: price(best), quantity: quantity(profile.levelSize * (0.05 + 2.2 * u * u) * lean * flicker)))
        var cell = cell(of: best)
        while levels.count < count {
            let ticks = levelTicks(cell)
            if isBid ? ticks < best : ticks > best, ticks > 0 {
                let rank = levels.count
                let near = rank < 6 ? lean : 1 + (lean - 1) * 0.3
                // Further out each level changes in one tick of sixteen, and not all in the same one.
                let seen = rank < SyntheticBook.depth ? time : time - (time + cell) & 15
                let lean = rank < SyntheticBook.depth ? near : 1
                let size = size(cell, at: seen) * lean * min(1, 0.25 + 0.1 * Double(rank))
                levels.append(BookLevel(price: price(ticks), quantity: quantity(size)))
            }
            cell += isBid ? -1 : 1
            if cell < 0 { break }
        }
        return levels
    }

    /// The price of the level after `ticks` away from the touch, in ticks.
    func nextLevel(_ side: Side, after ticks: Int64) -> Int64 {
        var cell = cell(of: ticks)
        while true {
            let level = levelTicks(cell)
            if side == .buy ? level > ticks : level < ticks { return max(1, level) }
            cell += side == .buy ? 1 : -1
            if cell < 0 { return 1 }
        }
    }

    @inline(__always)
    private func cell(of ticks: Int64) -> Int64 { ticks / profile.levelSpacing }

    /// The one price of a cell at which a level rests, in ticks.
    @inline(__always)
    private func levelTicks(_ cell: Int64) -> Int64 {
        let spacing = profile.levelSpacing
        return cell * spacing + Int64(noise.bits(54, cell) % UInt64(spacing))
    }

    /// What rests in a cell at a time, in the base asset.
    private func size(_ cell: Int64, at time: Int64) -> Double {
        let bits = noise.bits(55, cell)
        let u = HashedNoise.unit(bits)
        var size = profile.levelSize * (0.15 + 1.8 * u * u * u)
        if bits & 63 == 0 { size *= 7 }
        // Walls stand on round prices.
        if cell % 50 == 0 { size *= 3 }
        let period = 40 + Int64(bits >> 8 & 127)
        let swell = 1 + 0.75 * noise.smooth(56 &+ bits, time, period: period)
        // A level is taken now and then and fills up again over the next ticks.
        let phase = (time + Int64(bits >> 16 & 255)) & 255
        let refill = phase < 24 ? 0.1 + 0.9 * Double(phase) / 24 : 1
        return size * swell * refill
    }
}
