import Market

/// An opened file of candles: its layout is recognised, its rows are still to be read.
struct CandleFile {
    let path: String
    let lines: LineReader
    let layout: Layout
    /// What the first rows tell.
    let probe: Probe

    /// What the first rows of a file tell of the rest.
    struct Probe {
        /// The decimals that its numbers need.
        var scales: (price: Int, quantity: Int) = (8, 8)
        /// The decimals that its prices are written with.
        var tickDecimals = 2
        /// The shortest time between two rows, in nanoseconds; `nil` for fewer than two.
        var step: Int64?
        /// How many rows were looked at.
        var rows = 0
        /// Whether every row is older than the one before it.
        var runsBackward = false
        /// Whether any row has a readable time.
        var hasTime = false
    }

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
            throw IngestionError(.notCandles, path, "it is no text; CSV, plain or gzip, was expected")
        }
        switch first {
        case .success(let layout): self.layout = layout
        case .failure(let problem): throw IngestionError(.notCandles, path, problem.text)
        }
        probe = CandleFile.probe(lines, layout)
    }

    private static func probe(_ lines: LineReader, _ layout: Layout) -> Probe {
        var probe = Probe()
        var choice = ScaleChoice()
        var times = TimeParser()
        var last: Timestamp?
        var isFirst = layout.hasHeader
        var descents = 0
        var steps = 0
        lines.peek(2_000) { line in
            if line.isEmpty { return }
            if isFirst {
                isFirst = false
                return
            }
            let fields = Fields.split(line, separator: layout.separator)
            guard fields.count > layout.last else { return }
            probe.rows += 1
            for place in [layout.open, layout.high, layout.low, layout.close] {
                fields[place].withUnsafeBytes { choice.addPrice($0) }
            }
            fields[layout.volume].withUnsafeBytes { choice.addVolume($0) }
            guard let time = fields[layout.time].withUnsafeBytes({ times.parse($0) }) else { return }
            probe.hasTime = true
            if let last, time != last {
                let step = time.nanoseconds - last.nanoseconds
                steps += 1
                if step < 0 { descents += 1 }
                probe.step = min(probe.step ?? .max, abs(step))
            }
            last = time
        }
        probe.runsBackward = steps > 0 && descents == steps
        probe.scales = choice.scales
        probe.tickDecimals = choice.tickDecimals
        return probe
    }
}
