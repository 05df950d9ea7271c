import Bytes
import Engine
import Market
import Terminal
import Trading

/// What a screen hands to the next one: which panes are where, and what they show. The engine keeps the bytes and does not
/// know what they say.
///
/// What is not understood, because another release wrote it or a symbol is gone, is left as a fresh screen has it.
struct KeptView: Equatable {
    /// Counts up when the form changes; an older form is not read.
    private static let version: UInt8 = 1

    var preset = ""
    var zoom = 0
    var focus = ""
    var shown: [String] = []
    var symbol = ""
    var timeframe = ""
    var theme = ""
    var glyphs = ""
    var filters: [String: String] = [:]
    var selected: [String: String] = [:]
    var positions: [String: Int] = [:]
    var switches: [Bool] = []
    var bookDepth = 0

    /// What is to be kept of a view.
    init(_ view: ViewState, _ snapshot: Snapshot) {
        preset = view.arrangement.preset.rawValue
        zoom = view.arrangement.zoom.rawValue
        focus = view.focus.rawValue
        shown = view.arrangement.shown.map(\.rawValue).sorted()
        symbol = snapshot.market(view.symbol)?.instrument.name ?? ""
        timeframe = view.timeframe.description
        theme = view.theme
        glyphs = view.glyphs?.rawValue ?? ""
        for (pane, text) in view.filters { filters[pane.rawValue] = text }
        for (pane, row) in view.lists.selected { selected[pane.rawValue] = row.text }
        for (pane, row) in view.lists.position { positions[pane.rawValue] = row }
        switches = [
            view.lists.showsWorkingOrdersOnly, view.lists.showsShelvedAlerts, view.chart.isLogarithmic,
            view.chart.showsMarkers, view.chart.showsBook, view.chart.showsStrategyIndicators, view.book.isCentred,
        ]
        bookDepth = view.book.depth
    }

    /// What bytes say; `nil` when they are of another form.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        do {
            guard try reader.byte() == KeptView.version else { return nil }
            preset = try reader.text()
            zoom = try reader.number()
            focus = try reader.text()
            shown = try reader.array()
            symbol = try reader.text()
            timeframe = try reader.text()
            theme = try reader.text()
            glyphs = try reader.text()
            for _ in 0..<(try reader.count(minimumSize: 2)) { filters[try reader.text()] = try reader.text() }
            for _ in 0..<(try reader.count(minimumSize: 2)) { selected[try reader.text()] = try reader.text() }
            for _ in 0..<(try reader.count(minimumSize: 2)) { positions[try reader.text()] = try reader.number() }
            switches = try reader.array()
            bookDepth = try reader.number()
        } catch {
            return nil
        }
    }

    /// The bytes of it.
    var bytes: [UInt8] {
        var writer = ByteWriter()
        writer.byte(KeptView.version)
        writer.text(preset)
        writer.count(zoom)
        writer.text(focus)
        writer.array(shown)
        for text in [symbol, timeframe, theme, glyphs] { writer.text(text) }
        for texts in [filters, selected] {
            writer.count(texts.count)
            for (pane, text) in texts.sorted(by: { $0.key < $1.key }) {
                writer.text(pane)
                writer.text(text)
            }
        }
        writer.count(positions.count)
        for (pane, row) in positions.sorted(by: { $0.key < $1.key }) {
            writer.text(pane)
            writer.count(max(0, row))
        }
        writer.array(switches)
        writer.count(bookDepth)
        return writer.bytes
    }

    /// Makes a fresh view look like the one that was kept.
    func apply(to view: inout ViewState, _ snapshot: Snapshot, keepsTheme: Bool) {
        view.arrangement.preset = Arrangement.Preset(rawValue: preset) ?? view.arrangement.preset
        view.arrangement.zoom = Arrangement.Zoom(rawValue: zoom) ?? .normal
        view.arrangement.shown = Set(shown.compactMap(PaneID.init))
        if let pane = PaneID(rawValue: focus) { view.setFocus(pane) }
        if let market = snapshot.markets.first(where: { $0.instrument.name == symbol }) { view.symbol = market.id }
        view.timeframe = Timeframe(timeframe) ?? view.timeframe
        if !keepsTheme, !theme.isEmpty { view.theme = theme }
        if let glyphs = GlyphSet(rawValue: glyphs) { view.glyphs = glyphs }
        for (pane, text) in filters { if let pane = PaneID(rawValue: pane) { view.filters[pane] = text } }
        for (pane, row) in selected { if let pane = PaneID(rawValue: pane) { view.lists.selected[pane] = RowID(row) } }
        for (pane, row) in positions { if let pane = PaneID(rawValue: pane) { view.lists.position[pane] = row } }
        if BookState.depths.contains(bookDepth) { view.book.depth = bookDepth }
        guard switches.count == 7 else { return }
        view.lists.showsWorkingOrdersOnly = switches[0]
        view.lists.showsShelvedAlerts = switches[1]
        view.chart.isLogarithmic = switches[2]
        view.chart.showsMarkers = switches[3]
        view.chart.showsBook = switches[4]
        view.chart.showsStrategyIndicators = switches[5]
        view.book.isCentred = switches[6]
    }
}
