import Glibc
import Market

/// A recording of what a market met, entry after entry.
protocol RecordedMarket: AnyObject {
    /// What it is of.
    var head: CaptureHead { get }
    /// When its first entry was received.
    var begin: Timestamp { get }
    /// When its last was.
    var end: Timestamp { get }
    /// Whether it holds the venue's own minutes: otherwise they are made from trades.
    var hasMinutes: Bool { get }
    /// What a person should know of how it ends; `nil` until it has come to its end, and where there is nothing.
    var remark: String? { get }

    /// The next entry; `nil` at the end.
    ///
    /// - Throws: `IngestionError` when the file can't be read on.
    func next() throws(IngestionError) -> CaptureEntry?
}

/// A capture, all parts of it that are there, in order.
final class CaptureReader: RecordedMarket {
    let head: CaptureHead
    let begin: Timestamp
    private(set) var end: Timestamp
    let hasMinutes = true
    private(set) var remark: String?

    private let path: String
    private let firstPart: Int
    private var part: Int
    private var unpacker: CaptureUnpacker
    private var buffer: [UInt8] = []
    private var place = 0
    private var isOver = false
    /// Entries that are told before those of the file.
    private var held: [CaptureEntry] = []

    /// Opens a capture by the path of its first part, or of a later one, from which it is played then.
    ///
    /// - Throws: `IngestionError`.
    init(_ path: String) throws(IngestionError) {
        let opened = try CaptureReader.opened(path)
        self.path = path
        (unpacker, head, buffer, place) = (opened.unpacker, opened.head, opened.buffer, opened.place)
        (firstPart, part) = (head.part, head.part)
        begin = opened.time
        end = opened.time
        end = try lastTime()
        held = head.connections.map { CaptureEntry(time: begin, kind: .open, number: $0) }
    }

    func next() throws(IngestionError) -> CaptureEntry? {
        if !held.isEmpty { return held.removeFirst() }
        while !isOver {
            if let entry = try read() {
                // The heads of further parts say nothing new.
                if entry.kind != .capture { return entry }
                continue
            }
            if isOver || !beginNextPart() { break }
        }
        isOver = true
        return nil
    }

    // MARK: Parts

    private typealias Opened = (
        unpacker: CaptureUnpacker, head: CaptureHead, time: Timestamp, buffer: [UInt8], place: Int
    )

    /// Opens a part and reads its head.
    private static func opened(_ path: String) throws(IngestionError) -> Opened {
        let unpacker = try CaptureUnpacker(path)
        var buffer: [UInt8] = []
        var place = 0
        var problem: String?
        guard let first = try entry(unpacker, &buffer, &place, &problem), first.kind == .capture else {
            throw IngestionError(.notCapture, path, problem ?? unpacker.damage ?? "it is empty")
        }
        let (head, words) = CaptureHead.decode(first.bytes)
        guard let head else { throw IngestionError(.notCapture, path, words) }
        return (unpacker, head, first.time, buffer, place)
    }

    private func partPath(_ number: Int) -> String? {
        if firstPart == 1 { return CapturePath.part(number, of: path) }
        // Of a later part the name of the first is not known for sure; its own number is in its name.
        let marks = [".\(firstPart)\(CapturePath.suffix)", ".\(firstPart)"]
        guard let mark = marks.first(where: { path.hasSuffix($0) }) else { return nil }
        let base = String(path.dropLast(mark.count))
        return CapturePath.part(number, of: mark.hasSuffix(CapturePath.suffix) ? base + CapturePath.suffix : base)
    }

    /// A further part of the same capture; `nil` where there is none.
    private func further(_ number: Int) -> Opened? {
        guard let path = partPath(number), let opened = try? CaptureReader.opened(path),
            opened.head.part == number, opened.head.begin == head.begin, opened.head.instruments == head.instruments
        else { return nil }
        return opened
    }

    /// What is wrong with a part that can't be played though the one before it says that it follows, or, as captures of before
    /// do not say that, though it is there or the one behind it is; `nil` where the capture ends here.
    private func missing(_ number: Int) -> String? {
        guard let path = partPath(number) else { return nil }
        do throws(IngestionError) {
            // What can be opened is of another capture, unless something was to follow here.
            _ = try CaptureReader.opened(path)
            guard unpacker.end?.isFollowed == true else { return nil }
            return "part \(number), \(path), is of another capture"
        } catch {
            if access(path, F_OK) == 0 { return "part \(number) can't be played: \(error)" }
        }
        let isFollowed = unpacker.end?.isFollowed == true || further(number + 1) != nil
        return isFollowed ? "part \(number), \(path), is missing" : nil
    }

    private func beginNextPart() -> Bool {
        guard let next = further(part + 1) else {
            if let words = missing(part + 1) {
                remark = "\(words); the capture could be played to where that part would begin"
            } else if unpacker.end == nil {
                remark = "the capture was not ended in order; it could be played to where it ends"
            }
            return false
        }
        part += 1
        (unpacker, buffer, place) = (next.unpacker, next.buffer, next.place)
        return true
    }

    /// When the last entry was received: the last part says it; one that was not ended in order is read through.
    private func lastTime() throws(IngestionError) -> Timestamp {
        var (last, lastPath) = (unpacker, path)
        var number = part
        while let next = further(number + 1), let nextPath = partPath(number + 1) {
            number += 1
            (last, lastPath) = (next.unpacker, nextPath)
        }
        if let end = last.end {
            let time = Timestamp(nanoseconds: end.lastTime)
            if Timestamp.plausible.contains(time), time >= begin { return time }
        }
        var time = begin
        let unpacker = try CaptureUnpacker(lastPath)
        var buffer: [UInt8] = []
        var place = 0
        var problem: String?
        while let entry = try CaptureReader.entry(unpacker, &buffer, &place, &problem) { time = max(time, entry.time) }
        return time
    }

    // MARK: Entries

    private func read() throws(IngestionError) -> CaptureEntry? {
        var problem: String?
        if let entry = try CaptureReader.entry(unpacker, &buffer, &place, &problem) { return entry }
        if let words = problem ?? unpacker.damage {
            isOver = true
            remark = "the capture was not ended in order: \(words); it could be played to where that shows"
        }
        return nil
    }

    /// The next entry; `nil` at the end, and where what follows is none, for which there are words then.
    private static func entry(
        _ unpacker: CaptureUnpacker, _ buffer: inout [UInt8], _ place: inout Int, _ problem: inout String?
    ) throws(IngestionError) -> CaptureEntry? {
        while true {
            let line = buffer[place...].prefix(CaptureEntry.longestLine + 1)
            if let length = line.firstIndex(of: 0x0A).map({ $0 - place }) {
                let head = buffer.withUnsafeBytes { bytes in
                    CaptureEntry.head(UnsafeRawBufferPointer(rebasing: bytes[place..<place + length]))
                }
                guard let (found, count) = head else {
                    problem = "what stands there is no entry"
                    return nil
                }
                var entry = found
                let start = place + length + 1
                if start + count < buffer.count {
                    guard buffer[start + count] == 0x0A else {
                        problem = "what stands there is no entry"
                        return nil
                    }
                    entry.bytes = Array(buffer[start..<start + count])
                    place = start + count + 1
                    return entry
                }
            } else if line.count > CaptureEntry.longestLine {
                problem = "what stands there is no entry"
                return nil
            }
            if place > 0 {
                buffer.removeFirst(place)
                place = 0
            }
            guard try unpacker.read(into: &buffer) else {
                if !buffer.isEmpty, unpacker.damage == nil { problem = "its last entry is not whole" }
                return nil
            }
        }
    }
}
