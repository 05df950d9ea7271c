import Engine
import Indicators
import Market
import Terminal

extension Action {
    static let chartPageBack = Action("chart.page-back")
    static let chartPageForth = Action("chart.page-forth")
    static let chartCrosshair = Action("chart.crosshair")
    static let chartAlert = Action("chart.alert")
    static let chartIndicators = Action("chart.indicators")
    static let chartStrategyIndicators = Action("chart.strategy-indicators")
    static let chartMarkers = Action("chart.markers")
    static let chartBook = Action("chart.book")
    static let chartVolume = Action("chart.volume")
    static let chartLog = Action("chart.log-scale")
    static let chartDate = Action("chart.date")
    static let chartFull = Action("chart.full-screen")

    /// The words behind the first one, for actions that carry a value: `chart.go 2024-03-24`.
    var argument: String { rawValue.split(separator: " ", maxSplits: 1).dropFirst().first.map(String.init) ?? "" }

    /// Whether the action is this one, with or without a value.
    func isNamed(_ name: String) -> Bool { rawValue == name || rawValue.hasPrefix(name + " ") }
}

extension ChartPane {
    static var bindings: [Binding] {
        func line(_ action: Action, _ key: String, _ help: String, hint: String = "") -> Binding {
            Binding(action, key, in: .pane(.chart), hint: hint, help: help)
        }
        return [
            line(
                .chartCrosshair, "c", "Crosshair on or off; arrows move it, with the candle's figures",
                hint: "crosshair"),
            line(.chartIndicators, "i", "Add or remove an indicator", hint: "indicators"),
            line(.chartDate, "t", "Go to a date", hint: "date"),
            line(.chartPageBack, "H", "A page of candles back"),
            line(.chartPageForth, "L", "A page of candles forth"),
            line(.chartAlert, "a", "Alert when the price crosses the crosshair"),
            line(.chartMarkers, "m", "Show or hide our fills"),
            line(.chartStrategyIndicators, "I", "Show or hide the indicators of the symbol's strategies"),
            line(.chartBook, "B", "Show or hide the book of the last minutes behind the candles"),
            line(.chartVolume, "v", "Volume as columns, as a profile by price, or not at all"),
            line(.chartLog, "=", "Logarithmic or linear prices"),
            line(.chartFull, "|", "Chart over the whole screen, and back"),
        ]
    }

    static func handle(_ action: Action, _ view: inout ViewState, _ context: HandlerContext) -> [Consequence]? {
        if let crosshair = view.chart.crosshair, crosshair.symbol != view.symbol { view.chart.crosshair = nil }
        if let done = handleSetting(action, &view, context) { return done }
        guard let market = context.snapshot.market(view.symbol),
            let scene = ChartScene(context.area, market, view, context.snapshot)
        else { return handlesMovement(action) ? [] : nil }
        switch action {
        case .coarser: return zoom(-1, &view, scene)
        case .finer: return zoom(1, &view, scene)
        case .left: move(places: -1, &view, scene)
        case .right: move(places: 1, &view, scene)
        case .pageUp, .chartPageBack: move(places: -scene.window.places.count * 3 / 4, &view, scene)
        case .pageDown, .chartPageForth: move(places: scene.window.places.count * 3 / 4, &view, scene)
        case .halfPageUp: move(places: -scene.window.places.count / 2, &view, scene)
        case .halfPageDown: move(places: scene.window.places.count / 2, &view, scene)
        case .up where view.chart.crosshair != nil: move(rows: -1, &view, scene)
        case .down where view.chart.crosshair != nil: move(rows: 1, &view, scene)
        case .top: view.chart.edge = scene.series.candles.first?.openTime
        case .bottom:
            view.chart.edge = nil
            if view.chart.crosshair != nil { startCrosshair(&view, scene) }
        case .chartCrosshair:
            if view.chart.crosshair == nil { startCrosshair(&view, scene) } else { view.chart.crosshair = nil }
        case .back where view.chart.crosshair != nil: view.chart.crosshair = nil
        case .chartAlert:
            guard let crosshair = view.chart.crosshair else {
                return [.toast(.info, "Put the crosshair (c) on the price that is to raise an alert")]
            }
            return [.request(.addPriceAlert(crosshair.symbol, crosshair.price))]
        case .ticket where view.chart.crosshair?.symbol == view.symbol:
            guard let price = view.chart.crosshair?.price else { return nil }
            // Below the market a limit buys, above it sells.
            let side: Side = market.last.map { price <= $0 } ?? true ? .buy : .sell
            return OrderTicket.opening(view.symbol, context.snapshot, side: side, price: price)
        case .copy:
            guard let text = copyText(view, scene) else { return nil }
            return [.copy(text)]
        default: return nil
        }
        return []
    }

    private static func handlesMovement(_ action: Action) -> Bool {
        [.left, .right, .coarser, .finer, .top, .bottom, .pageUp, .pageDown].contains(action)
    }

