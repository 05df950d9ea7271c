import Market

/// The prints of one synthetic instrument as functions of time.
///
/// Trades come in bursts of one aggressor, more of them when the market is busy. They take the quote of their instant;
/// a burst may sweep deeper levels. Sides persist and follow the price; sizes have a heavy tail and like round numbers.
struct SyntheticTape: Sendable {
    let profile: SyntheticInstrument
    let book: SyntheticBook
    let noise: HashedNoise

    /// Prints have numbers of their minute, from its number times this on.
    static let printsPerMinute: Int64 = 1 << 16

    init(_ profile: SyntheticInstrument, _ noise: HashedNoise) {
        self.profile = profile
        self.noise = noise
        book = SyntheticBook(profile, noise)
    }

    /// Every print of a minute in order of time, at least one. O(prints).
    func prints(_ path: MinutePath, _ body: (TradePrint) -> Void) {
        var sequence: Int64 = 0
        var last: Int64 = -1
        let perStretch = profile.burstsPerSecond * Double(MinutePath.nanosecondsPerStretch) / 1e9
        for stretch in 0..<MinutePath.stretches {
            let place = path.minute * Int64(MinutePath.stretches) + Int64(stretch)
            let bits = noise.bits(60, place)
            let expected = min(12, perStretch * path.activities[stretch])
            // Whole bursts and a chance of one more; a minute without a trade is no minute.
            var bursts = Int(expected * 2 * HashedNoise.unit(bits))
            if expected < 1 { bursts = HashedNoise.unit(bits) < expected ? 1 : 0 }
            if stretch == 0 { bursts = max(bursts, 1) }
            for burst in 0..<bursts {
                let more = noise.bits(61, place * 32 + Int64(burst))
                let within = (Double(burst) + HashedNoise.unit(more)) / Double(bursts)
                let offset = Int64(within * Double(MinutePath.nanosecondsPerStretch))
                let tick = min(7, Int(offset / MinutePath.nanosecondsPerTick))
                let start = Int64(stretch) * MinutePath.nanosecondsPerStretch
                // The last of a tick's time is left free, so that a burst ends before the quote changes.
                let latest = Int64(tick + 1) * MinutePath.nanosecondsPerTick - 2_000_000
                let time = max(start + min(offset, latest) + 1_000, last + 1_000)
                burstPrints(path, stretch * 8 + tick, more, time, &sequence, &last, body)
            }
        }
    }

    private func burstPrints(
        _ path: MinutePath, _ tick: Int, _ bits: UInt64, _ time: Int64, _ sequence: inout Int64, _ last: inout Int64,
        _ body: (TradePrint) -> Void
    ) {
        let touch = book.touch(path, tick)
        let side = self.side(path, tick, bits)
        var ticks = side == .buy ? touch.ask : touch.bid
        var time = time
        var index: UInt64 = 0
        let minuteStart = path.minute * 60_000_000_000
        repeat {
            let more = HashedNoise.mix(bits &+ (index &+ 1) &* 0x9E37_79B9_7F4A_7C15)
            body(
                TradePrint(
                    time: Timestamp(nanoseconds: minuteStart + time), price: book.price(ticks),
                    quantity: book.quantity(size(more) * (0.5 + 0.5 * path.activities[tick >> 3])), aggressor: side,
                    id: UInt64(bitPattern: path.minute * SyntheticTape.printsPerMinute + sequence)))
            sequence += 1
            last = time
            index += 1
            time += 1_000 + Int64(more >> 4 & 0x3FFF)
            // Two prints in five are followed by another; one in four of those takes the next level.
            if more & 0xFF >= 102 || index == 12 { return }
            if more >> 8 & 3 == 0 { ticks = book.nextLevel(side, after: ticks) }
        } while true
    }

    /// Which side takes: it persists over seconds and minutes, and it follows where the price goes.
    private func side(_ path: MinutePath, _ tick: Int, _ bits: UInt64) -> Side {
        let time = path.absolute(tick)
        let mood = 0.16 * noise.smooth(62, time, period: 60) + 0.12 * noise.smooth(63, time, period: 1_100)
        let chance = 0.5 + mood + 0.22 * path.pull(tick)
        return HashedNoise.unit(HashedNoise.mix(bits)) < chance ? .buy : .sell
    }

    /// A size in the base asset: a Pareto tail of exponent 4/3, cut at 600 times the scale.
    private func size(_ bits: UInt64) -> Double {
        let u = 1 - HashedNoise.unit(bits)
        let root = u.squareRoot()
        let pareto = min(600, 1 / (root * root.squareRoot()))
        let size = profile.printSize * 0.6 * (pareto - 0.9 + 0.3 * u)
        // One in eight is round: the typical size times a power of five.
        guard bits & 7 == 0 else { return size }
        var round = profile.printSize
        while round * 5 < size { round *= 5 }
        return round
    }
}
