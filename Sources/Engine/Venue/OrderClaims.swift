import Market

/// The orders of other clients of the account that a person has claimed: what they fill with is the person's, they may be
/// cancelled from here, and an emergency stop cancels them, also those that it does not see yet.
struct OrderClaims {
    /// Which order. Venues count orders within an instrument.
    struct Key: Hashable, Comparable {
        /// The name of the instrument; empty for a claim that was kept without one and has not been met yet.
        let instrument: String
        /// The venue's number.
        let venueID: String

        static func < (one: Key, other: Key) -> Bool {
            (one.instrument, one.venueID) < (other.instrument, other.venueID)
        }
    }

    /// Which claimed orders an emergency stop cancels.
    enum StopCover: String {
        case everything = "everything"
        /// Those that wait for a trigger stay, and what is in a list with one.
        case unprotective = "unprotective"
    }

    private struct Claim {
        var since: Timestamp
        /// Whether a person wants it cancelled.
        var isUnwanted = false
    }

    private var claims: [Key: Claim] = [:]
    /// What the emergency stop that is on takes along; `nil` without one.
    var stop: StopCover?
    /// Claimed orders with a fill that could not be valued: their claims stay although they have ended.
    var unvalued: Set<Key> = []

    /// None.
    init() {}

    /// Whether there are none.
    var isEmpty: Bool { claims.isEmpty }

    /// Since when an order is claimed: what it filled with before went by outside the books. `nil` where it is not.
    func since(_ key: Key) -> Timestamp? { claims[key]?.since }

    /// Claims an order.
    ///
    /// - Parameters:
    ///   - time: when something happened to it last.
    ///   - cancels: whether it is to be cancelled.
    mutating func add(_ key: Key, since time: Timestamp, cancels: Bool) {
        var claim = claims[key] ?? Claim(since: time)
        if cancels { claim.isUnwanted = true }
        claims[key] = claim
    }

    /// Gives a claim that was kept without an instrument the one that an order of its number is of.
    mutating func meet(_ key: Key) {
        guard claims[key] == nil, let claim = claims.removeValue(forKey: Key(instrument: "", venueID: key.venueID))
        else { return }
        claims[key] = claim
    }

    /// Forgets the claims of orders that have ended and whose fills are booked.
    mutating func prune(open: Set<Key>) {
        claims = claims.filter { open.contains($0.key) || unvalued.contains($0.key) }
    }

    /// Notes that nobody wants an order cancelled any more: it has ended.
    mutating func ended(_ key: Key) { claims[key]?.isUnwanted = false }

    /// Whether an order is to be cancelled: a person wants it, or an emergency stop takes it along.
    ///
    /// - Parameter isProtective: whether it protects something.
    func isUnwanted(_ key: Key, isProtective: Bool) -> Bool {
        guard let claim = claims[key] else { return false }
        switch stop {
        case .everything: return true
        case .unprotective where !isProtective: return true
        case .unprotective, nil: return claim.isUnwanted
        }
    }

    // MARK: - As text

    /// A line each, and one for the stop.
    var text: String {
        var lines = claims.sorted { $0.key < $1.key }.map { key, claim in
            "\(key.instrument) \(key.venueID) \(claim.since.nanoseconds)" + (claim.isUnwanted ? " cancel" : "")
        }
        if let stop { lines.append("stop \(stop.rawValue)") }
        return lines.joined(separator: "\n")
    }

    /// Reads what was kept; what can't be read is left out.
    ///
    /// - Parameter now: since when a claim counts that was kept without a time.
    init(text: String, now: Timestamp) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            if words.count == 2, words[0] == "stop" {
                stop = StopCover(rawValue: words[1])
                continue
            }
            // Earlier releases kept the number alone, or with the time.
            let isOlder = words.count < 3
            let key =
                isOlder
                ? Key(instrument: "", venueID: words[0]) : Key(instrument: words[0], venueID: words[1])
            guard !key.venueID.isEmpty else { continue }
            let time = words.count > 1 ? Int64(words[isOlder ? 1 : 2]) : nil
            claims[key] = Claim(
                since: time.map { Timestamp(nanoseconds: $0) } ?? now,
                isUnwanted: words.count > 3 && words[3] == "cancel")
        }
    }
}
