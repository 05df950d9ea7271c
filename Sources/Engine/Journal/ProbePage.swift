import Glibc
import Trading

/// Says who runs: a page shared with the file it lies in, so that a watchdog sees a strategy that does not come back, and
/// the next start sees one that brought the process down.
///
/// The kernel's thread writes plain words, which costs next to nothing; whoever reads them may see them a moment late.
final class ProbePage: @unchecked Sendable {
    /// What the page said when it was opened: who ran when the last process ended.
    let last: Reading

    /// Who runs, and in which step.
    struct Reading: Equatable {
        /// The strategy; 0 when none runs.
        var strategy: Int32
        /// The decision record whose step it is.
        var input: UInt64
    }

    /// Where the kernel notes the strategy that runs.
    let kernelProbe: StrategyProbe
    private let strategy: UnsafeMutablePointer<Int32>
    private let words: UnsafeMutableRawPointer
    private static let size = 4_096
    private static let magic: UInt32 = 0x5043_4B57

    /// A page of this process alone: nothing is known of an earlier one.
    ///
    /// - Throws: `EngineError.system` when there is no memory for it.
    convenience init() throws(EngineError) {
        let page = mmap(nil, ProbePage.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let page, page != MAP_FAILED else { throw .system(action: "map a page", code: errno) }
        self.init(page)
    }

    /// Opens the page, or makes it.
    ///
    /// - Throws: `EngineError.unusableDirectory` when the file can't be opened or mapped.
    convenience init(path: String) throws(EngineError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw .unusableDirectory(path: path, reason: String(cString: strerror(errno))) }
        defer { close(file) }
        guard ftruncate(file, off_t(ProbePage.size)) == 0,
            let page = mmap(nil, ProbePage.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), page != MAP_FAILED
        else { throw .unusableDirectory(path: path, reason: String(cString: strerror(errno))) }
        self.init(page)
    }

    private init(_ page: UnsafeMutableRawPointer) {
        words = page
        strategy = page.advanced(by: 8).assumingMemoryBound(to: Int32.self)
        if page.load(as: UInt32.self) == ProbePage.magic {
            last = Reading(
                strategy: page.load(fromByteOffset: 8, as: Int32.self),
                input: page.load(fromByteOffset: 16, as: UInt64.self))
        } else {
            last = Reading(strategy: 0, input: 0)
        }
        page.storeBytes(of: ProbePage.magic, as: UInt32.self)
        kernelProbe = StrategyProbe(strategy)
        noteDeath()
    }

    // Never unmapped: a thread that was left behind may still write to it. One page a process.

    /// Counts the death that the page tells of: one more where it is the same as the last, none outside of any step.
    private func noteDeath() {
        guard last.strategy != 0 else { return words.storeBytes(of: 0, toByteOffset: 24, as: UInt32.self) }
        let deadStrategy = words.load(fromByteOffset: 32, as: Int32.self)
        let deadInput = words.load(fromByteOffset: 40, as: UInt64.self)
        let isSame = deadStrategy == last.strategy && deadInput == last.input
        let deaths = words.load(fromByteOffset: 24, as: UInt32.self)
        words.storeBytes(of: isSame ? deaths &+ 1 : 1, toByteOffset: 24, as: UInt32.self)
        words.storeBytes(of: last.strategy, toByteOffset: 32, as: Int32.self)
        words.storeBytes(of: last.input, toByteOffset: 40, as: UInt64.self)
    }

    /// How often in a row the process ended in the step that `last` tells of.
    var deaths: UInt32 { last.strategy == 0 ? 0 : words.load(fromByteOffset: 24, as: UInt32.self) }

    /// A step begins.
    func begin(_ input: UInt64) { words.storeBytes(of: input, toByteOffset: 16, as: UInt64.self) }

    /// A step ended.
    func end() { words.storeBytes(of: 0, toByteOffset: 16, as: UInt64.self) }

    /// Nobody runs: what the page says of a thread that was left behind must not be taken for the next one's.
    func forget() {
        strategy.pointee = 0
        end()
    }

    /// Who runs now.
    var reading: Reading {
        Reading(strategy: strategy.pointee, input: words.load(fromByteOffset: 16, as: UInt64.self))
    }
}
