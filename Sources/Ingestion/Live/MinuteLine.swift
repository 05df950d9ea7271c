import Market

/// The closed minutes of one market in order: each is told once, and none before those that came before it.
///
/// All times are the venue's. A minute that closes while earlier ones are missing waits until they were fetched; where they
/// can't be had in time, the line goes on without them, says so, and asks for them on: what comes then is late, for charts
/// and the store. So is a minute that the stream tells after the venue, asked for it, did not have it yet; and where the
/// stream closes one with other numbers than the venue gave when asked, the stream's count.
struct MinuteLine {
    /// How long after its end a minute may still be told as one that closed just now.
    static let fresh: Int64 = 90_000_000_000
    /// How long after its end a minute that nobody told of is asked for.
    static let patience: Int64 = 6_000_000_000
    /// How long is waited before it is asked for again; twice as long after each failure in a row.
    static let pause: Int64 = 10_000_000_000
    /// The longest such pause.
    static let longestPause: Int64 = 120_000_000_000
    /// How long after its end the newest minute may be taken for absent with the first answer that lacks it.
    static let doubt: Int64 = 30_000_000_000
    /// For how long minutes wait for earlier ones before the line goes on without those.
    static let limit: Int64 = 60_000_000_000

    private static let minute: Int64 = 60_000_000_000

    /// The open time of the minute to be told next; `nil` before the first.
    private(set) var next: Timestamp?
    /// Closed minutes that wait for earlier ones, by open time.
    private var held: [Candle] = []
    private var heldSince: Timestamp?
    private var asked: Timestamp?
    /// Whether a question is on its way.
    private var isAsking = false
    /// How many questions in a row failed.
    private var failures = 0
    /// The newest minute, where an answer lacked it and it is asked for once more.
    private var doubted: Timestamp?
    private var told = ToldMinutes()
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
            told.note(candle)
            return [.closed(candle)]
        }
        guard candle.openTime >= next else { return closeLate(candle) }
        if let index = held.firstIndex(where: { $0.openTime >= candle.openTime }) {
            if held[index].openTime != candle.openTime { held.insert(candle, at: index) }
        } else {
            held.append(candle)
        }
        return release(at: now)
    }

    /// The stream closes a minute that the line is beyond.
    private mutating func closeLate(_ candle: Candle) -> [Step] {
        switch told.take(candle) {
        case .known: return []
        case .differs: return [.corrected(candle)]
        case .hole: break
        }
        guard let index = open.firstIndex(where: { $0.rest.contains(candle.openTime) }) else {
            return [.late([candle])]
        }
        // It is asked for no more where it was all that was missing.
        open[index].missing -= 1
        guard open[index].missing == 0 else { return [.late([candle])] }
        return [.late([candle]), .ended(from: open.remove(at: index).from, missing: 0, isAnswered: true)]
    }

    /// The market is heard again: what failed meanwhile failed with it.
    mutating func heardAgain() { failures = 0 }

    /// What to ask the venue for now: closed minutes from one open time up to another, exclusive; `nil` when nothing is
    /// missing or the last question was just now. It counts as asked.
    mutating func question(at now: Timestamp) -> (from: Timestamp, to: Timestamp)? {
        guard !isAsking, let missing = missing(at: now) else { return nil }
        let pause = min(MinuteLine.pause << Int64(min(failures, 8)), MinuteLine.longestPause)
        if let asked, now.nanoseconds(since: asked) < pause { return nil }
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
        failures = 0
        guard let next else { return [] }
        let late = answerOpen(candles, from..<to)
        // What the stream told in the meantime counts, too, and more: it closed the minute.
        let closed = Set(held.map(\.openTime))
        let known = candles.filter { $0.openTime >= next && $0.openTime < to && !closed.contains($0.openTime) }
        var line = (known + held).sorted { $0.openTime < $1.openTime }
        let to = believed(to, line, at: now)
        // Behind the stretch that was asked for the line goes on as it waits.
        held = line.filter { $0.openTime >= to }
        line.removeAll { $0.openTime >= to }
        return late + tell(line, upTo: to, at: now) + release(at: now)
    }

    /// Up to where an answer is believed: the venue may lack the newest minute only because it has just closed, so that it
    /// takes a second answer, or some time, to say that there is none.
    private mutating func believed(_ to: Timestamp, _ line: [Candle], at now: Timestamp) -> Timestamp {
        let newest = to.adding(nanoseconds: -MinuteLine.minute)
        guard let next, newest >= next, now.nanoseconds(since: to) < MinuteLine.doubt, doubted != newest,
            !line.contains(where: { $0.openTime == newest })
        else { return to }
        doubted = newest
        return newest
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
            let found = candles.filter { answered.contains($0.openTime) && !told.has($0.openTime) }
            for candle in found { _ = told.take(candle) }
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
        failures += 1
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
            if candle.openTime > expected { steps.append(gap(from: expected, to: candle.openTime)) }
            expected = candle.openTime.adding(nanoseconds: MinuteLine.minute)
            told.note(candle)
            missed.append(candle)
        }
        if end > expected { steps.append(gap(from: expected, to: end)) }
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

    private mutating func gap(from: Timestamp, to: Timestamp) -> Step {
        told.noteHole(from: from, to: to)
        return .gap(from: from, to: to)
    }
}
