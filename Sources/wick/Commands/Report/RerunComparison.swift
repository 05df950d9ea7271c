import Backtesting
import Engine
import Market
import Storage

/// A kept run beside the same run of today.
struct RerunComparison {
    /// A figure that is not what it was.
    struct Difference {
        var figure: String
        var before: String
        var now: String
    }

    /// Whether the candles are the same.
    let hasSameCandles: Bool
    /// Whether the shorter candles that orders were filled on are the same; earlier releases did not say which they were.
    private let hasSameDetail: Bool
    /// Whether the release is the same.
    let hasSameRelease: Bool
    /// Figures, round trips and the equity curve that differ.
    let differences: [Difference]
    /// Months whose candles differ.
    let revised: [Difference]
    /// Figures that only one of both has: other releases know other ones.
    let onlyBefore: [String]
    let onlyNow: [String]
    let origin: RunOrigin
    let now: RunOrigin

    /// Whether everything came out as it did.
    var isSame: Bool { hasSameCandles && differences.isEmpty }

    /// What belongs to how and when it was run, not to what came out.
    private static let circumstances: Set<String> = ["seconds", "data_hash", "detail_hash", "version", "seed"]

    /// Compares a kept run with one of today over the candles of then.
    init(_ record: BacktestRecord, _ curves: BacktestCurves, _ origin: RunOrigin, _ played: PlayedRun) throws {
        let now = played.origin(origin.words, files: [])
        try self.init(
            record, curves, origin, now,
            json: played.result.json(seconds: 0, extended: played.extended, stamp: now.stamp),
            trades: Array(played.result.tradesCSV(played.extended).utf8),
            equity: BacktestArchive.equityBytes(played.result))
    }

    /// Compares what is kept with the result of today, its round trips and its equity curve.
    init(
        _ record: BacktestRecord, _ curves: BacktestCurves, _ origin: RunOrigin, _ now: RunOrigin, json: String,
        trades: [UInt8], equity: [UInt8]
    ) throws {
        self.origin = origin
        self.now = now
        hasSameDetail = now.detailHash == origin.detailHash || origin.strategies == nil
        hasSameCandles = now.dataHash == origin.dataHash && hasSameDetail
        hasSameRelease = now.version == origin.version
        guard let before = RerunComparison.members(record.result), let after = RerunComparison.members(json) else {
            throw CommandFailure(.data, "the result of backtest \(record.id) is no JSON")
        }
        var differences: [Difference] = []
        for (key, value) in before where !RerunComparison.circumstances.contains(key) {
            guard let new = after.first(where: { $0.key == key })?.value, new != value else { continue }
            differences.append(
                Difference(figure: key, before: RerunComparison.short(value), now: RerunComparison.short(new)))
        }
        if trades != curves.trades {
            func count(_ bytes: [UInt8]) -> String { "\(max(bytes.count { $0 == 10 } - 1, 0)) round trips" }
            differences.append(Difference(figure: "trades", before: count(curves.trades), now: count(trades)))
        }
        if equity != curves.equity {
            differences.append(Difference(figure: "equity curve", before: "as it was kept", now: "another one"))
        }
        self.differences = differences
        onlyBefore = before.map(\.key).filter { key in !after.contains { $0.key == key } }
        onlyNow = after.map(\.key).filter { key in !before.contains { $0.key == key } }
        let months = (then: origin.allMonths, now: now.allMonths)
        let names = Set((months.then + months.now).map(\.name)).sorted()
        revised = names.compactMap { name in
            let then = months.then.first { $0.name == name }
            let today = months.now.first { $0.name == name }
            guard then != today else { return nil }
            func text(_ month: RunOrigin.Month?) -> String {
                month.map { "\($0.count) candles, \($0.hash)" } ?? "none"
            }
            return Difference(figure: name, before: text(then), now: text(today))
        }
    }

    /// The members of an object with their texts as they are written, so that not a digit is lost.
    private static func members(_ json: String) -> [(key: String, value: String)]? { JSONMembers.members(json) }

    private static func short(_ text: String) -> String {
        text.count <= 40 ? text : text.prefix(38) + "…"
    }

    // MARK: For people

