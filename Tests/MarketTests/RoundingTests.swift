import Market
import Testing

@Suite struct RoundingTests {
    @Test(arguments: [
        (7, 2, [3, 4, 3, 4, 4]), (-7, 2, [-3, -4, -4, -3, -4]), (5, 2, [2, 3, 2, 3, 2]), (-5, 2, [-2, -3, -3, -2, -2]),
        (6, 2, [3, 3, 3, 3, 3]), (1, 3, [0, 1, 0, 1, 0]), (-2, 3, [0, -1, -1, 0, -1]),
    ])
    func `each direction rounds as it is named`(value: Int, divisor: Int, expected: [Int]) {
        let directions: [Rounding] = [.down, .up, .floor, .ceiling, .halfEven]
        let results = directions.map { Int(Int128(value).divided(by: Int128(divisor), rounding: $0)) }
        #expect(results == expected)
    }

    @Test func `a price is brought onto a tick that is no power of ten`() {
        let tick = Price(mantissa: 25)
        #expect(Price(mantissa: 1_037).rounded(toTick: tick, .floor) == Price(mantissa: 1_025))
        #expect(Price(mantissa: 1_037).rounded(toTick: tick, .ceiling) == Price(mantissa: 1_050))
        #expect(Price(mantissa: 1_050).rounded(toTick: tick, .ceiling) == Price(mantissa: 1_050))
    }

    @Test func `a price moves by a share of itself in the named direction`() {
        #expect(Price(mantissa: 10_001).moved(by: .basisPoints(10), rounding: .ceiling) == Price(mantissa: 10_012))
        #expect(Price(mantissa: 10_001).moved(by: -.basisPoints(10), rounding: .floor) == Price(mantissa: 9_990))
    }
}
