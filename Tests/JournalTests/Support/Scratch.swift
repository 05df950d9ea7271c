import Bytes
import Glibc

@testable import Journal

/// A directory of its own for one test, removed when the test is over.
final class Scratch {
    let path: String

    init() {
        var template = Array("/tmp/wick-journal-XXXXXX".utf8CString)
        path = template.withUnsafeMutableBufferPointer { buffer in
            mkdtemp(buffer.baseAddress!).map { String(cString: $0) } ?? "/tmp"
        }
    }

    deinit {
        guard path != "/tmp" else { return }
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }

    var names: [String] { (try? SystemFiles().names(in: path)) ?? [] }

    func bytes(_ name: String) throws -> [UInt8] { try SystemFiles().contents(of: path + "/" + name) }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = open(path + "/" + name, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        defer { close(file) }
        try SystemFiles().writeAll(file, bytes, at: 0)
    }

    /// A journal with `count` decisions, closed in order.
    func fill(_ count: Int, options: JournalOptions = .test, payload: (Int) -> [UInt8] = { [UInt8($0 & 0xFF)] }) throws
    {
        let (journal, _) = try Journal.open(directory: path, options: options)
        for index in 0..<count { journal.add(payload(index), time: Int64(index + 1)) }
        guard journal.close() else { throw TestFailure(text: "the journal was not closed") }
    }

    /// Every record of a stream.
    func records(_ stream: JournalStream = .decisions, from sequence: UInt64 = 1) throws -> [JournalRecord] {
        var reader = try JournalReader(directory: path, stream: stream, from: sequence)
        var records: [JournalRecord] = []
        while let record = try reader.record() { records.append(record) }
        return records
    }
}

struct TestFailure: Error {
    var text: String
}

extension Journal {
    /// Appends a decision.
    @discardableResult
    func add(_ payload: [UInt8], time: Int64 = 1, position: UInt64 = 0, cause: UInt64 = 0) -> UInt64 {
        append(.decisions, kind: 1, version: 1, time: time, position: position, cause: cause) { $0.raw(payload) }
    }

    /// Appends a batch of market updates.
    @discardableResult
    func addMarket(_ updates: ClosedRange<UInt64>, _ payload: [UInt8] = [7], time: Int64 = 1) -> UInt64 {
        append(
            .market, kind: 2, version: 1, time: time, position: updates.lowerBound, correlation: updates.upperBound
        ) { $0.raw(payload) }
    }

    /// Waits until everything is on the disk.
    func settle(milliseconds: Int32 = 20_000) -> Bool {
        waitUntilDurable(decisions: last(.decisions), market: last(.market), milliseconds: milliseconds)
    }
}

extension JournalOptions {
    /// For tests: no room reserved, no segment compressed, pauses short.
    static var test: JournalOptions {
        var options = JournalOptions()
        options.reserveBytes = 0
        options.compresses = false
        options.minimumFreeBytes = 0
        options.retryMilliseconds = 1
        options.flushMilliseconds = 5
        return options
    }
}
