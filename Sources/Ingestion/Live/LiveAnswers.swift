import Market
import Storage
import Venues

// What a venue answers, and what time brings.
extension LiveMarketState {
    /// A book came that was asked for, after so many losses of the market; `nil` for one that is known to count. One from
    /// before a loss says nothing of the connection that stands now, and is passed over.
    mutating func answer(_ place: Int, book: DepthSnapshot, losses: Int? = nil, at now: Timestamp) {
        guard losses.map({ $0 == self.losses }) ?? true else { return }
        time = now
        if let tape {
            tape.add(.book, place, [Int64(book.limit)], bytes: book.captured(of: instruments[place]), at: now)
        }
        // One that is too old is asked for again by whoever asked.
        guard markets[place].book.apply(book, at: now) == .live else { return }
        markets[place].tops.reset()
        markets[place].lag.reset()
        show(place, at: now)
    }

    /// Whether a book that is asked for since so many losses of the market still counts: behind another the changes that
    /// belong to it are not known, and somebody else asks.
    func isBookWanted(_ place: Int, losses: Int) -> Bool {
        losses == self.losses && markets[place].book.isSnapshotWanted && !connections.isEmpty
    }

    /// Whether a book is (still) to be asked for; where it is not, asking for it has ended.
    mutating func wantsBook(_ place: Int, losses: Int) -> Bool {
        let isWanted = isBookWanted(place, losses: losses)
        if !isWanted, losses == self.losses { markets[place].isAskingForBook = false }
        return isWanted
    }

    /// Minutes came that were asked for; `nil` when they could not be had.
    mutating func answer(_ place: Int, minutes: [Candle]?, from: Timestamp, to: Timestamp, at now: Timestamp) {
        time = now
        if let tape {
            let bytes = CapturedMinutes.bytes(minutes ?? [], of: instruments[place])
            tape.add(
                minutes == nil ? .noMinutes : .minutes, place, [from.nanoseconds, to.nanoseconds], bytes: bytes, at: now
            )
        }
        let venue = venueTime.time(at: now) ?? now
        if let minutes {
            tell(place, markets[place].minutes.answer(minutes, from: from, to: to, at: venue))
        } else {
            tell(place, markets[place].minutes.fail(at: venue))
        }
    }

    /// A second has passed: minutes that nobody told of are asked for, silent connections are replaced.
    mutating func tick(at now: Timestamp) {
        time = now
        tape?.add(.tick, at: now)
        venueTime.tick()
        guard isLive || !connections.isEmpty else { return }
        quiet += 1
        if isLive, quiet >= silentSeconds { loseSilent() }
        if let venue = venueTime.time(at: now) { pass(venue, at: now) }
        for place in markets.indices {
            askForMinutes(place, at: now)
            askForTrades(place, at: now)
        }
        for (number, connection) in connections where !connection.isReplaced {
            guard now.nanoseconds(since: connection.lastHeard) >= patience * 1_000_000_000 else { continue }
            patience = min(patience * 2, LiveMarketState.longestPatience)
            demands.append(.replace(number))
        }
        replaceDeaf()
        replaceMute(at: now)
    }

    /// Nothing comes, though connections stand: what was heard last is not the market any more. What comes on them next
    /// begins anew.
    private mutating func loseSilent() {
        lose("nothing is heard")
        for place in markets.indices {
            markets[place].heardOn.removeAll()
            markets[place].tickersOn.removeAll()
        }
    }

    /// The venue's time has come to `venue`: what is over by it, by no other clock.
    private mutating func pass(_ venue: Timestamp, at now: Timestamp) {
        for place in markets.indices {
            let past = venue.adding(nanoseconds: -LiveMarketState.featureDelay)
            if quiet > LiveMarketState.longestQuiet {
                markets[place].sampler.pass(over: past)
            } else if let feature = markets[place].sample(before: past) {
                features.append((place, feature))
            }
            let over = venue.adding(nanoseconds: -LiveMarketState.tradeDelay)
            if makesMinutes, let made = markets[place].candles.close(at: over) { tell(made: made, place, at: now) }
        }
        for place in markets.indices {
            markets[place].early.tick()
            settleEarly(place, by: venue, at: now)
            judgeLag(place, at: venue)
            tell(place, markets[place].minutes.expire(at: venue))
        }
    }

    /// The books as they can be read now.
    func books(levels: Int) -> [BookDepth?] { markets.map { $0.book.depth(levels: levels) } }

    /// Another part of the capture has begun: books that are known go into it, so that it can be played alone. Played with
    /// the parts before it they change nothing, as nobody asked for them.
    mutating func captureBooks(at now: Timestamp) {
        guard let tape else { return }
        for place in markets.indices where !markets[place].book.isSnapshotWanted {
            guard let book = DepthSnapshot(known: markets[place].book) else { continue }
            tape.add(.book, place, [Int64(book.limit)], bytes: book.captured(of: instruments[place]), at: now)
        }
    }

    mutating func askForMinutes(_ place: Int, at now: Timestamp) {
        // Which minutes have closed only the venue's time says.
        guard let venue = venueTime.time(at: now), let question = markets[place].minutes.question(at: venue) else {
            return
        }
        demands.append(.minutes(place, from: question.from, to: question.to))
    }
}
