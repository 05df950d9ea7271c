import Foundation
import Rules
import Settings
import Testing
import Trading

/// No text traps, however wrong, and none takes long.
@Suite struct FuzzTests {
    static let words = [
        "close", "open", "sma", "ema", "bollinger", "macd", "crosses_above", "bars_since", "when", "x", "fast", "and",
        "or", "not", "true", "(", ")", "(", ")", ",", ",", ".upper", ".", "[", "]", "[1]", "@1h", "@", "+", "-", "*",
        "/",
        "%", "<", ">", "<=", "==", "!=", "=", "1", "20", "0.5", "1e9", "1e999", "entry_price", "hour", "é", "🙂", "\"",
        "#", "20d", "_", "..", "5000", "9999999999999999999",
    ]

    static func text(entry: String) -> RuleText {
        RuleText(
            name: "fuzz", timeframe: .oneMinute,
            parameters: [.integer("fast", "", default: 3, in: 1...50), .toggle("loud", "", default: false)],
            definitions: [.init("x", "sma(close, fast)")], sections: [.init(.entry, entry), .init(.stop, "2 * atr(3)")])
    }

    /// Makes the strategy where the text is right, and shows it candles.
    static func tryOut(_ text: RuleText) {
        guard let rules = try? RuleClass(text), let made = try? strategy(rules) else { return }
        _ = try? signals(made, bars(walk(30, seed: 1)))
    }

    @Test("random words")
    func words() {
        var numbers = SeededNumbers(state: 1)
        for _ in 0..<20_000 {
            let count = Int.random(in: 1...25, using: &numbers)
            let text = (0..<count).map { _ in Self.words.randomElement(using: &numbers) ?? "" }
            Self.tryOut(Self.text(entry: text.joined(separator: Bool.random(using: &numbers) ? " " : "")))
        }
    }

    @Test("right expressions cut short, or with signs changed")
    func mutations() {
        let whole =
            "crosses_above(ema(close, fast)@5m, max(x, bollinger(20, 1.5).upper[2])) and not (loud or -close % 3 < 1)"
        var numbers = SeededNumbers(state: 2)
        for length in 0...whole.count { Self.tryOut(Self.text(entry: String(whole.prefix(length)))) }
        for _ in 0..<10_000 {
            var bytes = Array(whole.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &numbers) {
                let place = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
                case 1: bytes.remove(at: place)
                default: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &numbers)], at: place)
                }
            }
            Self.tryOut(Self.text(entry: String(decoding: bytes, as: UTF8.self)))
        }
    }

    @Test("files and class names with signs changed")
    func files() throws {
        let name = rulesFolder.appendingPathComponent("trend-pullback.yaml")
        let file = Array(try Data(contentsOf: name))
        let className = Array(try bundledRules("trend-pullback").text.className.utf8)
        var numbers = SeededNumbers(state: 3)
        for _ in 0..<600 {
            for whole in [file, className] {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...6, using: &numbers) {
                    bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = UInt8.random(in: 9...126, using: &numbers)
                }
                if Bool.random(using: &numbers) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &numbers)) }
                let text = String(decoding: bytes, as: UTF8.self)
                _ = (try? RuleFile(text: text, name: "x"))?.rules.stepCount
                _ = RuleClass.strategyClass(named: text)
            }
        }
    }

    @Test(
        "nesting beyond reason is refused, and does not end the process",
        arguments: [
            String(repeating: "(", count: 1_900) + "close" + String(repeating: ")", count: 1_900),
            String(repeating: "-", count: 3_900) + "close", String(repeating: "not ", count: 990) + "true",
            String(repeating: "abs(", count: 600) + "close" + String(repeating: ")", count: 600),
            "close" + String(repeating: "[1]", count: 1_200), "close" + String(repeating: "@1h", count: 1_200),
            "1" + String(repeating: "+1", count: 1_990), String(repeating: "close[", count: 600),
            String(repeating: "1 and ", count: 5_000),
        ])
    func nesting(_ expression: String) throws {
        let error = #expect(throws: RuleErrors.self) { try RuleClass(Self.text(entry: expression)) }
        #expect(error?.problems.isEmpty == false)
    }

    @Test("definitions that double what they use take no longer than what they say")
    func doubling() throws {
        var text = Self.text(entry: "a199 > 0")
        text.definitions = [.init("a0", "close + open")]
        for index in 1..<200 { text.definitions.append(.init("a\(index)", "a\(index - 1) + a\(index - 1)")) }
        #expect(try RuleClass(text).stepCount < 300)
    }
}
