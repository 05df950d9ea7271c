import Market

/// The closed minutes of one market in order: each is told once, and none before those that came before it.
///
/// All times are the venue's. A minute that closes while earlier ones are missing waits until they were fetched; where they
/// can't be had in time, the line goes on without them, says so, and asks for them on: what comes then is late, for charts
/// and the store.
struct MinuteLine {
    /// How long after its end a minute may still be told as one that closed just now.
    static let fresh: Int64 = 90_000_000_000
    /// How long after its end a minute that nobody told of is asked for.
    static let patience: Int64 = 4_000_000_000
    /// How long is waited before it is asked for again.
    static let pause: Int64 = 10_000_000_000
    /// For how long minutes wait for earlier ones before the line goes on without those.
    static let limit: Int64 = 60_000_000_000

    private static let minute: Int64 = 60_000_000_000

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
        /// Minutes of such a stretch, after all: too late to be told in order.
        case late([Candle])
        /// Such a stretch, by its begin, is asked for no more: so many of its minutes have not come, as the venue does not have
        /// them or, where it is not answered, since too many others are open.
        case ended(from: Timestamp, missing: Int, isAnswered: Bool)
    }

    /// The open time of the minute to be told next; `nil` before the first.
    private(set) var next: Timestamp?
    /// Closed minutes that wait for earlier ones, by open time.
    private var held: [Candle] = []
    private var heldSince: Timestamp?
    private var asked: Timestamp?
    /// Whether a question is on its way.
    private var isAsking = false
    /// A stretch before `next` that the venue has not been asked for with success.
    private struct Stretch {
        let from: Timestamp
        /// What of it is not answered.
        var rest: Range<Timestamp>
        /// How many of its minutes have not come.
        var missing: Int
    }

    /// Those that are asked for, oldest first.
    private var open: [Stretch] = []
    /// How many such stretches are asked for at most; beyond that the oldest are left to the next start.
    private static let mostOpen = 16

    /// A line that goes on behind what is known: `next` is the minute after the last that is stored.
    init(next: Timestamp?) { self.next = next }

    /// The venue's time is known now. A line that was to begin far behind it, since the machine's clock is ahead, begins with
    /// the minute that is running; one that is a minute ahead at most may go on from what was stored just now.
    mutating func begin(at now: Timestamp) {
        if let next, next.nanoseconds(since: now) > MinuteLine.minute { self.next = now.floored(to: .oneMinute) }
    }

    /// A minute has closed, says the stream.
    mutating func close(_ candle: Candle, at now: Timestamp) -> [Step] {
        guard let next else {
            self.next = candle.openTime.adding(nanoseconds: MinuteLine.minute)
            return [.closed(candle)]
        }
        guard candle.openTime >= next else { return [] }
        if let index = held.firstIndex(where: { $0.openTime >= candle.openTime }) {
            if held[index].openTime != candle.openTime { held.insert(candle, at: index) }
        } else {
            held.append(candle)
        }
        return release(at: now)
    }

    /// What to ask the venue for now: closed minutes from one open time up to another, exclusive; `nil` when nothing is
    /// missing or the last question was just now. It counts as asked.
    mutating func question(at now: Timestamp) -> (from: Timestamp, to: Timestamp)? {
        guard !isAsking, let missing = missing(at: now) else { return nil }
        if let asked, now.nanoseconds(since: asked) < MinuteLine.pause { return nil }
        isAsking = true
        asked = now
        return (missing.lowerBound, missing.upperBound)
    }

    /// What is missing: first what keeps the line from going on.
    private func missing(at now: Timestamp) -> Range<Timestamp>? {
        guard let next else { return nil }
        let to = now.adding(nanoseconds: -MinuteLine.patience).floored(to: .oneMinute)
        let end = max(to, held.first?.openTime ?? to)
        return end > next ? next..<end : open.first?.rest
    }

    /// The venue's answer: the minutes that it has of what was asked for.
    mutating func answer(_ candles: [Candle], from: Timestamp, to: Timestamp, at now: Timestamp) -> [Step] {
        isAsking = false
        guard let next else { return [] }
        let late = answerOpen(candles, from..<to)
        // What the stream told in the meantime counts, too.
        let known = candles.filter { $0.openTime >= next && $0.openTime < to }
        let fetched = Set(known.map(\.openTime))
        var line = (known + held.filter { !fetched.contains($0.openTime) }).sorted { $0.openTime < $1.openTime }
        // Behind the stretch that was asked for the line goes on as it waits.
        held = line.filter { $0.openTime >= to }
        line.removeAll { $0.openTime >= to }
        return late + tell(line, upTo: to, at: now) + release(at: now)
    }

    /// What an answer brings of stretches that the line went on without. It ends them also where it does not: the venue has no
    /// more of them.
    private mutating func answerOpen(_ candles: [Candle], _ asked: Range<Timestamp>) -> [Step] {
        var (late, ends): ([Candle], [Step]) = ([], [])
        for index in open.indices {
            let rest = open[index].rest
            // What is asked for begins before a stretch or with what is left of it.
            guard asked.lowerBound <= rest.lowerBound, asked.upperBound > rest.lowerBound else { continue }
            let answered = rest.clamped(to: asked)
            let found = candles.filter { answered.contains($0.openTime) }
            late += found
            open[index].missing -= found.count
            open[index].rest = answered.upperBound..<rest.upperBound
            if open[index].rest.isEmpty {
                ends.append(.ended(from: open[index].from, missing: open[index].missing, isAnswered: true))
            }
        }
        open.removeAll(where: \.rest.isEmpty)
        return late.isEmpty ? ends : [.late(late)] + ends
    }

    /// The venue could not be asked.
    ///
    /// - Returns: what is told without the answer, once it was waited for long enough.
    mutating func fail(at now: Timestamp) -> [Step] {
        isAsking = false
        return expire(at: now)
    }

    /// What has waited for earlier minutes for long enough is told without them, also while a question for them is out: what
    /// that brings is late then.
    mutating func expire(at now: Timestamp) -> [Step] {
        guard let heldSince, now.nanoseconds(since: heldSince) >= MinuteLine.limit, let last = held.last else {
            return []
        }
        let line = held
        held = []
        self.heldSince = nil
        let steps = tell(line, upTo: last.openTime.adding(nanoseconds: MinuteLine.minute), at: now)
        return steps.flatMap { step -> [Step] in
            guard case .gap(let from, let to) = step else { return [step] }
            let missing = Int(to.nanoseconds(since: from) / MinuteLine.minute)
            open.append(Stretch(from: from, rest: from..<to, missing: missing))
            guard open.count > MinuteLine.mostOpen else { return [.overdue(from: from, to: to)] }
            let oldest = open.removeFirst()
            return [
                .overdue(from: from, to: to), .ended(from: oldest.from, missing: oldest.missing, isAnswered: false),
            ]
        }
    }

    /// Tells what follows on what was told.
    private mutating func release(at now: Timestamp) -> [Step] {
        var steps: [Step] = []
        while let first = held.first, first.openTime == next {
            held.removeFirst()
            steps += tell([first], upTo: first.openTime.adding(nanoseconds: MinuteLine.minute), at: now)
        }
        if held.isEmpty { heldSince = nil } else if heldSince == nil { heldSince = now }
        return steps
    }

    /// Tells minutes in order and notes what is missing among them; the line goes on at `end`.
    private mutating func tell(_ line: [Candle], upTo end: Timestamp, at now: Timestamp) -> [Step] {
        guard var expected = next else { return [] }
        var steps: [Step] = []
        var missed: [Candle] = []
        for candle in line {
            if candle.openTime > expected { steps.append(.gap(from: expected, to: candle.openTime)) }
            expected = candle.openTime.adding(nanoseconds: MinuteLine.minute)
            missed.append(candle)
        }
        if end > expected { steps.append(.gap(from: expected, to: end)) }
        next = max(end, expected)
        // Only what closed just now may be traded on; whatever came before it is the past.
        var last: Candle?
        if let candle = missed.last, now.nanoseconds(since: candle.closeTime(.oneMinute)) <= MinuteLine.fresh {
            last = candle
            missed.removeLast()
        }
        if !missed.isEmpty { steps.append(.missed(missed)) }
        if let last { steps.append(.closed(last)) }
        return steps
    }
}
