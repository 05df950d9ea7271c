import Ingestion
import Market

/// What came of importing one file, for programs.
struct ImportRow {
    var file: String
    var symbol: String
    var timeframe: String
    var rows: Int
    var taken: Int
    var replaced: Int
    var unchanged: Int
    var duplicates: Int
    var refused: Int
    var refusals: [Refused]
    var suspicious: Int
    var suspicions: [Suspicious]
    var zeroVolume: Int
    var rounded: Int
    var from: String?
    var to: String?
    var missing: Int
    var gaps: [GapRow]
    var damage: String?
    var remarks: [String]
    var seconds: Double

    /// A row that was not taken.
    struct Refused {
        var line: Int
        var kind: String
        var reason: String
    }

    /// A row that was taken and deserves a look.
    struct Suspicious {
        var line: Int
        var time: String
        var reason: String
    }

    init(_ summary: ImportSummary) {
        file = summary.path
        symbol = summary.instrument.name
        timeframe = summary.timeframe.description
        rows = summary.rows
        taken = summary.taken
        replaced = summary.replaced
        unchanged = summary.unchanged
        duplicates = summary.duplicates
        refused = summary.refused
        refusals = summary.refusals.map { Refused(line: $0.line, kind: $0.kind.rawValue, reason: $0.text) }
        suspicious = summary.suspicious
        suspicions = summary.suspicions.map {
            Suspicious(line: $0.line, time: $0.time.description, reason: $0.text)
        }
        zeroVolume = summary.zeroVolume
        rounded = summary.rounded
        from = summary.firstOpen?.description
        to = summary.lastOpen.map { $0.adding(nanoseconds: summary.timeframe.nanoseconds).description }
        missing = summary.missing
        gaps = summary.gaps.map { GapRow($0, summary.timeframe) }
        damage = summary.damage
        remarks = summary.remarks
        seconds = summary.seconds
    }
}

/// A stretch without candles.
struct GapRow {
    var from: String
    var to: String
    var missing: Int

    init(_ gap: Gap, _ timeframe: Timeframe) {
        from = gap.from.description
        to = gap.to.description
        missing = gap.count(of: timeframe)
    }

    var text: String { "\(from) to \(to): \(missing) candles" }
}

/// What came of importing one file, for people.
enum ImportReport {
    /// How many lines of one kind are printed; JSON has more.
    private static let limit = 10

    static func print(_ summary: ImportSummary) {
        let row = ImportRow(summary)
        Output.line("\(row.file): \(row.symbol), \(row.timeframe)")
        var pairs = [("  rows", "\(row.rows)"), ("  taken", "\(row.taken)")]
        func add(_ title: String, _ count: Int) { if count > 0 { pairs.append(("  " + title, "\(count)")) } }
        add("replaced", row.replaced)
        add("unchanged", row.unchanged)
        add("repeated in the file", row.duplicates)
        add("refused", row.refused)
        add("worth a look", row.suspicious)
        add("without volume", row.zeroVolume)
        add("rounded", row.rounded)
        if let from = row.from, let to = row.to { pairs.append(("  span", "\(from) to \(to)")) }
        pairs.append(("  missing", row.gaps.isEmpty ? "none" : "\(row.missing) in \(row.gaps.count) gaps"))
        Output.pairs(pairs)
        list("refused", row.refusals.map { "line \($0.line): \($0.reason)" }, of: row.refused)
        list("worth a look", row.suspicions.map { "line \($0.line): \($0.reason)" }, of: row.suspicious)
        list("missing", row.gaps.map(\.text), of: row.gaps.count)
        for remark in row.remarks { Output.line("  \(remark)") }
        if let damage = row.damage { Output.line("  damaged: \(damage)") }
    }

    private static func list(_ title: String, _ lines: [String], of count: Int) {
        for line in lines.prefix(limit) { Output.line("  \(title): \(Table.plain(line))") }
        if count > limit { Output.line("  … and \(count - limit) more \(title)") }
    }
}
