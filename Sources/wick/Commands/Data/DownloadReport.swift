import Ingestion
import Market
import Network
import Venues

/// What came of downloading one symbol, for programs.
struct DownloadRow {
    var symbol: String
    var timeframe: String
    var from: String
    var to: String
    var begins: String?
    var taken: Int
    var unchanged: Int
    var stored: Int
    var missing: Int
    var gaps: [GapRow]
    var refused: Int
    var refusals: [Refused]
    var zeroVolume: Int
    var rounded: Int
    /// How often the venue asked all symbols together for a pause.
    var pauses: Int
    /// How many requests of all symbols together failed; those that could be were tried again.
    var failedRequests: Int
    var complete: Bool
    var problem: String?
    var seconds: Double

    /// A row of the venue that was not taken.
    struct Refused {
        var time: String
        var kind: String
        var reason: String
    }

    init(_ summary: DownloadSummary, _ tally: RequestGate.Tally) {
        symbol = summary.symbol
        timeframe = summary.timeframe.description
        from = summary.from.description
        to = summary.to.description
        begins = summary.begins?.description
        taken = summary.taken
        unchanged = summary.unchanged
        stored = summary.stored
        missing = summary.missing
        gaps = summary.gaps.map { GapRow($0, summary.timeframe) }
        refused = summary.refused
        refusals = summary.refusals.map {
            Refused(time: $0.time.description, kind: $0.kind.rawValue, reason: $0.text)
        }
        zeroVolume = summary.zeroVolume
        rounded = summary.rounded
        pauses = tally.pauses
        failedRequests = tally.failures
        complete = summary.failure == nil && summary.refused == 0 && summary.isConfirmed
        problem = summary.failure.map { CommandFailure(reason: $0)?.description ?? "\($0)" }
        seconds = summary.seconds
    }
}

/// What came of downloading one symbol, for people.
enum DownloadReport {
    /// How many lines of one kind are printed; JSON has more.
    private static let limit = 10

    static func print(_ row: DownloadRow) {
        Output.line("\(row.symbol), \(row.timeframe)")
        var pairs = [("  span", "\(row.from) to \(row.to)")]
        if let begins = row.begins { pairs.append(("  the venue begins", begins)) }
        pairs.append(("  taken", "\(row.taken)"))
        func add(_ title: String, _ count: Int) { if count > 0 { pairs.append(("  " + title, "\(count)")) } }
        add("stored before", row.unchanged)
        pairs.append(("  stored now", "\(row.stored)"))
        add("refused", row.refused)
        add("without volume", row.zeroVolume)
        add("rounded", row.rounded)
        add("pauses asked for", row.pauses)
        add("requests that failed", row.failedRequests)
        pairs.append(("  missing", row.gaps.isEmpty ? "none" : "\(row.missing) in \(row.gaps.count) gaps"))
        Output.pairs(pairs)
        list("refused", row.refusals.map(\.reason), of: row.refused)
        list("missing", row.gaps.map(\.text), of: row.gaps.count)
    }

    private static func list(_ title: String, _ lines: [String], of count: Int) {
        for line in lines.prefix(limit) { Output.line("  \(title): \(Table.plain(line))") }
        if count > limit { Output.line("  … and \(count - limit) more \(title)") }
    }

    /// How far it has come, in a few words.
    static func text(_ progress: DownloadProgress, at now: ContinuousClock.Instant) -> String {
        if let pause = progress.pause {
            return "waiting \(seconds((pause.until - now).components.seconds + 1)): \(pause.reason)"
        }
        guard progress.wanted > 0 else { return "asking what there is" }
        var text = "\(progress.answered) candles, \(Int(progress.rate)) a second"
        if let left = progress.secondsLeft { text += ", \(seconds(Int64(left.rounded(.up)))) left" }
        return text
    }

    /// Seconds as people say them: `45 s`, `3 min 20 s`, `2 h 5 min`.
    private static func seconds(_ count: Int64) -> String {
        if count < 60 { return "\(count) s" }
        if count < 3_600 { return "\(count / 60) min \(count % 60) s" }
        return "\(count / 3_600) h \(count / 60 % 60) min"
    }
}
