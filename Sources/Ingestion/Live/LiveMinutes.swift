import Market
import Storage

// Closed minutes: told in order, those that are missing and what became of them kept.
extension LiveMarketState {
    /// How many stretches that the venue was found not to have are remembered, for what it tells of them after all.
    private static let mostAbsent = 8

    mutating func tell(_ place: Int, _ steps: [MinuteLine.Step]) {
        for step in steps {
            switch step {
            case .closed(let candle):
                queue.append(.minute(place, candle))
                toStore.append((place, [candle]))
            case .missed(let candles):
                queue.append(.missed(place, candles))
                toStore.append((place, candles))
            case .late(let candles): tellLate(place, candles)
            case .corrected(let candle):
                queue.append(.revised(place, candle))
                toStore.append((place, [candle]))
                remark(
                    "minute-corrected", place,
                    "\(candle.openTime): the venue gave this minute without its last trades when it was asked; what its "
                        + "stream closed it with counts", isWarning: false)
            case .gap(let from, let to): tellAbsent(place, from, to)
            case .ended(let from, let missing, let isAnswered): end(place, from, missing: missing, isAnswered)
            case .overdue(let from, let to):
                let gap = CandleGap(of: instruments[place], from: from, to: to, foundAt: time)
                markets[place].openMinutes.append(gap)
                candleGapsToStore.append(gap)
                remark("feed-gap", place, "minutes from \(from) to \(to) did not come in time; they are asked for on")
            }
        }
    }

    /// Minutes came that later ones did not wait for: nothing is decided on them; what is looked at has them, and whoever
    /// decides has them in its past.
    private mutating func tellLate(_ place: Int, _ candles: [Candle]) {
        guard let first = candles.first, let last = candles.last else { return }
        queue.append(.filled(place, candles))
        toStore.append((place, candles))
        for candle in candles { fill(place, candle.openTime) }
        remark(
            "minutes-fetched", place,
            "minutes from \(first.openTime) to \(last.closeTime(.oneMinute)) came too late to be acted on; charts, "
                + "strategies and the store have them", isWarning: false)
    }

    /// The venue has nothing of a stretch. One that goes on where the last such one ended is the same: it is kept as one, and
    /// told of once.
    private mutating func tellAbsent(_ place: Int, _ from: Timestamp, _ to: Timestamp) {
        let new = CandleGap(of: instruments[place], from: from, to: to, foundAt: time)
        if var gap = markets[place].absentMinutes.last, gap.to == from, gap.state == .absent {
            gap.to = to
            gap = gap.ended(.absent, missing: gap.missing + new.count, at: time)
            markets[place].absentMinutes[markets[place].absentMinutes.count - 1] = gap
            return candleGapsToStore.append(gap)
        }
        keepAbsent(place, new.ended(.absent, missing: new.count, at: time))
        remark("feed-gap", place, "there are no minutes from \(from) to \(to)")
    }

    private mutating func keepAbsent(_ place: Int, _ gap: CandleGap) {
        candleGapsToStore.append(gap)
        if markets[place].absentMinutes.count == LiveMarketState.mostAbsent {
            markets[place].absentMinutes.removeFirst()
        }
        markets[place].absentMinutes.append(gap)
    }

    /// A minute came that the venue was found not to have.
    private mutating func fill(_ place: Int, _ minute: Timestamp) {
        guard
            let index = markets[place].absentMinutes.firstIndex(where: { $0.from <= minute && minute < $0.to })
        else { return }
        let gap = markets[place].absentMinutes[index]
        let missing = gap.missing - 1
        let now = gap.ended(missing == 0 ? .filled : gap.state, missing: missing, at: time)
        candleGapsToStore.append(now)
        if missing == 0 {
            markets[place].absentMinutes.remove(at: index)
        } else {
            markets[place].absentMinutes[index] = now
        }
    }

    /// A stretch of minutes that did not come in time is asked for no more.
    private mutating func end(_ place: Int, _ from: Timestamp, missing: Int, _ isAnswered: Bool) {
        guard let index = markets[place].openMinutes.firstIndex(where: { $0.from == from }) else { return }
        let gap = markets[place].openMinutes.remove(at: index)
        guard missing > 0 else { return candleGapsToStore.append(gap.ended(.filled, missing: 0, at: time)) }
        keepAbsent(place, gap.ended(isAnswered ? .absent : .unanswered, missing: missing, at: time))
    }

    private mutating func remark(_ kind: String, _ place: Int, _ text: String, isWarning: Bool = true) {
        queue.append(.remark(kind: kind, text: "\(instruments[place].pair): \(text)", isWarning: isWarning))
    }
}
