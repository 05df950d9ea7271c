import Trading

/// Follows the orders that an emergency stop cancels until the last is confirmed.
struct EmergencyWatch {
    private struct Target {
        var order: OrderID
        var venue: Int
        var isConfirmed = false
    }

    private let venues: [String]
    private let started: Int64
    private var targets: [Target]
    /// When each venue confirmed last, in nanoseconds after the request.
    private var confirmedAfter: [Int64]

    /// A watch over orders with their venues' names.
    ///
    /// - Parameter started: when the stop was asked for, by the monotonic clock.
    init(targets: [(order: OrderID, venue: String)], venues: [String], started: Int64) {
        self.venues = venues
        self.started = started
        self.targets = targets.compactMap { target in
            venues.firstIndex(of: target.venue).map { Target(order: target.order, venue: $0) }
        }
        confirmedAfter = Array(repeating: 0, count: venues.count)
    }

    /// A row a venue: cancels sent, confirmed, remaining, and how long the last confirmation took (or the wait so far).
    mutating func rows(now: Int64, isClosed: (OrderID) -> Bool) -> [EmergencyReceipt.Row] {
        for index in targets.indices where !targets[index].isConfirmed && isClosed(targets[index].order) {
            targets[index].isConfirmed = true
            confirmedAfter[targets[index].venue] = now - started
        }
        return venues.indices.map { venue in
            let sent = targets.filter { $0.venue == venue }
            let confirmed = sent.count { $0.isConfirmed }
            let nanoseconds = confirmed == sent.count ? confirmedAfter[venue] : now - started
            return EmergencyReceipt.Row(
                venue: venues[venue], sent: sent.count, confirmed: confirmed, remaining: sent.count - confirmed,
                milliseconds: Double(nanoseconds) / 1e6)
        }
    }
}
