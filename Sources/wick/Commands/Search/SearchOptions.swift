import ArgumentParser
import Backtesting
import FoundationEssentials
import Optimization
import Storage
import Strategies
import Studies
import Trading

/// What all searches over parameters have in common.
struct SearchOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "What is to be great: a figure of the result as sharpe, total_return or calmar, or an expression over them.",
            valueName: "expression"))
    var objective = "sharpe"

    @Option(
        name: .customLong("constraint"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "What must hold, as 'trade_count >= 30'; may be given several times.", valueName: "condition"))
    var constraints: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Threads that run backtests (default: one a processor).", valueName: "count"))
    var workers: String?

    @Option(
        help: ArgumentHelp(
            "The study's name; one that is there goes on, also while another process runs it (default: a new one).",
            valueName: "name"))
    var study: String?

    @Flag(help: "Go on with a study that was interrupted: that of --study, else the last one like this.")
    var resume = false

    @Option(parsing: .unconditional, help: ArgumentHelp("How many of the best are printed.", valueName: "count"))
    var top = "20"

    /// The options, read.
    struct Values {
        var objective: Formula?
        var constraints: [Condition] = []
        var workers = 1
        var top = 20
    }

    /// Reads them; what is wrong is added to the problems.
    func values(_ problems: inout [String]) -> Values {
        var values = Values()
        do throws(FormulaError) {
            values.objective = try SearchWords.objective(objective)
        } catch {
            problems.append("--objective: \(error)")
        }
        for text in constraints {
            do throws(FormulaError) {
                values.constraints.append(try SearchWords.condition(text))
            } catch {
                problems.append("--constraint: \(error)")
            }
        }
        values.workers = ProcessInfo.processInfo.activeProcessorCount
        if let workers {
            values.workers = CountText.option("--workers", workers, in: 1...1_024, &problems) ?? 1
        }
        values.top = CountText.option("--top", top, in: 0...1_000_000, &problems) ?? 20
        if let study, !SearchOptions.isName(study) {
            problems.append(
                "--study: '\(Table.plain(study))' is no name; expected up to 64 letters, digits and -_.: as btc-1h")
        }
        return values
    }

    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
                    || "-_.:".unicodeScalars.contains($0)
            }
    }
}

/// Whole numbers of options.
enum CountText {
    /// The number that an option says; `nil`, and a problem, when it says none in the range.
    static func option(_ name: String, _ text: String, in range: ClosedRange<Int>, _ problems: inout [String]) -> Int? {
        if let count = Int(text), range.contains(count) { return count }
        problems.append(
            "\(name): '\(Table.plain(text))' is no whole number from \(range.lowerBound) to \(range.upperBound)")
        return nil
    }
}
