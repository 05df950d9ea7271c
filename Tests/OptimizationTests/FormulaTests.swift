import Optimization
import Testing

@Suite("Expressions over figures")
struct FormulaTests {
    private let names = ["sharpe", "max_drawdown", "trade_count"]
    private let figures: [Double?] = [2, 0.25, 40]

    @Test(
        "values come out as by hand",
        arguments: [
            ("sharpe", 2), ("sharpe - 0.1*max_drawdown", 1.975), ("-sharpe^2", -4), ("2^3^2", 512), ("2^-1", 0.5),
            ("(1 + sharpe) * 3 - 8 / 4 / 2", 8), ("min(sharpe, max_drawdown)", 0.25), ("max(1, abs(-7))", 7),
            ("sqrt(trade_count + 9)", 7), ("log(1)", 0), ("1e-1 * trade_count", 4), ("1 - 2 - 3", -4),
            ("+.5+-1", -0.5),
        ])
    func values(_ text: String, _ expected: Double) throws {
        let value = try #require(try Formula(text, names: names).value(figures))
        #expect(abs(value - expected) < 1e-12)
    }

    @Test("what needs an undefined figure or divides by zero is undefined")
    func undefined() throws {
        #expect(try Formula("sharpe + 1", names: names).value([nil, 0, 0]) == nil)
        #expect(try Formula("sharpe / max_drawdown", names: names).value([1, 0, 0]) == nil)
        #expect(try Formula("sqrt(-sharpe)", names: names).value(figures) == nil)
        #expect(try Formula("max_drawdown", names: names).value([nil, 0.5, nil]) == 0.5)
    }

    @Test(
        "an error names the character where it begins",
        arguments: [
            ("", 0), ("sharp", 0), ("sharpe -", 8), ("sharpe 2", 7), ("(sharpe", 7), ("2 * avg(sharpe)", 4),
            ("min(1)", 0), ("sharpe > 1", 7), ("1 + #", 4), ("1..2", 0), ("sharpe +* 2", 8), ("sharpe)", 6),
        ])
    func errors(_ text: String, _ offset: Int) {
        do {
            _ = try Formula(text, names: names)
            Issue.record("'\(text)' was read")
        } catch {
            #expect(error.offset == offset, "\(text): \(error)")
            let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count == 3 && lines[2] == "  " + String(repeating: " ", count: offset) + "^")
        }
    }

    @Test("a text that nests without end is refused, not followed")
    func nesting() {
        let text = String(repeating: "(", count: 100_000)
        #expect(throws: FormulaError.self) { try Formula(text, names: names) }
    }

    @Test("a condition says by how much it is broken")
    func conditions() throws {
        func violation(_ text: String) throws -> Double { try Condition(text, names: names).violation(figures) }
        #expect(try violation("trade_count >= 30") == 0)
        #expect(try violation("trade_count >= 40") == 0)
        #expect(try violation("trade_count > 40") > 0)
        #expect(try violation("trade_count >= 80") == 0.5)
        #expect(try violation("max_drawdown < 0.2") == 0.25 - 0.2)
        #expect(try violation("trade_count >= 80 and max_drawdown <= 0.25") == 0.5)
        #expect(try Condition("sharpe > 0", names: names).violation([nil, 0, 0]) == .infinity)
        #expect(throws: FormulaError.self) { try Condition("trade_count", names: names) }
        #expect(throws: FormulaError.self) { try Condition("trade_count >= 3 or sharpe > 1", names: names) }
    }
}
