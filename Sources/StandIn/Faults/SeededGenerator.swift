/// Random numbers of a seed: SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014).
///
/// For what has to be the same in every run of a seed (faults, names of orders, keys of a demonstration), never for a
/// secret.
struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A text of letters and digits.
    mutating func name(_ count: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        return String(decoding: (0..<count).map { _ in alphabet[Int(next() % 62)] }, as: UTF8.self)
    }
}
