/// Random numbers that are looked up, not drawn: a number of a place in time or price, for a seed.
///
/// The mixing is the finaliser of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, “Fast splittable pseudorandom number
/// generators”, OOPSLA 2014; constants of S. Vigna's public-domain `splitmix64.c`). Because nothing is drawn in order,
/// any instant can be had without those before it.
struct HashedNoise: Sendable {
    let seed: UInt64

    init(seed: UInt64) { self.seed = HashedNoise.mix(seed &+ 0x9E37_79B9_7F4A_7C15) }

    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 64 random bits of a place; `stream` keeps the uses of one place apart.
    @inline(__always)
    func bits(_ stream: UInt64, _ index: Int64) -> UInt64 {
        HashedNoise.mix(seed ^ (stream &* 0xD1B5_4A32_D192_ED03) &+ UInt64(bitPattern: index) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// A number in [0, 1) of a place.
    @inline(__always)
    func unit(_ stream: UInt64, _ index: Int64) -> Double { HashedNoise.unit(bits(stream, index)) }

    /// The upper 53 bits as a number in [0, 1).
    @inline(__always)
    static func unit(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }

    /// A number in [−1, 1) out of the lowest 16 bits.
    @inline(__always)
    static func signed(_ bits: UInt64) -> Double { Double(Int(bits & 0xFFFF) - 32_768) * 0x1p-15 }

    /// A nearly normal number (mean 0, deviation 1, within ±3) out of the upper 48 bits: the sum of three uniforms.
    @inline(__always)
    static func normal(_ bits: UInt64) -> Double {
        let sum = Int(bits >> 16 & 0xFFFF) + Int(bits >> 32 & 0xFFFF) + Int(bits >> 48)
        return Double(2 * sum - 196_605) * 0x1p-16
    }

    /// Noise in [−1, 1) that varies smoothly over `period` steps of `index`.
    func smooth(_ stream: UInt64, _ index: Int64, period: Int64) -> Double {
        let cell = index >= 0 ? index / period : -((period - 1 - index) / period)
        let x = Double(index - cell * period) / Double(period)
        let eased = x * x * (3 - 2 * x)
        let a = HashedNoise.signed(bits(stream, cell))
        let b = HashedNoise.signed(bits(stream, cell + 1))
        return a + (b - a) * eased
    }
}

/// e to the power of `x`, |x| ≤ 8, to eleven digits, in plain IEEE arithmetic: the same bits on every machine, which a
/// C library does not promise.
func exponential(_ x: Double) -> Double {
    let r = x / 256
    var y = 1 + r * (1 + r / 2 * (1 + r / 3 * (1 + r / 4 * (1 + r / 5 * (1 + r / 6)))))
    y *= y
    y *= y
    y *= y
    y *= y
    y *= y
    y *= y
    y *= y
    return y * y
}
