import Backtesting
import Market
import Strategies
import Studies
import Synchronization
import Testing
import Trading

/// Strategies that look into the future on purpose, each in another way.
@Suite("Look-ahead hunters: strategies that peek")
struct PeekingTests {
    private static let series = marketLike(10)

    private func failures(_ report: AuditReport) -> [AuditCheck] {
        report.findings.filter { $0.verdict == .failed }.map(\.check)
    }

    @Test("the next close of the series it was made from")
    func nextClose() throws {
        let found = failures(
            try audit(Self.series) { series in
                let closes = closes(series)
                return thumb {
                    { bar, _ in bar + 1 < closes.count ? closes[bar + 1] > closes[bar] ? .long : .flat : nil }
                }
            })
        for check in [AuditCheck.truncation, .futureShuffle, .delay, .noise] { #expect(found.contains(check)) }
    }

    @Test("two candles ahead")
    func twoAhead() throws {
        let found = failures(
            try audit(Self.series) { series in
                let closes = closes(series)
                return thumb {
                    { bar, _ in bar + 2 < closes.count ? closes[bar + 2] > closes[bar] ? .long : .flat : nil }
                }
            })
        for check in [AuditCheck.truncation, .futureShuffle, .noise] { #expect(found.contains(check)) }
    }

    @Test("the mean of the whole sample")
    func wholeSample() throws {
        let found = failures(
            try audit(Self.series) { series in
                let closes = closes(series)
                let mean = closes.reduce(0, +) / Double(closes.count)
                return thumb { { bar, _ in closes[bar] < mean ? .long : .flat } }
            })
        for check in [AuditCheck.truncation, .futureShuffle] { #expect(found.contains(check)) }
    }

    @Test("the highest and the lowest price of all candles")
    func fullRange() throws {
        let found = failures(
            try audit(Self.series) { series in
                let closes = closes(series)
                let (low, high) = (closes.min() ?? 0, closes.max() ?? 0)
                return thumb {
                    { bar, _ in
                        let place = (closes[bar] - low) / max(high - low, 1)
                        return place < 0.2 ? .long : place > 0.8 ? .flat : nil
                    }
                }
            })
        #expect(found.contains(.truncation))
        #expect(found.contains(.futureShuffle))
    }

    @Test("every fiftieth candle only, between decisions of an honest rule")
    func seldom() throws {
        let found = failures(
            try audit(Self.series) { series in
                let closes = closes(series)
                return thumb {
                    { bar, _ in
                        if bar % 50 == 49, bar + 1 < closes.count {
                            return closes[bar + 1] > closes[bar] ? .long : .flat
                        }
                        guard bar >= 12 else { return nil }
                        return closes[bar] > closes[bar - 12] ? .long : .flat
                    }
                }
            })
        #expect(found.contains(.truncation) || found.contains(.futureShuffle))
    }

    @Test("the close of an hour that is not over")
    func unfinishedHour() throws {
        let found = failures(
            try audit(Self.series) { series in
                let closes = closes(series)
                return thumb {
                    { bar, _ in
                        let last = min(bar / 4 * 4 + 3, closes.count - 1)
                        return closes[last] > closes[bar] ? .long : closes[last] < closes[bar] ? .flat : nil
                    }
                }
            })
        for check in [AuditCheck.truncation, .futureShuffle, .noise] { #expect(found.contains(check)) }
    }

    @Test("a moving average around the candle instead of behind it")
    func centredAverage() throws {
        let found = failures(
            try audit(Self.series) { series in
                let closes = closes(series)
                return thumb {
                    { bar, _ in
                        let window = closes[max(bar - 5, 0)...min(bar + 5, closes.count - 1)]
                        return window.reduce(0, +) / Double(window.count) > closes[bar] ? .long : .flat
                    }
                }
            })
        for check in [AuditCheck.truncation, .futureShuffle, .noise] { #expect(found.contains(check)) }
    }

    @Test("the parameter that was the best over all candles")
    func bestParameter() throws {
        let found = failures(
            try audit(Self.series) { series in
                let closes = closes(series)
                func gain(_ length: Int) -> Double {
                    guard closes.count > length + 1 else { return 0 }
                    return (length..<closes.count - 1).reduce(0) { sum, bar in
                        closes[bar] > closes[bar - length] ? sum + closes[bar + 1] / closes[bar] - 1 : sum
                    }
                }
                let best = (2...40).max { gain($0) < gain($1) } ?? 2
                return thumb {
                    { bar, _ in bar < best ? nil : closes[bar] > closes[bar - best] ? .long : .flat }
                }
            })
        #expect(found.contains(.truncation))
        #expect(found.contains(.futureShuffle))
    }

    @Test("what an earlier run saw")
    func memory() throws {
        let seen = Seen()
        let found = failures(
            try audit(Self.series) { _ in
                thumb {
                    { bar, candle in
                        defer { seen.put(bar, candle.close) }
                        return seen.close(bar + 1).map { $0 > candle.close ? .long : .flat }
                    }
                }
            })
        #expect(found.contains(.repetition))
    }

    @Test("candles that it holds on its own, whatever it was made from, betray themselves by a candle of delay")
    func ownCandles() throws {
        let own = closes(Self.series)
        let report = try audit(Self.series) { _ in
            thumb { { bar, _ in bar + 1 < own.count ? own[bar + 1] > own[bar] ? .long : .flat : nil } }
        }
        #expect(failures(report) == [.delay])
        #expect(report[.otherCandles]?.verdict == .warned)
        #expect(report.verdict == .failed)
    }

    @Test("a whisper: the next close tips only what the honest rule is all but undecided about")
    func whisper() throws {
        var options = quickly
        options.cuts = 40
        let found = failures(
            try audit(Self.series, options) { series in
                let closes = closes(series)
                return thumb {
                    { bar, _ in
                        guard bar >= 8 else { return nil }
                        let change = closes[bar] / closes[bar - 8] - 1
                        // Only where the honest rule is all but undecided.
                        if abs(change) < 0.0005, bar + 1 < closes.count {
                            return closes[bar + 1] > closes[bar] ? .long : .flat
                        }
                        return change > 0 ? .long : .flat
                    }
                }
            })
        #expect(found.contains(.truncation) && found.contains(.futureShuffle))
    }
}

/// Closes that outlive a run.
private final class Seen: Sendable {
    private let closes = Mutex<[Int: Double]>([:])

    func put(_ bar: Int, _ close: Double) { closes.withLock { $0[bar] = close } }
    func close(_ bar: Int) -> Double? { closes.withLock { $0[bar] } }
}
