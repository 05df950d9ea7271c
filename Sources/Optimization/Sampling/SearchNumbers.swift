/// The random numbers of one trial: they depend on the seed, the stage and the trial's number and on nothing else.
///
/// SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, “Fast splittable pseudorandom number generators”, OOPSLA 2014).
struct SearchNumbers: RandomNumberGenerator {
    private var state: UInt64

    /// The numbers of the trial `number` of a search seeded with `seed`.
    init(seed: UInt64, number: Int) {
        state = SearchNumbers.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)
        state = SearchNumbers.mixed(state ^ UInt64(bitPattern: Int64(number)) &* 0xD1B5_4A32_D192_ED03)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return SearchNumbers.mixed(state)
    }

    /// A number in [0, 1).
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A normal number of mean 0 and deviation 1 (G. E. P. Box, M. E. Muller, 1958).
    mutating func normal() -> Double {
        let radius = (-2 * Functions.logarithm(1 - unit())).squareRoot()
        return radius * Functions.cosine(2 * Double.pi * unit())
    }

    /// A place of a list whose entries are taken with these weights.
    mutating func place(weights: [Double]) -> Int {
        var left = unit() * weights.reduce(0, +)
        for (place, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return place }
        }
        return weights.count - 1
    }
}
