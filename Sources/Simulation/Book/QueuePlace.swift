import Market

/// How the queue before a resting order shortens when a level of a recorded book shows less than it did, and no print says
/// who went.
public enum QueueRule: String, Sendable, Hashable, Codable, CaseIterable {
    /// Whoever left stood behind: the queue before the order is never longer than what is shown, and else stays.
    case pessimistic
    /// Those before and behind left in proportion to their number; what is before is rounded up.
    case proportional
}

/// Where a resting order stands in the queue of its price. Quantities are units of the instrument's scale.
struct QueuePlace: Sendable, Hashable {
    /// What has to trade at the price before the order's turn.
    var ahead: Int64
    /// What was shown at the price when it was looked at last.
    var seen: Int64
    /// Whether the price was seen, so that `ahead` is known; before that nothing fills at the price itself.
    var isPlaced: Bool
    /// Whether the recorded other side stood beyond the price since the order rests. What an order took lies on in a
    /// recorded book, which nobody must take for a market that came to it.
    var isClear: Bool
    /// What of the print at hand comes to the order, before what others of the same price get.
    var reached: Int64 = 0

    /// The last place of what is shown at the price; `nil` where nobody knows.
    init(behind shown: Int64?, isClear: Bool) {
        ahead = shown ?? 0
        seen = shown ?? 0
        isPlaced = shown != nil
        self.isClear = isClear
    }

    init(ahead: Int64, seen: Int64, isPlaced: Bool, isClear: Bool) {
        self.ahead = ahead
        self.seen = seen
        self.isPlaced = isPlaced
        self.isClear = isClear
    }

    /// Looks at what is shown at the price now. Where more is shown, it came behind.
    mutating func look(at shown: Int64, _ rule: QueueRule) {
        defer { seen = shown }
        guard isPlaced else {
            ahead = shown
            isPlaced = true
            return
        }
        guard shown < seen else { return }
        switch rule {
        case .pessimistic: ahead = min(ahead, shown)
        case .proportional:
            let rest = (Int128(ahead) * Int128(shown)).divided(by: Int128(seen), rounding: .ceiling)
            ahead = min(Int64(rest), shown)
        }
    }

    /// A print at the price came to the queue; `reached` says what is left of it for the order.
    mutating func trade(_ quantity: Int64) {
        reached = isPlaced ? max(quantity - ahead, 0) : 0
        ahead = max(ahead - quantity, 0)
        seen = max(seen - quantity, 0)
    }

    /// A print beyond the price came past: nobody is before the order any more.
    mutating func pass(_ quantity: Int64) {
        reached = quantity
        ahead = 0
        isPlaced = true
    }
}
