/// Where the fields of a row stand.
struct Layout: Equatable {
    /// What parts the fields of a row.
    var separator: UInt8
    var time: Int
    var open: Int
    var high: Int
    var low: Int
    var close: Int
    var volume: Int
    /// The volume in the quote currency, where the file has it: it shows whether the two were mistaken.
    var quoteVolume: Int?
    /// How many fields the first line has.
    var count: Int
    /// Whether the first line is a header.
    var hasHeader: Bool

    /// The names a time column goes by, best first. A close time is none: candles are named by their open time.
    static let timeNames = [
        "open_time_ms", "open_time", "opentime", "open_time_utc", "timestamp", "timestamp_ms", "time_utc", "time",
        "datetime", "date_time", "unix", "unix_time", "ts", "date", "date_utc", "__index_level_0",
    ]
    static let quoteVolumeNames = [
        "quote_volume", "quote_asset_volume", "quotevolume", "volume_quote", "volume_usd", "turnover",
    ]

    /// The layout that the first line tells, or what is missing.
    ///
    /// - Parameters:
    ///   - line: the first line.
    ///   - base: the base asset, for columns named `Volume BTC`.
    static func recognise(_ line: UnsafeRawBufferPointer, base: String?) -> Result<Layout, LayoutProblem> {
        let separator = separator(of: line)
        let fields = Fields.split(line, separator: separator).map { Layout.normalised($0) }
        if fields.count == 12, fields.allSatisfy(Layout.isNumber) {
            // Klines as the largest venue publishes them, without a header.
            return .success(
                Layout(
                    separator: separator, time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5, quoteVolume: 7,
                    count: 12, hasHeader: false))
        }
        guard fields.contains(where: { !Layout.isNumber($0) }), fields.count > 1 else {
            return .failure(.noHeader(fieldCount: fields.count))
        }
        return find(names: fields, separator: separator, base: base)
    }

    /// The layout of a table whose columns have names and no lines.
    ///
    /// - Parameters:
    ///   - names: the names of the columns.
    ///   - base: the base asset, for columns named `Volume BTC`.
    static func find(_ names: [String], base: String?) -> Result<Layout, LayoutProblem> {
        find(names: names.map { normalised(Array($0.utf8)) }, separator: 0, base: base)
    }

    private static func find(names fields: [String], separator: UInt8, base: String?) -> Result<Layout, LayoutProblem> {
        func place(_ names: [String]) -> Int? {
            for name in names {
                if let place = fields.firstIndex(of: name) { return place }
            }
            return nil
        }
        let volumeNames =
            ["volume", "base_volume", "basevolume", "vol", "volume_base"]
            + (base.map { ["volume_\($0.lowercased())", "vol_\($0.lowercased())"] } ?? [])
        let places = [
            ("a time (one of \(timeNames.prefix(8).joined(separator: ", ")) …)", place(timeNames)),
            ("open", place(["open", "open_price", "o"])), ("high", place(["high", "high_price", "h"])),
            ("low", place(["low", "low_price", "l"])), ("close", place(["close", "close_price", "c"])),
            ("volume", place(volumeNames)),
        ]
        let missing = places.filter { $0.1 == nil }.map(\.0)
        guard missing.isEmpty else { return .failure(.missing(missing, found: fields)) }
        let found = places.compactMap(\.1)
        return .success(
            Layout(
                separator: separator, time: found[0], open: found[1], high: found[2], low: found[3], close: found[4],
                volume: found[5], quoteVolume: place(quoteVolumeNames), count: fields.count, hasHeader: true))
    }

    /// The highest place that is read.
    var last: Int { max(max(time, open, high), max(low, close, volume), quoteVolume ?? 0) }

    private static func separator(of line: UnsafeRawBufferPointer) -> UInt8 {
        let candidates: [UInt8] = [0x2C, 0x3B, 0x09]
        let counts = candidates.map { candidate in line.count { $0 == candidate } }
        return counts[1] > counts[0] ? candidates[1] : counts[2] > counts[0] ? candidates[2] : candidates[0]
    }

    private static func normalised(_ field: [UInt8]) -> String {
        let text = String(decoding: field, as: UTF8.self).lowercased()
        let trimmed = text.drop { $0.isWhitespace || $0 == "#" }
        var name = ""
        for character in trimmed {
            name.append(character == " " || character == "-" || character == "." ? "_" : character)
        }
        while name.hasSuffix("_") { name.removeLast() }
        return isNumber(String(trimmed)) ? String(trimmed) : name
    }

    private static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D || $0 == 0x2B }
    }
}

/// Why the fields of a file are not recognised.
enum LayoutProblem: Error, Equatable {
    /// The first line is numbers, and not the twelve of a venue's klines.
    case noHeader(fieldCount: Int)
    /// Columns are missing from the header.
    case missing([String], found: [String])

    /// What is wrong, in words.
    ///
    /// - Parameter names: what names the columns: header or schema.
    func text(in names: String) -> String {
        switch self {
        case .noHeader(let count):
            return "the first line names no columns (it has \(count) field\(count == 1 ? "" : "s")); put a line "
                + "'timestamp,open,high,low,close,volume' in front of the rows"
        case .missing(let missing, let found):
            let seen = found.prefix(12).map { $0.prefix(24) }.joined(separator: ", ")
            return "the \(names) lacks \(missing.joined(separator: ", ")); it has: \(seen)"
        }
    }
}

/// The fields of a row that may hold quotes.
enum Fields {
    /// The fields, without the quotes around them; a doubled quote inside them is one.
    static func split(_ line: UnsafeRawBufferPointer, separator: UInt8) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        var isQuoted = false
        var index = 0
        while index < line.count {
            let byte = line[index]
            if byte == 0x22 {
                if isQuoted, index + 1 < line.count, line[index + 1] == 0x22 {
                    field.append(byte)
                    index += 1
                } else {
                    isQuoted.toggle()
                }
            } else if byte == separator && !isQuoted {
                fields.append(field)
                field = []
            } else {
                field.append(byte)
            }
            index += 1
        }
        fields.append(field)
        return fields
    }
}
