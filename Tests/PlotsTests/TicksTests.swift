import Testing

@testable import Plots

@Suite("Ticks stand at round numbers")
struct TicksTests {
    @Test(
        "steps are 1, 2 or 5 times a power of ten",
        arguments: [
            (0.7, 1.0), (1.0, 1.0), (1.1, 2.0), (2.0, 2.0), (3.0, 5.0), (5.1, 10.0), (0.03, 0.05), (12_345.0, 20_000.0),
            (0.000_011, 0.000_02),
        ])
    func nice(_ raw: Double, _ step: Double) {
        #expect(abs(Ticks.nice(raw) - step) < step * 1e-9)
    }

    @Test("a range has its round numbers, written alike")
    func linear() {
        #expect(Ticks.linear(0...1, count: 5).labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(Ticks.linear(-30...10, count: 4).labels == ["−30", "−20", "−10", "0", "10"])
        #expect(
            Ticks.linear(-0.031...0.012, count: 5, .percent).labels
                == ["−3 %", "−2 %", "−1 %", "0 %", "1 %"])
        #expect(Ticks.linear(9_000...21_000, count: 3).labels == ["10\u{A0}000", "15\u{A0}000", "20\u{A0}000"])
        #expect(Ticks.linear(0...4_000_000, count: 4).labels == ["0", "1M", "2M", "3M", "4M"])
    }

    @Test("what is no range has no ticks", arguments: [0.0...0.0, 0.0...Double.infinity])
    func none(_ range: ClosedRange<Double>) {
        #expect(Ticks.linear(range, count: 5) == .none)
    }

    @Test("a constant gets a span of its own")
    func widened() {
        #expect(Ticks.widened(100...100) == 95...105)
        #expect(Ticks.widened(0...0) == -1...1)
        let range = Ticks.widened(3...97, count: 5)
        #expect(range.lowerBound <= 3 && range.upperBound >= 97)
    }

    @Test("few decades are divided, many are not")
    func logarithmic() {
        #expect(Ticks.logarithmic(10...200).places == [10, 20, 50, 100, 200])
        #expect(Ticks.logarithmic(1...1_000_000).places.count == 7)
        #expect(Ticks.logarithmic(0...10) == .none)
    }

    @Test(
        "time is divided where calendars divide it",
        arguments: [
            (TimeTicks.Step.months(1), ["Jan 2023", "Feb", "Mar"]),
            (.days(14), ["9 Jan 2023", "23 Jan", "6 Feb", "20 Feb", "6 Mar"]),
            (.months(12), ["2023"]),
        ])
    func time(_ step: TimeTicks.Step, _ labels: [String]) throws {
        // 2023-01-01 to 2023-03-15.
        #expect(try #require(TimeTicks.ticks(1_672_531_200...1_678_838_400, step)).labels == labels)
    }

    @Test("hours say their day where it changes")
    func hours() throws {
        let ticks = try #require(TimeTicks.ticks(1_672_531_200...1_672_628_400, .seconds(21_600)))
        #expect(ticks.labels == ["1 Jan", "06:00", "12:00", "18:00", "2 Jan"])
    }

    @Test("the finest ticks that have room are taken")
    func room() {
        let ticks = TimeTicks.ticks(1_672_531_200...1_704_067_200) { $0.labels.count <= 5 }
        #expect(ticks.labels == ["Jan 2023", "Apr", "Jul", "Oct", "Jan 2024"])
        #expect(TimeTicks.ticks(-.infinity...0) { _ in true } == .none)
    }

    @Test(
        "numbers have the decimals that tell them apart",
        arguments: [(0.25, 2), (1.0, 0), (0.1, 1), (250.0, 0), (0.000_5, 4), (2.5, 1)])
    func decimals(_ step: Double, _ count: Int) {
        #expect(NumberText.decimals(of: step) == count)
    }

    @Test("numbers are written without a locale")
    func fixed() {
        #expect(NumberText.fixed(-1_234_567.891, 2) == "−1\u{A0}234\u{A0}567.89")
        #expect(NumberText.fixed(9_999, 0) == "9999")
        #expect(NumberText.fixed(-0.001, 2) == "0.00")
        #expect(NumberText.fixed(0.05, 1) == "0.1")
    }
}
