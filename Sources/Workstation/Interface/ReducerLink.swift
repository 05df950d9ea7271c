import Engine
import Market
import Terminal

extension Reducer {
    /// Says what changed between the screen and the engine. What the screen may not do any more is locked.
    func take(_ link: ScreenLink, _ view: inout ViewState, _ now: Timestamp) {
        let former = view.link
        view.link = link
        if link.role != former.role {
            switch link.role {
            case .control: view.toast(.good, "This screen has control now", now)
            case .watch(let holder?):
                view.toast(.warning, "\(holder) has control: this screen only watches", now)
            case .watch(nil): view.toast(.warning, "This screen only watches; nobody has control", now)
            }
        }
        let wasLost = former.lostSeconds != nil
        let isLost: Bool
        switch link.state {
        case .lost(_, let reason):
            isLost = true
            if !wasLost { view.toast(.error, "The engine is lost: \(reason)", now) }
        case .live, .ending:
            isLost = false
            if wasLost { view.toast(.good, "The engine is back", now) }
        }
        if link.role != .control || isLost {
            view.lock.lock()
            // A question that can't be answered any more must not wait.
            view.layers.removeAll { $0.isQuestion && !($0 is MenuLayer) }
        }
    }

    /// Why order keys can't be unlocked, or `nil` when they can.
    func lockReason(_ view: ViewState) -> String? {
        if view.link.lostSeconds != nil { return "The engine is not there: nothing can be ordered" }
        guard case .watch(let holder) = view.link.role else { return nil }
        guard let holder else { return "This screen only watches; leave it and attach again for control" }
        return "This screen only watches: \(holder) has control; 'wick attach --take' takes it over"
    }
}

extension Snapshot {
    /// The snapshot as it is to be looked at when nothing has been heard for so long: no market of it is live.
    func aged(_ seconds: Int) -> Snapshot {
        var aged = self
        for index in aged.markets.indices {
            switch aged.markets[index].status {
            case .live, .waiting: aged.markets[index].status = .stale(seconds: seconds)
            case .stale(let before): aged.markets[index].status = .stale(seconds: before + seconds)
            case .finished: break
            }
        }
        return aged
    }
}
