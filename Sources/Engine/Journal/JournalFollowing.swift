import Bytes
import Journal
import Market
import Trading

/// Takes an exchange from a checkpoint to the end of its journal: market updates and commands act again in their recorded
/// order, and what they lead to must be what is recorded.
struct JournalFollowing {
    /// What following came to.
    struct Outcome {
        /// Market updates that acted again.
        var updateCount: UInt64 = 0
        /// The first difference, when the same inputs lead to something else now.
        var difference: RecordedDifference?
        /// What is wrong with the records, in words.
        var problem: String?
    }

    let exchange: JournaledExchange
    /// Where the process ends without warning; for tests alone.
    var crashPlan: CrashPlan?

    /// Follows the market records after the checkpoint, and the decisions that the exchange's log has ahead of it.
    func run(_ market: JournalRecords) -> Outcome {
        var outcome = Outcome()
        injectInputs()
        for record in market {
            guard record.kind == JournalKind.marketBatch.rawValue else { continue }
            exchange.log.follow(marketRecord: record.sequence)
            var reader = MarketBatchReader(record.payload)
            do throws(MalformedBytes) {
                while let input = try reader.next() {
                    crashPlan?.reach("following")
                    exchange.take(input)
                    outcome.updateCount += 1
                    injectInputs()
                    if exchange.log.isBroken {
                        outcome.difference = exchange.log.difference
                        return outcome
                    }
                }
            } catch {
                outcome.problem = "market record \(record.sequence) can't be read: \(error)"
                return outcome
            }
            exchange.noteMarketTime(Timestamp(nanoseconds: record.time))
        }
        exchange.log.endFollowingIfDone()
        if exchange.log.isFollowing {
            outcome.problem =
                "decision record \(exchange.log.lastDecision + 1) was taken behind the end of the market stream "
                + "(update \(exchange.log.position))"
        }
        return outcome
    }

    /// Lets those recorded inputs act that follow from nothing: commands, marks, subscriptions, findings. They were taken in when
    /// everything before them had settled.
    private func injectInputs() {
        while !exchange.log.isBroken, let record = exchange.log.expectedInput() {
            var reader = ByteReader(record.payload)
            let time = Timestamp(nanoseconds: record.time)
            do throws(MalformedBytes) {
                switch JournalKind(rawValue: record.kind) {
                case .command: exchange.command(try reader.value(), at: time)
                case .mark: exchange.mark(try reader.value(), try reader.value())
                case .subscribe: exchange.subscribe(try reader.value())
                case .finding: exchange.take(try reader.value(VenueFinding.self), at: time)
                case .missed: _ = exchange.missed(try reader.value(), try reader.value())
                default: return
                }
            } catch {
                return
            }
        }
    }
}
