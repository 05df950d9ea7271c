import Market

/// Reads faults as people write them, one a line:
///
///     KIND[=VALUE] SCOPE:PATTERN [p=SHARE] [n=COUNT] [skip=COUNT]
///
/// Empty lines and what follows a `#` say nothing. Several faults on one line are separated by `;`.
enum FaultScript {
    /// The faults of a text.
    ///
    /// - Throws: `StandInError.faults` with every line that can't be read and why.
    static func faults(_ text: String) throws(StandInError) -> [Fault] {
        var faults: [Fault] = []
        var problems: [String] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let plain = line.prefix { $0 != "#" }
            for part in plain.split(separator: ";") {
                let words = part.split(whereSeparator: \.isWhitespace).map(String.init)
                guard !words.isEmpty else { continue }
                do throws(Problem) {
                    faults.append(try fault(words))
                } catch {
                    problems.append("line \(number + 1): \(error.text)")
                }
            }
        }
        guard problems.isEmpty else { throw .faults(problems) }
        return faults
    }

    private struct Problem: Error {
        var text: String
    }

    private static func fault(_ words: [String]) throws(Problem) -> Fault {
        let kind = try kind(words[0])
        var scope = Fault.Scope.clock
        var pattern = "*"
        var rest = words.dropFirst()
        if let target = rest.first, let colon = target.firstIndex(of: ":"), !target.hasPrefix("p=") {
            guard let known = Fault.Scope(rawValue: String(target[..<colon])) else {
                throw Problem(
                    text: "'\(target)' is about nothing; expected rest:, api:, stream:, user: or connect: and a pattern"
                )
            }
            scope = known
            pattern = String(target[target.index(after: colon)...])
            rest = rest.dropFirst()
        }
        var fault = Fault(kind: kind, scope: scope, pattern: pattern.isEmpty ? "*" : pattern)
        for word in rest {
            let sides = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2 else { throw Problem(text: "'\(word)' is none of p=SHARE, n=COUNT, skip=COUNT") }
            switch sides[0] {
            case "p":
                guard let units = try? DecimalText.mantissa(sides[1], scale: 6), (0...1_000_000).contains(units) else {
                    throw Problem(text: "'\(word)': a share is 0…1")
                }
                fault.perMillion = Int(units)
            case "n":
                guard let count = Int(sides[1]), count > 0 else {
                    throw Problem(text: "'\(word)': a count is 1 or more")
                }
                fault.remaining = count
            case "skip":
                guard let count = Int(sides[1]), count >= 0 else {
                    throw Problem(text: "'\(word)': a count is 0 or more")
                }
                fault.skipping = count
            default: throw Problem(text: "'\(word)' is none of p=SHARE, n=COUNT, skip=COUNT")
            }
        }
        guard fault.isSensible else {
            throw Problem(text: "'\(words[0])' means nothing for \(fault.scope.rawValue)")
        }
        return fault
    }

    private static func kind(_ word: String) throws(Problem) -> Fault.Kind {
        let sides = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = sides.count == 2 ? sides[1] : nil
        func time() throws(Problem) -> Int64 {
            guard let value, let time = Int64(value), (0...86_400_000).contains(time) else {
                throw Problem(text: "'\(word)': expected milliseconds as in \(sides[0])=500")
            }
            return time
        }
        func pair(_ standard: Int64) throws(Problem) -> (Int, Int64) {
            let parts = (value ?? "").split(separator: "/", omittingEmptySubsequences: false).map { Int64($0) }
            guard (1...2).contains(parts.count), let status = parts[0], (400...599).contains(status),
                let second = parts.count == 2 ? parts[1] : standard
            else { throw Problem(text: "'\(word)': expected a status of 400…599, as in \(sides[0])=503") }
            return (Int(status), second)
        }
        switch sides[0] {
        case "delay": return .delay(try time())
        case "late": return .late(try time())
        case "silence": return .silence(try time())
        case "slow-read": return .slowRead(try time())
        case "slow-write": return .slowWrite(try time())
        case "skew":
            guard let value, let skew = Int64(value), abs(skew) <= 86_400_000 else {
                throw Problem(text: "'\(word)': expected milliseconds as in skew=-1500")
            }
            return .skew(skew)
        case "error", "error-after":
            let (status, code) = try pair(-1_000)
            return sides[0] == "error"
                ? .error(status: status, code: Int(code)) : .errorAfter(status: status, code: Int(code))
        case "limit":
            let (status, seconds) = try pair(10)
            guard status == 429 || status == 418, (0...86_400_000).contains(seconds) else {
                throw Problem(text: "'\(word)': expected limit=429 or limit=418, and /SECONDS")
            }
            return .limit(status: status, seconds: seconds)
        default: break
        }
        guard value == nil else { throw Problem(text: "'\(word)': \(sides[0]) takes no value") }
        switch sides[0] {
        case "drop": return .drop
        case "drop-after": return .dropAfter
        case "duplicate": return .duplicate
        case "reorder": return .reorder
        case "truncate": return .truncate
        case "hang": return .hang
        case "hang-after": return .hangAfter
        case "gap": return .gap
        case "half-open": return .halfOpen
        case "disconnect": return .disconnect
        default: throw Problem(text: "'\(word)' is no fault; there are \(Fault.words.joined(separator: " "))")
        }
    }
}
