import Glibc
import Market
import Trading
import Venues

/// Which order numbers have been given to a venue, as others than the journal know it.
///
/// While the disk takes no records, what closes and cancels leaves all the same. If the engine is killed then, the next one
/// counts its records from before, and would give the same numbers to other orders: an old trade could be taken for one of
/// those.
enum GivenNumbers {
    /// How much of a month's audit is looked at: numbers only grow, so that the last lines tell.
    private static let tail = 1 << 20

    /// The highest record number among the orders that the account's audit of this month and the one before tells of; 0 where
    /// it tells of none.
    static func highest(
        inAuditAt directory: String, of instance: ClientOrderID.Instance, at now: Timestamp
    ) -> UInt64 {
        let (year, month, _) = now.calendarDate
        let before = month == 1 ? (year - 1, 12) : (year, month - 1)
        return [before, (year, month)].reduce(0) { highest, month in
            let path = directory + "/" + RequestLog.fileName(year: month.0, month: month.1)
            return max(highest, self.highest(in: end(of: path), of: instance))
        }
    }

    /// The last part of a file; nothing where it can't be read: then the venue tells.
    private static func end(of path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0 else { return "" }
        var bytes = [UInt8](repeating: 0, count: min(size, tail))
        let count = pread(descriptor, &bytes, bytes.count, off_t(size - bytes.count))
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : ""
    }

    /// The highest among the values of parameters: `newClientOrderId=…&`.
    private static func highest(in text: String, of instance: ClientOrderID.Instance) -> UInt64 {
        var highest: UInt64 = 0
        for part in text.split(whereSeparator: { "&= \n:".contains($0) }) where part.utf8.count == 20 {
            if let id = ClientOrderID(part), id.instance == instance { highest = max(highest, id.sequence) }
        }
        return highest
    }

    /// The highest that a venue tells of.
    static func highest(in statement: AccountStatement, of instance: ClientOrderID.Instance) -> UInt64 {
        let numbers =
            (statement.openOrders ?? []).map(\.clientOrderID) + (statement.executions ?? []).compactMap(\.clientOrderID)
        return numbers.reduce(0) { highest, number in
            guard let id = ClientOrderID(number), id.instance == instance else { return highest }
            return max(highest, id.sequence)
        }
    }
}

extension EngineCore {
    /// The key of the value that is noted until the records have passed the numbers that are given.
    private static let skippedKey = "engine.given-numbers"

    /// Lets the journal's records pass the numbers that orders have left under, so that none is given twice.
    func skip(numbersUpTo highest: UInt64) {
        let log = exchange.log
        guard log.journal != nil, highest > log.lastDecision else { return }
        let first = log.lastDecision + 1
        // As many notes: whoever follows the journal passes them over.
        let note = EngineNote.value("\(highest)", key: EngineCore.skippedKey, at: commandTime)
        while log.lastDecision < highest { log.note(.note, at: commandTime) { note.write(to: &$0) } }
        raise(
            .warning, "numbers-skipped",
            "\(venueName): orders have left under the numbers of records \(first) to \(highest), which never came to the disk; "
                + "they are not given again. What those orders did shows in the comparison")
    }
}
