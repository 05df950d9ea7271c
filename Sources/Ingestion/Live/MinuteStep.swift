import Market

extension MinuteLine {
    /// What comes of an event, in order.
    enum Step: Equatable {
        /// A minute that has closed just now.
        case closed(Candle)
        /// Minutes that closed while nothing was heard.
        case missed([Candle])
        /// A stretch of which the venue has nothing.
        case gap(from: Timestamp, to: Timestamp)
        /// A stretch of which the venue could not be asked in time; it is asked for on.
        case overdue(from: Timestamp, to: Timestamp)
        /// Minutes that the line went on without, after all: too late to be told in order.
        case late([Candle])
        /// A minute that was told with other numbers than the stream closed it with.
        case corrected(Candle)
        /// Such a stretch, by its begin, is asked for no more: so many of its minutes have not come, as the venue does not have
        /// them or, where it is not answered, since too many others are open.
        case ended(from: Timestamp, missing: Int, isAnswered: Bool)
    }
}
