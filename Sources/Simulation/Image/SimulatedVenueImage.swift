public import Market
import Trading

/// The whole state of a simulated venue, exact: a venue made from it answers the same calls with the same reports.
public struct SimulatedVenueImage: Sendable {
    /// The table of instruments that the numbers in here refer to.
    public var instruments: [Instrument]
    /// Fees and fill rules.
    public var options: SimulatedVenueOptions
    /// The cash at the venue.
    public var cash: Money
    /// The trade id of the next fill.
    public var nextTradeID: UInt64

    var books: [[WorkingOrder]]
    var holdings: [[VenueHolding]]
    var markets: [MarketState]
    var walk: MarketWalk
    var memory: VenueMemory
    /// Reports that nobody has taken yet.
    var pending: [OrderReport]
    var hasEnded: Bool
    /// How queues of recorded books shorten; a version 1 knows no books.
    var queue = QueueRule.pessimistic
    /// The books that are known, by the number of their instrument.
    var displays: [DisplayImage] = []
    /// Where orders stand in queues.
    var places: [QueueImage] = []
}

/// A recorded book that is known.
struct DisplayImage: Sendable {
    var instrument: InstrumentID
    var book: VenueBook
}

/// Where an order stands in the queue of its price.
struct QueueImage: Sendable {
    var order: OrderID
    var place: QueuePlace
}

/// Why no venue can be made from an image.
public struct SimulatedVenueImageError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, with what would be right.
    public let description: String
}

extension SimulatedVenue {
    /// The whole state, exact.
    ///
    /// - Precondition: the venue has no market conditions: those are of backtests, which nobody takes an image of.
    public var image: SimulatedVenueImage {
        precondition(conditions == .none, "a venue with market conditions has no image")
        return SimulatedVenueImage(
            instruments: instruments, options: options, cash: cash, nextTradeID: nextTradeID, books: books,
            holdings: holdings, markets: markets, walk: walk, memory: memory, pending: Array(reports[takenReports...]),
            hasEnded: hasEnded, queue: options.queue,
            displays: displays.indices.filter { displays[$0].isKnown }.map {
                DisplayImage(instrument: InstrumentID($0), book: displays[$0])
            },
            places: books.joined().compactMap { order in
                order.queue.map { QueueImage(order: order.id, place: $0) }
            })
    }

    /// A venue that goes on from an image.
    ///
    /// - Parameters:
    ///   - instruments: the table of this run, which begins with the image's; more may follow, and their rules may have
    ///     changed. `nil` takes the image's.
    ///   - options: fees and fill rules in place of the image's.
    /// - Throws: `SimulatedVenueImageError` when the instruments are others or the image contradicts itself.
    public init(
        _ image: SimulatedVenueImage, instruments: [Instrument]? = nil, options: SimulatedVenueOptions? = nil
    ) throws(SimulatedVenueImageError) {
        let table = instruments ?? image.instruments
        let options = options ?? image.knownOptions
        try image.check(against: table, options)
        self.init(instruments: table, cash: image.cash, options: options, nextTradeID: image.nextTradeID)
        for (index, book) in image.books.enumerated() { books[index] = book }
        for (index, holdings) in image.holdings.enumerated() { self.holdings[index] = holdings }
        for (index, market) in image.markets.enumerated() { markets[index] = market }
        walk = image.walk
        memory = image.memory
        reports = image.pending
        hasEnded = image.hasEnded
        for display in image.displays { displays[display.instrument.index] = display.book }
        for queue in image.places {
            guard let (index, position) = locate(queue.order) else { continue }
            books[index][position].queue = queue.place
        }
    }
}

extension SimulatedVenueImage {
    /// The options with what the form of the first version does not hold.
    fileprivate var knownOptions: SimulatedVenueOptions {
        var options = options
        options.queue = queue
        return options
    }

    /// Sees to it that no number leads out of its table and no two currencies meet.
    fileprivate func check(
        against table: [Instrument], _ options: SimulatedVenueOptions
    ) throws(SimulatedVenueImageError) {
        for (place, mine) in instruments.enumerated() {
            guard place < table.count else { throw problem("\(mine.name) is missing from the instruments") }
            let yours = table[place]
            guard mine.name == yours.name, mine.priceScale == yours.priceScale,
                mine.quantityScale == yours.quantityScale
            else { throw problem("\(yours.name) stands where \(mine.name) stood, or in another scale") }
        }
        guard table.allSatisfy({ $0.quote == cash.currency }) else {
            throw problem("an instrument is not priced in \(cash.currency)")
        }
        let problems = options.problems
        guard problems.isEmpty else { throw problem(problems.joined(separator: "; ")) }
        guard books.count == instruments.count, holdings.count == instruments.count,
            markets.count == instruments.count, instruments.isEmpty || instruments.indices.contains(walk.instrument)
        else { throw problem("\(instruments.count) instruments, and books, holdings or prices of other ones") }
        for (index, book) in books.enumerated() {
            for order in book {
                guard order.request.instrument.index == index else {
                    throw problem("order \(order.id.rawValue) is in the book of another instrument")
                }
                try require([order.spent, order.request.spend ?? cash])
            }
        }
        for display in displays where !instruments.indices.contains(display.instrument.index) {
            throw problem("a book is of instrument \(display.instrument.rawValue), which there is not")
        }
        for (index, held) in holdings.enumerated() where held.contains(where: { $0.instrument.index != index }) {
            throw problem("a holding is in the list of another instrument")
        }
    }

    private func require(_ amounts: [Money]) throws(SimulatedVenueImageError) {
        for amount in amounts where amount.currency != cash.currency {
            throw problem("an amount of \(amount.currency) at a venue of \(cash.currency)")
        }
    }

    private func problem(_ text: String) -> SimulatedVenueImageError {
        SimulatedVenueImageError(description: "no venue can be made from its state: \(text)")
    }
}
