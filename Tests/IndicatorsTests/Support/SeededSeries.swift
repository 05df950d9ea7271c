/// A small deterministic generator (xorshift64*), so that property tests are the same on every run and machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    /// A whole number from `-bound` to `bound`.
    mutating func step(_ bound: Int) -> Int {
        Int(next() >> 33) % (2 * bound + 1) - bound
    }
}

/// A year of one-minute closes in cents around 30,000.00: a random walk, reflected at 20,000 and 40,000.
func yearOfCents(seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    var cents = 3_000_000
    return (0..<525_600).map { _ in
        cents += generator.step(2_000)
        if cents < 2_000_000 { cents = 4_000_000 - cents }
        if cents > 4_000_000 { cents = 8_000_000 - cents }
        return cents
    }
}
