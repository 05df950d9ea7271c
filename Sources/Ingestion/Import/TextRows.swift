import Market

/// The rows of a file of candles in lines of text: CSV, plain or gzip.
final class TextRows: CandleRows {
    let path: String
    let probe: CandleProbe
    private let lines: LineReader
    private let layout: Layout
    private var parser: RowParser
    private var isHeader: Bool
    private var isAtEnd = false

    /// Opens a file and looks at its first rows.
    ///
    /// - Throws: `IngestionError`, saying what was expected, when it can't be opened or holds no recognisable rows.
    init(path: String, base: String?) throws(IngestionError) {
        self.path = path
        lines = try LineReader(ByteSource(path: path))
        var first: Result<Layout, LayoutProblem>?
        var isText = true
        // Blank lines in front don't count.
        lines.peek(50) { line in
            guard first == nil, line.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
            isText = line.allSatisfy { $0 >= 0x20 || $0 == 0x09 }
            first = Layout.recognise(line, base: base)
        }
        guard let first else {
            throw IngestionError(
                .notCandles, path,
                lines.source.damage
                    ?? "there is no line of text in it; a header and rows of candles were expected")
        }
        guard isText else {
            throw IngestionError(.notCandles, path, "it is no text; CSV, plain or gzip, or Parquet was expected")
        }
        switch first {
        case .success(let layout): self.layout = layout
        case .failure(let problem): throw IngestionError(.notCandles, path, problem.text(in: "header"))
        }
        probe = TextRows.probe(lines, layout)
        parser = RowParser(layout, RowRules(priceScale: 8, quantityScale: 8, timeframe: .oneMinute))
        isHeader = layout.hasHeader
    }

    var origin: SeriesOrigin? { nil }
    var size: Int64 { lines.source.size }
    var position: Int64 { lines.source.position }
    var damage: String? { lines.source.damage }
    var hasTrailingGarbage: Bool { lines.source.hasTrailingGarbage }

    func begin(_ instrument: Instrument, _ timeframe: Timeframe) {
        parser = RowParser(
            layout,
            RowRules(priceScale: instrument.priceScale, quantityScale: instrument.quantityScale, timeframe: timeframe))
    }

    func nextRow() throws(IngestionError) -> CandleRow? {
        while !isAtEnd {
            let (isThere, bytes) = try lines.next()
            guard isThere else { return nil }
            guard let bytes else {
                return refused(
                    .length, "the line is longer than \(LineReader.longestLine >> 10) KiB; no row of candles is")
            }
            if isHeader {
                if bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) { isHeader = false }
                continue
            }
            if lines.lastLineIsOpen, damage != nil {
                // What is left of a row whose end is lost: its last number may be cut.
                isAtEnd = true
                return refused(.columns, "the data end in this row")
            }
            switch parser.parse(bytes) {
            case .blank: continue
            case .candle(let candle, let isRounded, let contradictsQuoteVolume):
                return CandleRow(
                    number: lines.lineNumber,
                    content: .candle(
                        candle, isRounded: isRounded, contradictsQuoteVolume: contradictsQuoteVolume))
            case .refused(let kind, let column): return refused(kind, explanation(kind, column, bytes))
            }
        }
        return nil
    }

    private func refused(_ kind: Refusal.Kind, _ text: String) -> CandleRow {
        CandleRow(number: lines.lineNumber, content: .refused(kind, text))
    }

    private func explanation(_ kind: Refusal.Kind, _ column: String, _ line: UnsafeRawBufferPointer) -> String {
        let fields = Fields.split(line, separator: layout.separator).map { field in
            let text = String(decoding: field.prefix(40).map { $0 < 0x20 ? 0x3F : $0 }, as: UTF8.self)
            return field.count > 40 ? text + "…" : text
        }
        let places = [
            "time": layout.time, "open": layout.open, "high": layout.high, "low": layout.low, "close": layout.close,
            "volume": layout.volume,
        ]
        return RowExplanation.text(kind, column: column, needed: layout.last + 1, parser.rules.timeframe) { name in
            places[name].flatMap { $0 < fields.count ? fields[$0] : nil } ?? ""
        }
    }

    private static func probe(_ lines: LineReader, _ layout: Layout) -> CandleProbe {
        var builder = CandleProbe.Builder()
        var times = TimeParser()
        var isFirst = layout.hasHeader
        lines.peek(2_000) { line in
            if line.isEmpty { return }
            if isFirst {
                isFirst = false
                return
            }
            let fields = Fields.split(line, separator: layout.separator)
            guard fields.count > layout.last else { return }
            builder.add(
                prices: [layout.open, layout.high, layout.low, layout.close].map { fields[$0] },
                volume: fields[layout.volume], time: fields[layout.time].withUnsafeBytes { times.parse($0) })
        }
        return builder.probe
    }
}
