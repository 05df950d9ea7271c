import CCrypto
import Glibc

/// Bytes that must not be seen: a pass phrase, the secret of an API key, a derived key.
///
/// They lie on pages of their own that are kept out of core dumps and, where the system allows it, out of swap space;
/// they are never printed, whichever way they are asked for their text, and they are wiped when the last owner lets go.
public final class Secret: @unchecked Sendable {
    /// How many bytes there are.
    public let count: Int
    private let pages: UnsafeMutableRawPointer
    private let length: Int

    /// A secret of `count` bytes, zero until `fill` has written them.
    ///
    /// - Precondition: the count is not negative.
    public init<Failure: Error>(
        count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        precondition(count >= 0, "a count is not negative")
        self.count = count
        let page = sysconf(Int32(_SC_PAGESIZE))
        length = max(1, (count + page - 1) / page) * page
        guard let pages = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            pages != MAP_FAILED
        else { fatalError("no memory for a secret of \(count) bytes") }
        self.pages = pages
        // What the limits of the account refuse is no reason to refuse the key.
        _ = mlock(pages, length)
        _ = madvise(pages, length, MADV_DONTDUMP)
        try fill(UnsafeMutableRawBufferPointer(start: pages, count: count))
    }

    /// A copy of bytes, which stay where they are.
    public convenience init(copying bytes: UnsafeRawBufferPointer) {
        self.init(count: bytes.count) { $0.copyMemory(from: bytes) }
    }

    /// A copy of bytes, which are overwritten where they were.
    public convenience init(wiping bytes: inout [UInt8]) {
        self.init(count: bytes.count) { $0.copyBytes(from: bytes) }
        bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        bytes.removeAll()
    }

    /// The UTF-8 of a text, which stays in memory as long as its owner keeps it: for texts that are no secret
    /// elsewhere.
    public convenience init(text: String) {
        var bytes = Array(text.utf8)
        self.init(wiping: &bytes)
    }

    deinit {
        OPENSSL_cleanse(pages, length)
        munmap(pages, length)
    }

    /// Whether there is nothing.
    public var isEmpty: Bool { count == 0 }

    /// Lends the bytes; they must not be kept.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: pages, count: count))
    }

    /// A part of it, as a secret of its own.
    ///
    /// - Precondition: the range is within the bytes.
    public func part(_ range: Range<Int>) -> Secret {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "a part lies within the whole")
        return withBytes { Secret(copying: UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// It without blanks and line breaks around it.
    public func trimmed() -> Secret {
        withBytes { bytes in
            func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
            guard let first = bytes.firstIndex(where: { !isBlank($0) }),
                let last = bytes.lastIndex(where: { !isBlank($0) })
            else { return Secret(copying: UnsafeRawBufferPointer(start: nil, count: 0)) }
            return Secret(copying: UnsafeRawBufferPointer(rebasing: bytes[first...last]))
        }
    }

    /// Its first line, without the line break, and what follows that.
    public func firstLine() -> (line: Secret, rest: Secret) {
        let end = withBytes { $0.firstIndex(of: 0x0A) }
        guard let end else { return (part(0..<count), part(count..<count)) }
        return (part(0..<end), part((end + 1)..<count))
    }
}

extension Secret: Equatable {
    /// Whether both hold the same bytes; takes as long for equal ones as for others of the same length.
    public static func == (a: Secret, b: Secret) -> Bool {
        a.withBytes { first in
            b.withBytes { second in
                first.count == second.count
                    && (first.isEmpty || CRYPTO_memcmp(first.baseAddress, second.baseAddress, first.count) == 0)
            }
        }
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the bytes.
    public var description: String { "•••" }
    /// Never the bytes.
    public var debugDescription: String { "•••" }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