    func print(_ number: Int64, remarks: [String]) {
        for remark in remarks { Output.line(remark) }
        Output.line(
            now.dataHash == origin.dataHash
                ? "The candles are the same (\(origin.dataHash))."
                : "The candles were revised: their hash was \(origin.dataHash) and is \(now.dataHash).")
        if !hasSameDetail {
            Output.line(
                "The shorter candles that orders are filled on were revised: their hash was "
                    + "\(origin.detailHash ?? "none") and is \(now.detailHash ?? "none").")
        }
        if !revised.isEmpty {
            var table = Table(.text("month"), .text("then"), .text("now"))
            for month in revised { table.add(month.figure, month.before, month.now) }
            table.print(whenEmpty: "")
        }
        Output.line(
            hasSameRelease
                ? "The release is the same (\(origin.version))."
                : "Wick \(origin.version) ran it; this is \(now.version).")
        if !onlyBefore.isEmpty { Output.line("This release has no \(onlyBefore.joined(separator: ", ")).") }
        if !onlyNow.isEmpty { Output.line("That release had no \(onlyNow.joined(separator: ", ")).") }
        guard !differences.isEmpty else {
            return Output.line(
                isSame
                    ? "Backtest \(number) came out the same, to the last digit."
                    : "Every figure came out the same all the same.")
        }
        Output.line("")
        var table = Table(.text("differs"), .text("then"), .text("now"))
        for difference in differences { table.add(difference.figure, difference.before, difference.now) }
        table.print(whenEmpty: "")
        Output.line("\n\(why)")
    }

    /// Why figures differ, as far as can be told.
    private var why: String {
        if !hasSameCandles { return "Other candles, other results: the run of today is over the revised ones." }
        if !hasSameRelease { return "The candles are the same, so the releases count differently; see their notes." }
        return
            "Neither the candles nor the release differ: the program that ran it was another build, or this is a mistake "
            + "of Wick's."
    }

    // MARK: For programs

    /// The comparison as a row of JSON.
    func row(_ number: Int64, remarks: [String]) -> Row {
        Row(
            id: number, same: isSame, sameCandles: hasSameCandles, sameVersion: hasSameRelease,
            dataHash: origin.dataHash, dataHashNow: now.dataHash, version: origin.version, versionNow: now.version,
            differences: differences.map { DifferenceRow(name: $0.figure, before: $0.before, now: $0.now) },
            revisedMonths: revised.map { DifferenceRow(name: $0.figure, before: $0.before, now: $0.now) },
            remarks: remarks, run: RawJSON(text: origin.label(command: RunWords.command(origin)).json))
    }

    struct Row {
        var id: Int64
        var same: Bool
        var sameCandles: Bool
        var sameVersion: Bool
        var dataHash: String
        var dataHashNow: String
        var version: String
        var versionNow: String
        var differences: [DifferenceRow]
        var revisedMonths: [DifferenceRow]
        var remarks: [String]
        var run: RawJSON
    }

    struct DifferenceRow {
        var name: String
        var before: String
        var now: String
    }
}

/// The members of a JSON object as they are written.
enum JSONMembers {
    /// Keys and the texts of their values, in their order; `nil` when it is no object. O(n).
    static func members(_ json: String) -> [(key: String, value: String)]? {
        let bytes = Array(json.utf8)
        var index = bytes.firstIndex(of: UInt8(ascii: "{")).map { $0 + 1 } ?? bytes.count
        var members: [(key: String, value: String)] = []
        func end(of start: Int) -> Int? {
            // To the comma or bracket that closes the value.
            var place = start
            var depth = 0
            while place < bytes.count {
                switch bytes[place] {
                case UInt8(ascii: "\""):
                    guard let close = string(from: place) else { return nil }
                    place = close
                case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"):
                    if depth == 0 { return place }
                    depth -= 1
                case UInt8(ascii: ","): if depth == 0 { return place }
                default: break
                }
                place += 1
            }
            return nil
        }
        func string(from start: Int) -> Int? {
            var place = start + 1
            while place < bytes.count {
                if bytes[place] == UInt8(ascii: "\\") {
                    place += 2
                } else if bytes[place] == UInt8(ascii: "\"") {
                    return place
                } else {
                    place += 1
                }
            }
            return nil
        }
        while index < bytes.count {
            guard let open = bytes[index...].firstIndex(of: UInt8(ascii: "\"")), let close = string(from: open),
                close + 1 < bytes.count, bytes[close + 1] == UInt8(ascii: ":"), let stop = end(of: close + 2)
            else { break }
            members.append(
                (
                    String(decoding: bytes[(open + 1)..<close], as: UTF8.self),
                    String(decoding: bytes[(close + 2)..<stop], as: UTF8.self)
                ))
            index = stop + 1
        }
        return members.isEmpty ? nil : members
    }
}
