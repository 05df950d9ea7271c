import Testing

@testable import Trading

@Suite("Client order ids")
struct ClientOrderIDTests {
    static let instance = ClientOrderID.Instance("K7Q")!

    private func draw(_ seed: UInt64) -> ClientOrderID {
        var random = SplitMix(seed: seed)
        let instance = ClientOrderID.Instance(packed: UInt16(random.next() & 0x7fff))
        return ClientOrderID(
            instance, sequence: random.next() >> (random.next() % 64), ordinal: UInt16(random.next() & 0x7fff))
    }

    @Test("twenty digits and capitals, read back as they were", arguments: 1...300 as ClosedRange<UInt64>)
    func roundTrip(seed: UInt64) {
        let id = draw(seed)
        let text = id.description
        #expect(text.utf8.count == 20)
        #expect(text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) })
        #expect(ClientOrderID(text) == id)
    }

    @Test("the largest numbers there are fit")
    func extremes() {
        for sequence in [0, 1, UInt64.max] {
            for ordinal in [0, ClientOrderID.largestOrdinal] {
                let id = ClientOrderID(Self.instance, sequence: sequence, ordinal: ordinal)
                #expect(ClientOrderID(id.description) == id)
            }
        }
    }

    @Test("different records, ordinals and engines give different ids")
    func unique() {
        var texts: [String] = []
        for sequence in 1...60 as ClosedRange<UInt64> {
            for ordinal in 0..<5 as Range<UInt16> {
                for name in ["K7Q", "K7R"] {
                    texts.append(
                        ClientOrderID(ClientOrderID.Instance(name)!, sequence: sequence, ordinal: ordinal).description)
                }
            }
        }
        #expect(Set(texts).count == texts.count)
    }

    @Test(
        "any one character changed, and any two neighbours swapped, is noticed",
        arguments: 1...20 as ClosedRange<UInt64>)
    func checkCharacter(seed: UInt64) {
        let text = Array(draw(seed).description.utf8)
        let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcz-_ ".utf8)
        for place in text.indices {
            for other in alphabet where other != text[place] {
                var wrong = text
                wrong[place] = other
                #expect(ClientOrderID(String(decoding: wrong, as: UTF8.self)) == nil)
            }
            guard place + 1 < text.count, text[place] != text[place + 1] else { continue }
            var swapped = text
            swapped.swapAt(place, place + 1)
            #expect(ClientOrderID(String(decoding: swapped, as: UTF8.self)) == nil)
        }
    }

    @Test(
        "what is not one of ours is not read", arguments: ["", "web_1234", "x-abc", "K7Q", "K7Q00000000000000000000"])
    func foreign(text: String) {
        #expect(ClientOrderID(text) == nil)
    }

    @Test("an engine's name has three characters that no venue refuses")
    func instances() {
        #expect(ClientOrderID.Instance("A1Z")?.description == "A1Z")
        for wrong in ["", "AB", "ABCD", "AB-", "abc", "ILO"] { #expect(ClientOrderID.Instance(wrong) == nil) }
    }
}

/// Seeded draws for property tests: SplitMix64.
struct SplitMix {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
    /// A number in the range.
    mutating func next(in range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }
}