    /// Actions that need no candles.
    private static func handleSetting(
        _ action: Action, _ view: inout ViewState, _ context: HandlerContext
    ) -> [Consequence]? {
        switch action {
        case .chartMarkers: view.chart.showsMarkers.toggle()
        case .chartStrategyIndicators: view.chart.showsStrategyIndicators.toggle()
        case .chartLog: view.chart.isLogarithmic.toggle()
        case .chartVolume:
            view.chart.volume =
                switch view.chart.volume {
                case .columns: .profile
                case .profile: .none
                case .none: .columns
                }
        case .chartBook:
            view.chart.showsBook.toggle()
            if view.chart.showsBook, let missing = context.snapshot.market(view.symbol)?.missing {
                return [.toast(.info, missing)]
            }
        case .chartFull: view.arrangement.zoom = view.arrangement.zoom == .full ? .normal : .full
        case .chartIndicators: return [.form(IndicatorForm(chosen: view.chart.indicators))]
        case .chartDate:
            return [.form(GoToDateForm(start: view.chart.edge ?? context.snapshot.time))]
        case _ where action.isNamed("chart.go"):
            guard let time = Timestamp(iso8601: action.argument) else { return nil }
            return go(to: time, &view, context)
        case _ where action.isNamed("chart.add-indicator"):
            return add(action.argument, &view)
        case _ where action.isNamed("chart.remove-indicators"):
            view.chart.indicators = []
        default: return nil
        }
        return []
    }

    private static func zoom(_ step: Int, _ view: inout ViewState, _ scene: ChartScene) -> [Consequence] {
        guard let zoom = CandleZoom(rawValue: view.chart.zoom.rawValue + step) else {
            let hint =
                step < 0
                ? "A candle is one column wide already; ] shows longer ones" : "Candles are as wide as they get"
            return [.toast(.info, hint)]
        }
        view.chart.zoom = zoom
        return []
    }

    /// Moves the crosshair when it is on, taking the window along at its edges, otherwise the window.
    private static func move(places count: Int, _ view: inout ViewState, _ scene: ChartScene) {
        guard var crosshair = view.chart.crosshair else {
            view.chart.edge = scene.window.scrolled(by: count, scene.slots)
            return
        }
        crosshair.time = scene.slots.time(count, after: crosshair.time)
        if let last = scene.series.candles.last, crosshair.time > last.openTime { crosshair.time = last.openTime }
        view.chart.crosshair = crosshair
        if let first = scene.window.places.first, crosshair.time < first.time {
            view.chart.edge = scene.window.scrolled(by: min(count, -8), scene.slots)
        } else if let last = scene.window.places.last, crosshair.time > last.time {
            view.chart.edge = scene.window.scrolled(by: max(count, 8), scene.slots)
        }
    }

    private static func move(rows: Int, _ view: inout ViewState, _ scene: ChartScene) {
        guard var crosshair = view.chart.crosshair else { return }
        let tick = scene.series.instrument.tick
        let position = scene.scale.position(Double(crosshair.price.mantissa)).rounded(.down) + 0.5 + Double(rows)
        let price = scene.scale.price(at: min(max(position, 0.5), Double(scene.scale.rows) - 0.5))
        guard price.isFinite, abs(price) < 9e17 else { return }
        crosshair.price = max(tick, Price(mantissa: Int64(price)).rounded(toTick: tick, .halfEven))
        view.chart.crosshair = crosshair
    }

    private static func startCrosshair(_ view: inout ViewState, _ scene: ChartScene) {
        guard let index = scene.lastShownIndex else { return }
        let candle = scene.series.candles[index]
        view.chart.crosshair = .init(
            symbol: view.symbol, time: candle.openTime,
            price: candle.close.rounded(toTick: scene.series.instrument.tick, .halfEven))
    }

    private static func go(to time: Timestamp, _ view: inout ViewState, _ context: HandlerContext) -> [Consequence] {
        guard let market = context.snapshot.market(view.symbol),
            let scene = ChartScene(context.area, market, view, context.snapshot),
            let first = scene.series.candles.first, let last = scene.series.candles.last
        else { return [.toast(.info, "There are no candles yet")] }
        let shown = max(first.openTime, min(time, last.openTime)).floored(to: scene.series.timeframe)
        view.chart.edge = scene.window.centered(on: shown, scene.slots)
        view.chart.crosshair?.time = shown
        if time < first.openTime {
            return [.toast(.info, "The candles here begin \(clock(first.openTime))")]
        }
        if time > last.closeTime(scene.series.timeframe) {
            return [.toast(.info, "The candles here end \(clock(last.openTime))")]
        }
        return []
    }

    private static func add(_ text: String, _ view: inout ViewState) -> [Consequence] {
        let words = text.split(separator: " ")
        guard let name = words.first else { return [] }
        let chosen = ChartState.ChosenIndicator(
            identifier: String(name), values: words.dropFirst().compactMap { Double($0) })
        guard chosen.configured != nil else { return [.toast(.error, "\(text) is no indicator")] }
        if let index = view.chart.indicators.firstIndex(of: chosen) {
            view.chart.indicators.remove(at: index)
            return [.toast(.info, "\(chosen.configured?.label ?? "") removed")]
        }
        view.chart.indicators.append(chosen)
        return []
    }

    private static func copyText(_ view: ViewState, _ scene: ChartScene) -> String? {
        let time = view.chart.crosshair?.time
        let index = time.map { scene.slots.lastIndex(notAfter: $0) } ?? scene.lastShownIndex ?? -1
        guard scene.series.candles.indices.contains(index) else { return nil }
        let candle = scene.series.candles[index]
        let instrument = scene.series.instrument
        let prices = [candle.open, candle.high, candle.low, candle.close].map { instrument.text($0) }
        return ([candle.openTime.description] + prices + [instrument.text(candle.volume)]).joined(separator: ",")
    }
}
