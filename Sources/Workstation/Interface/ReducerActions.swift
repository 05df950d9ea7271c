import Engine
import Market
import Terminal

extension Reducer {
    /// Does an action: the focused pane first, then the workstation.
    func perform(_ action: Action, _ view: inout ViewState, _ work: inout Work) {
        if action == .emergencyStop { return startEmergencyStop(&view, &work) }
        if let binding = table.line(action)?.binding {
            if binding.needsTrade, !view.lock.isTrade(work.now) {
                return explainLock(&view, work.now)
            }
            if case .pane(let pane) = binding.context, pane != view.focus { view.setFocus(pane) }
        }
        let context = HandlerContext(
            snapshot: work.snapshot, now: work.now, area: view.layout.content(of: view.focus))
        if let pane = PaneRegistry.pane(view.focus), let consequences = pane.handle(action, &view, context) {
            return follow(consequences, &view, &work)
        }
        if let pane = PaneID.allCases.first(where: { .pane($0) == action }) { return view.setFocus(pane) }
        if performNavigation(action, &view, &work) { return }
        if performOpening(action, &view, &work) { return }
        performControl(action, &view, &work)
    }

    private func performNavigation(_ action: Action, _ view: inout ViewState, _ work: inout Work) -> Bool {
        switch action {
        case .nextPane: moveFocus(1, &view)
        case .previousPane: moveFocus(-1, &view)
        case .nextTab: moveTab(1, &view, &work)
        case .previousTab: moveTab(-1, &view, &work)
        case .enlarge:
            view.arrangement.zoom = Arrangement.Zoom(rawValue: view.arrangement.zoom.rawValue + 1) ?? .normal
        case .shrink:
            view.arrangement.zoom = Arrangement.Zoom(rawValue: view.arrangement.zoom.rawValue - 1) ?? .normal
        case .nextPreset: movePreset(1, &view, &work)
        case .previousPreset: movePreset(-1, &view, &work)
        case .back:
            if view.filters[view.focus] != nil {
                view.filters[view.focus] = nil
            } else if view.arrangement.zoom != .normal {
                view.arrangement.zoom = .normal
            }
        default: return false
        }
        return true
    }

    private func performOpening(_ action: Action, _ view: inout ViewState, _ work: inout Work) -> Bool {
        switch action {
        case .help: follow([.layer(HelpLayer(focus: view.focus))], &view, &work)
        case .palette: follow([.layer(PaletteLayer())], &view, &work)
        case .symbol: follow([.layer(PickerLayer.symbols(work.snapshot, current: view.symbol))], &view, &work)
        case .theme: follow([.layer(PickerLayer.themes(view.themes, current: view.theme))], &view, &work)
        case .timeframe: follow([.layer(PromptLayer(.timeframe))], &view, &work)
        case .filter:
            follow([.layer(PromptLayer(.filter(view.focus), text: view.filters[view.focus] ?? ""))], &view, &work)
        case .replaySpeed: follow([.layer(PromptLayer(.replaySpeed))], &view, &work)
        case .quit, .detach: follow([.layer(MenuLayer.leaving(work.snapshot, view))], &view, &work)
        case .ticket:
            follow(OrderTicket.opening(view.symbol, work.snapshot), &view, &work)
        case .receipt:
            if work.snapshot.receipt == nil {
                view.toast(.info, "There was no emergency stop in this session", work.now)
            } else {
                follow([.detail(ReceiptDetail())], &view, &work)
            }
        default: return false
        }
        return true
    }

