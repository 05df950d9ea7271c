import Market
import Venues

// Books whose changes come no more, though their connection stands.
extension LiveMarketState {
    /// For how many seconds with trades or best prices the changes of a book may stay away before another connection is made.
    static let depthPatience = 10

    /// Best prices came that count.
    mutating func compareLag(_ ticker: BookTicker, at now: Timestamp) {
        let place = ticker.instrument
        guard markets[place].book.state == .live else { return }
        // Most best prices are of an update that the book has come to, or those of the book: then no time is asked for.
        let isAhead = ticker.updateID > markets[place].book.lastID && !markets[place].book.hasTop(of: ticker)
        let clock = venueTime
        markets[place].lag.note(ticker, isAhead: isAhead) { clock.time(at: now) }
    }

    /// A book is at another update.
    mutating func settleLag(_ place: Int, at now: Timestamp) {
        guard let time = venueTime.time(at: now) else { return }
        let bookID = markets[place].book.lastID
        markets[place].lag.note(bookID: bookID, at: time)
    }

    /// A book that best prices have left behind is none. It is asked for anew; where no change has come since that was done
    /// last, only once its changes are heard again: it would be left behind by the next best prices.
    mutating func judgeLag(_ place: Int, at venue: Timestamp) {
        guard markets[place].book.state == .live, markets[place].lag.isOver(at: venue) else { return }
        markets[place].lag.reset()
        let step = markets[place].book.markStale(.disagreed)
        guard markets[place].awaitsChanges else {
            markets[place].awaitsChanges = true
            return heed(step, place)
        }
        withdraw(place)
    }

    /// Changes of a book are heard again, or another connection will bring them: it is asked for where that waited for them.
    mutating func askAgain(_ place: Int) {
        guard markets[place].awaitsChanges else { return }
        markets[place].awaitsChanges = false
        guard markets[place].book.isSnapshotWanted, case .stale(let reason) = markets[place].book.state else { return }
        heed(.wantsSnapshot(.stale(reason)), place)
    }

    /// A second has passed: a connection that tells everything but the changes of a book is replaced. Each time in a row it may
    /// last twice as long, for when it is not the connection's fault.
    mutating func replaceDeaf() {
        // Of a recording there is no other connection.
        for number in connections.keys.sorted() where connections[number]!.replace != nil {
            connections[number]!.silence.tick()
            guard !connections[number]!.isReplaced else { continue }
            let deaf = connections[number]!.silence.places { markets[$0].depthPatience }
            guard let place = deaf.first else { continue }
            for place in deaf {
                markets[place].depthPatience = min(
                    markets[place].depthPatience * 2, Int(LiveMarketState.longestPatience))
            }
            queue.append(
                .remark(
                    kind: "depth-silent",
                    text:
                        "\(instruments[place].pair): trades and best prices come, and no changes of the book; another "
                        + "connection is made"))
            demands.append(.replace(number))
        }
    }

    /// What is shown of a book must not be taken for the venue's any more.
    mutating func withdraw(_ place: Int) { queue.append(.depth(place, BookDepth(time: time, bids: [], asks: []))) }
}
