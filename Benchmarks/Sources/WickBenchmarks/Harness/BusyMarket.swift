import CBaseline
import Engine
import Journal
import Market
import Storage

#if canImport(Glibc)
import Glibc
#endif

/// Some days of the synthetic market as fast as they go, through a whole `wick engine` with ten strategies.
struct BusyMarket {
    /// Where it begins: a Monday.
    static let from = Timestamp(seconds: 1_714_953_600)
    let days: Int

    /// Where it ends.
    var to: Timestamp { BusyMarket.from.adding(seconds: Int64(days) * 86_400) }
    /// The options that `wick engine` has it with.
    var options: [String] {
        ["--seed", "1", "--from", "\(BusyMarket.from)", "--to", "\(to)", "--speed", "max"]
    }

    /// What was seen of an engine while its market went by.
    struct Course {
        /// How the process was at an instant of its market.
        struct Sample {
            /// Days since the market began.
            var days: Double
            /// Resident memory, in bytes.
            var bytes: Double
            /// Open descriptors.
            var descriptors: Int
        }

        var samples: [Sample] = []
        /// How long it took.
        var seconds = 0.0

        /// The second half, when everything that has a bound has come to it.
        private var settled: ArraySlice<Sample> {
            guard let last = samples.last else { return [] }
            return samples[(samples.firstIndex { $0.days >= last.days / 2 } ?? samples.endIndex)...]
        }

        /// How fast the memory grows in the second half: bytes a day of the market, by least squares.
        var slope: Double {
            let count = Double(settled.count)
            guard count > 2 else { return .infinity }
            let day = settled.reduce(0) { $0 + $1.days } / count
            let bytes = settled.reduce(0) { $0 + $1.bytes } / count
            let along = settled.reduce(0) { $0 + ($1.days - day) * ($1.days - day) }
            return settled.reduce(0) { $0 + ($1.days - day) * ($1.bytes - bytes) } / along
        }

        /// By how many the most descriptors of the last quarter are more than the most of the quarter before.
        var descriptorGrowth: Int {
            let half = settled.count / 2
            let before = settled.prefix(half).map(\.descriptors).max() ?? 0
            return (settled.dropFirst(half).map(\.descriptors).max() ?? 0) - before
        }

        /// The most memory that was seen, in bytes.
        var peak: Double { samples.map(\.bytes).max() ?? 0 }
    }

    /// Looks at an engine until its market has come to an instant, or the process has ended.
    func watch(_ program: EngineProgram, until end: Timestamp) throws -> Course {
        try program.ready()
        let client = try program.client()
        var course = Course()
        while !program.hasEnded {
            usleep(100_000)
            // A process that is about to end does not answer any more.
            guard let time = program.marketTime(client), let bytes = try? program.residentBytes() else { continue }
            course.samples.append(
                Course.Sample(
                    days: Double(time.seconds - BusyMarket.from.seconds) / 86_400, bytes: bytes,
                    descriptors: program.descriptors))
            if time >= end { break }
            guard program.seconds < 7_200 else {
                throw BenchmarkError(description: "after two hours the market was at \(time)")
            }
        }
        course.seconds = program.seconds
        return course
    }

    /// Has the whole journal verified, and its first session run again.
    ///
    /// - Returns: how long both took in seconds, and what the replay said.
    /// - Throws: when something is wrong with the journal, or decided otherwise now.
    static func prove(_ directory: DataDirectory) throws -> (verify: Double, replay: Double, said: String) {
        let wick = try Program.wick()
        let log = directory.file("proof.txt")
        let place = ["--data-dir", directory.path]
        let verify = try Program.run([wick, "journal", "verify"] + place, log: log)
        guard let first = try JournalCheckpoint.list(in: directory.file("journal")).valid.first(where: \.bordersSession)
        else { throw BenchmarkError(description: "the journal has no session") }
        let replay = try Program.run([wick, "journal", "replay", "\(first.decision)"] + place, log: log)
        let said = Program.output(log).split(separator: "\n").last.map(String.init) ?? ""
        guard said.hasPrefix("identical: ") else { throw BenchmarkError(description: "the replay said: \(said)") }
        return (verify.seconds, replay.seconds, said)
    }

    /// What a journal takes of the disk, in bytes.
    static func journalBytes(_ directory: DataDirectory) throws -> Double {
        let journal = directory.file("journal")
        return Double(
            try (JournalSegment.list(.market, in: journal) + JournalSegment.list(.decisions, in: journal))
                .reduce(0) { $0 + $1.bytes })
    }
}