    private func performControl(_ action: Action, _ view: inout ViewState, _ work: inout Work) {
        switch action {
        case .redraw: work.effects.append(.redraw)
        case .refresh:
            work.effects.append(.reloadCatalog)
            view.toast(.info, "Strategy classes and stored series were read anew", work.now)
        case .performance: view.isPerformanceShown.toggle()
        case .graphGlyphs:
            let order: [GlyphSet?] = [nil, .block, .ascii, .utf8]
            let index = order.firstIndex { $0 == view.glyphs } ?? 0
            view.glyphs = order[(index + 1) % order.count]
            view.toast(.info, "Graphs: \(view.glyphs.map(\.rawValue) ?? "as the theme says")", work.now)
        case .tradeLock:
            if view.lock.isTrade(work.now) {
                view.lock.lock()
                view.toast(.info, "VIEW: order keys are locked", work.now)
            } else if let reason = lockReason(view) {
                view.toast(.warning, reason, work.now)
            } else {
                view.lock.unlock(work.now)
                view.toast(.warning, "TRADE: order keys work until ten minutes pass without a key", work.now)
            }
        case .undo:
            guard let undo = view.undo else { return view.toast(.info, "There is nothing to undo", work.now) }
            view.undo = nil
            view.toast(.good, "Undone: \(undo.text)", work.now)
            follow(undo.consequences, &view, &work)
        case .cancelAllOrders: follow(TradingQuestions.cancelAll(nil, work.snapshot), &view, &work)
        case .acceptCash: follow(TradingQuestions.acceptCash(work.snapshot), &view, &work)
        case .resetBreakers: follow(TradingQuestions.resetBreakers(work.snapshot), &view, &work)
        case .replayPause, .replayStep: controlReplay(action, &view, &work)
        default:
            // Moving where nothing moves needs no answer; a verb that means nothing does.
            guard !Reducer.movements.contains(action) else { return }
            view.toast(.info, "\(table.label(action)) does nothing in \(view.focus.name)", work.now)
        }
    }

    private static let movements: Set<Action> = [
        .up, .down, .left, .right, .top, .bottom, .halfPageUp, .halfPageDown, .pageUp, .pageDown, .coarser, .finer,
    ]

    private func controlReplay(_ action: Action, _ view: inout ViewState, _ work: inout Work) {
        guard case .replay(let replay) = work.snapshot.source else {
            return view.toast(.info, "This is no replay: the market can't be paused", work.now)
        }
        if action == .replayPause {
            work.effects.append(.send(.pauseReplay(!replay.isPaused)))
        } else if replay.isPaused {
            work.effects.append(.send(.stepReplay))
        } else {
            view.toast(.info, "Pause the replay first: \(table.label(.replayPause))", work.now)
        }
    }

    private func moveFocus(_ step: Int, _ view: inout ViewState) {
        if view.layout.slots.count <= 1 {
            // One pane at a time: go through all of them.
            let panes = PaneID.allCases
            guard let index = panes.firstIndex(of: view.focus) else { return }
            return view.setFocus(panes[(index + step + panes.count) % panes.count])
        }
        let slots = view.layout.slots
        guard let index = slots.firstIndex(where: { $0.panes.contains(view.focus) }) else { return }
        view.setFocus(slots[(index + step + slots.count) % slots.count].shown)
    }

    private func moveTab(_ step: Int, _ view: inout ViewState, _ work: inout Work) {
        if view.focus.isMarket {
            let all = Timeframe.all
            guard let index = all.firstIndex(of: view.timeframe) else { return }
            let next = min(max(index + step, 0), all.count - 1)
            return follow([.timeframe(all[next])], &view, &work)
        }
        guard let slot = view.layout.slot(holding: view.focus), slot.panes.count > 1,
            let index = slot.panes.firstIndex(of: view.focus)
        else { return }
        view.setFocus(slot.panes[(index + step + slot.panes.count) % slot.panes.count])
    }

    private func movePreset(_ step: Int, _ view: inout ViewState, _ work: inout Work) {
        let all = Arrangement.Preset.allCases
        guard let index = all.firstIndex(of: view.arrangement.preset) else { return }
        let preset = all[(index + step + all.count) % all.count]
        follow([.preset(preset)], &view, &work)
        view.toast(.info, "Layout: \(preset.rawValue)", work.now)
    }
}
