import Bytes

/// A state of kernel and venue after given records, as a file: what a restart begins with instead of the first record.
public struct JournalCheckpoint: Hashable, Sendable {
    /// The last decision record that the state knows of; 0 for none.
    public var decision: UInt64
    /// The last market record that the state knows of; 0 for none.
    public var market: UInt64
    /// How many market updates the state has taken in.
    public var position: UInt64
    /// The time of the last event, in nanoseconds since the epoch.
    public var time: Int64
    /// Whether a session began or ended with it. Such checkpoints stay as long as the decisions do, so that the session
    /// can be run again.
    public var bordersSession: Bool
    /// The digest of decision record `decision`.
    public internal(set) var decisionHash = JournalHash.none
    /// The digest of market record `market`.
    public internal(set) var marketHash = JournalHash.none
    /// The file; empty before it was written.
    public internal(set) var path = ""
    /// How long the state is, in bytes.
    public internal(set) var bytes = 0

    static let headerSize = 160
    static let magic = Array("WICKCKPT".utf8)
    static let version: UInt16 = 1

    /// A checkpoint that is about to be written.
    public init(decision: UInt64, market: UInt64, position: UInt64, time: Int64, bordersSession: Bool) {
        self.decision = decision
        self.market = market
        self.position = position
        self.time = time
        self.bordersSession = bordersSession
    }

    var name: String { JournalFileName.checkpoint(decision: decision, market: market).text }

    func header(for body: [UInt8]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.headerSize)
        let sum = body.withUnsafeBytes { checksum($0) }
        bytes.withUnsafeMutableBytes { target in
            target.copyBytes(from: Self.magic)
            target.set(Self.version, at: 8)
            target[10] = bordersSession ? 1 : 0
            target.set(decision, at: 16)
            target.set(market, at: 24)
            target.set(position, at: 32)
            target.set(time, at: 40)
            target.set(UInt64(body.count), at: 48)
            target.set(sum, at: 56)
            decisionHash.withBytes { UnsafeMutableRawBufferPointer(rebasing: target[64..<96]).copyMemory(from: $0) }
            marketHash.withBytes { UnsafeMutableRawBufferPointer(rebasing: target[96..<128]).copyMemory(from: $0) }
            target.set(checksum(UnsafeRawBufferPointer(rebasing: target[..<156])), at: 156)
        }
        return bytes
    }

    /// Reads the header of a checkpoint; the checksum of the body it belongs to comes with it.
    init(_ raw: UnsafeRawBufferPointer, path: String) throws(MalformedHeader) {
        guard raw.count >= Self.headerSize else {
            throw MalformedHeader("the file has \(raw.count) bytes, a checkpoint's header has \(Self.headerSize)")
        }
        guard raw[..<8].elementsEqual(Self.magic) else { throw MalformedHeader("the file is no checkpoint") }
        let sum: UInt32 = raw.number(156)
        guard sum == checksum(UnsafeRawBufferPointer(rebasing: raw[..<156])) else {
            throw MalformedHeader("the header's checksum is wrong")
        }
        let version: UInt16 = raw.number(8)
        guard version == Self.version else {
            throw MalformedHeader("the checkpoint's form is \(version), this program knows \(Self.version)")
        }
        self.init(
            decision: raw.number(16), market: raw.number(24), position: raw.number(32), time: raw.number(40),
            bordersSession: raw[10] & 1 == 1)
        bytes = Int(clamping: raw.number(48, as: UInt64.self))
        decisionHash = JournalHash(UnsafeRawBufferPointer(rebasing: raw[64..<96]))
        marketHash = JournalHash(UnsafeRawBufferPointer(rebasing: raw[96..<128]))
        self.path = path
    }
}
