import Engine
import Market
import Terminal

/// The emergency stop's banner: up from the first key until it is put away, over everything else.
struct EmergencyBanner: Sendable, Hashable {
    /// How far the stop went.
    enum Stage: Sendable, Hashable {
        /// New orders are blocked; the question is what else.
        case blocked
        /// Open orders are being cancelled.
        case cancelling
        /// Orders are being cancelled and positions closed.
        case flattening
    }

    /// When it came up: its keys are ignored for a moment, so that a word being typed answers nothing.
    var openedAt: Timestamp
    /// How far the stop went.
    var stage = Stage.blocked
    /// When the first of the two keys that end the stop was pressed.
    var rearmAsked: Timestamp?

    /// How long the second of those keys is waited for, in nanoseconds.
    static let rearmNanoseconds: Int64 = 5_000_000_000

    /// Whether its keys count yet.
    func isReady(_ now: Timestamp) -> Bool { now.nanoseconds(since: openedAt) >= KeyGuard.dialogNanoseconds }

    /// Forgets the first key of two when the second did not come.
    mutating func forgetRearm(_ now: Timestamp) {
        if let asked = rearmAsked, now.nanoseconds(since: asked) > EmergencyBanner.rearmNanoseconds { rearmAsked = nil }
    }
}

extension Reducer {
    /// The first stage: the block goes out before anything is drawn or asked.
    func startEmergencyStop(_ view: inout ViewState, _ work: inout Work) {
        work.effects.append(.send(.halt(origin: "keyboard")))
        if view.emergency == nil { view.emergency = EmergencyBanner(openedAt: work.now) }
        view.lock.lock()
        view.pending = []
        // A half-answered question must not be waiting under the banner.
        view.layers.removeAll { $0.isQuestion }
    }

    /// A key while the banner is up.
    func takeEmergencyKey(_ chord: Chord, _ view: inout ViewState, _ work: inout Work) {
        guard var banner = view.emergency, banner.isReady(work.now) else { return }
        let origin = "keyboard"
        var effects: [ScreenEffect] = []
        switch chord.key {
        case .character("y"):
            effects.append(.send(.emergencyStop(keepsProtection: false, origin: origin)))
            banner.stage = .cancelling
        case .character("k"):
            effects.append(.send(.emergencyStop(keepsProtection: true, origin: origin)))
            banner.stage = .cancelling
        case .character("f"):
            effects.append(.send(.emergencyFlatten(origin: origin)))
            banner.stage = .flattening
        case .character("r"):
            if let asked = banner.rearmAsked {
                // A key held down is not a decision.
                if work.now.nanoseconds(since: asked) < KeyGuard.dialogNanoseconds { return }
                effects.append(.send(.rearm))
                view.emergency = nil
                work.effects += effects
                return
            }
            banner.rearmAsked = work.now
        case .escape:
            view.emergency = nil
            view.toast(
                .warning, "New orders stay blocked; \(table.label(.emergencyStop)) shows the stop again", work.now)
            return
        default: return
        }
        if chord.key != .character("r") { banner.rearmAsked = nil }
        view.emergency = banner
        work.effects += effects
    }
}
