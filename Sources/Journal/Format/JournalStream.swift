/// The two streams of a journal; kept for different times, one order all the same (see `docs/journal.md`).
public enum JournalStream: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    /// What the kernel was told of and what it answered.
    case decisions = 1
    /// Quotes, prints and timers, in batches.
    case market = 2

    /// The name that the stream's files begin with.
    public var description: String { self == .decisions ? "decisions" : "market" }
}

/// What a file of a journal's directory is, by its name.
enum JournalFileName: Hashable {
    case segment(JournalStream, number: UInt64, isCompressed: Bool)
    case checkpoint(decision: UInt64, market: UInt64)
    /// Half a file, from a process that ended while it wrote it.
    case unfinished

    init?(_ name: String) {
        if name.hasSuffix(".tmp") {
            self = .unfinished
            return
        }
        let parts = name.split(separator: ".", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let words = parts[0].split(separator: "-")
        let numbers = words.dropFirst().map { UInt64($0) }
        guard let kind = words.first, !numbers.contains(nil) else { return nil }
        switch (parts[1], numbers.count) {
        case ("wc", 2) where kind == "checkpoint":
            self = .checkpoint(decision: numbers[0] ?? 0, market: numbers[1] ?? 0)
        case ("wj", 1), ("wj.zst", 1):
            guard let stream = JournalStream.allCases.first(where: { $0.description == kind }) else { return nil }
            self = .segment(stream, number: numbers[0] ?? 0, isCompressed: parts[1] == "wj.zst")
        default: return nil
        }
    }

    var text: String {
        switch self {
        case .segment(let stream, let number, let isCompressed):
            return "\(stream)-\(Self.padded(number)).wj" + (isCompressed ? ".zst" : "")
        case .checkpoint(let decision, let market):
            return "checkpoint-\(Self.padded(decision))-\(Self.padded(market)).wc"
        case .unfinished: return ".tmp"
        }
    }

    private static func padded(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 10 - digits.count)) + digits
    }
}
