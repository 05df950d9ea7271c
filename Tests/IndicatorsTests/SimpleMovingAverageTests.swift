import Indicators
import Testing

@Suite struct SimpleMovingAverageTests {
    @Test func meansTheLastValues() {
        let result = SimpleMovingAverage(period: 3).batch([1, 2, 6, 4, 5])
        #expect(result[0].isNaN && result[1].isNaN)
        #expect(Array(result[2...]) == [3, 4, 5])
    }
}
