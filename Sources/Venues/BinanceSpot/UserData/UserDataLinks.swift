import Market
import Synchronization

/// Which connections of a feed tell the account's events, and so what is lost and what begins again.
///
/// Connections are numbered in the order in which they are made. One counts; while another is being made to take its place, it
/// may go on telling (it stands), and then nothing is lost, however often the other is turned away.
final class UserDataLinks: Sendable {
    private struct State {
        /// The connection that counts, and the last that was tried.
        var current = 0
        var lastNumber = 0
        /// The one that counts, while another is being made and it still tells events.
        var standing: Int?
        /// The last that tells nothing more.
        var fallen = 0
        /// The venue's time of the last event.
        var last: Timestamp?
    }

    private let tell: @Sendable (UserDataFeed.News) -> Void
    private let state = Mutex(State())
    /// Held while a loss or a gap is told: a loss that is known must not be told behind the gap that ends it.
    private let order = Mutex(())

    init(_ tell: @escaping @Sendable (UserDataFeed.News) -> Void) { self.tell = tell }

    /// The connection that counts.
    var current: Int { state.withLock { $0.current } }

    /// The number of another that is tried.
    func next() -> Int {
        state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
    }

    /// A connection tells events from now on; of what was before some may be missing.
    func begin(_ number: Int, _ reason: StreamGap.Reason, _ words: String) {
        order.withLock { _ in
            let (since, hasStood) = state.withLock { state in
                defer { (state.current, state.standing) = (number, nil) }
                return (state.last, state.standing != nil)
            }
            let gap =
                reason == .rotated && !hasStood
                ? StreamGap(.reconnected, since: since, words: "the old connection ended before another stood")
                : StreamGap(reason, since: since, words: words)
            tell(.gap(gap))
        }
    }

    /// The connection that counts is only old: it goes on until another has taken its place, unless it tells nothing any more.
    func stand() {
        order.withLock { _ in
            let isLoss = state.withLock { state in
                guard state.fallen != state.current else { return true }
                state.standing = state.current
                return false
            }
            if isLoss { tell(.lost("the old connection ended before another stood")) }
        }
    }

    /// A connection tells nothing more: where it stood for another that is only being made, that is a loss, told once.
    func fell(_ number: Int, _ words: String) {
        order.withLock { _ in
            let isLoss = state.withLock { state in
                state.fallen = max(state.fallen, number)
                guard state.standing == number else { return false }
                state.standing = nil
                return true
            }
            if isLoss { tell(.lost(words)) }
        }
    }

    /// There is no other connection yet: a loss, unless an old one stands.
    func miss(_ words: String) {
        if state.withLock({ $0.standing == nil }) { tell(.lost(words)) }
    }

    /// An event came, whichever connection brought it: two that stand side by side bring the same, and each is known by its
    /// number.
    func hear(_ event: UserEvent) {
        if let time = event.time { state.withLock { $0.last = time } }
        tell(.event(event))
    }

    /// A message of a connection could not be read. Of one that does not count yet the gap is still to come.
    func damage(_ number: Int, _ words: String) {
        let (isCounting, since) = state.withLock { ($0.current == number, $0.last) }
        if isCounting { tell(.gap(StreamGap(.damaged, since: since, words: words))) }
    }
}

extension UserEvent {
    /// When it happened, by the venue's clock.
    fileprivate var time: Timestamp? {
        switch self {
        case .execution(let report, _): return report.order.time
        case .balances(_, let time), .transfer(_, let time): return time
        case .list(let event): return event.time
        case .elsewhere, .terminated, .shutdown, .passedOver: return nil
        }
    }
}
