/// A word of memory that says which strategy the kernel is in: another thread reads it while the kernel's own hangs in an
/// endless loop, and where the memory is shared with a file it tells after a crash who was at work.
///
/// The kernel writes plain words, which no processor of ours tears; the reader takes whatever stands there.
public struct StrategyProbe: @unchecked Sendable {
    private let word: UnsafeMutablePointer<Int32>

    /// A probe that writes to `word`, which its owner keeps for as long as the kernel lives.
    public init(_ word: UnsafeMutablePointer<Int32>) {
        self.word = word
        word.pointee = 0
    }

    @inline(__always)
    func enter(_ strategy: StrategyID) { word.pointee = strategy.rawValue }

    @inline(__always)
    func leave() { word.pointee = 0 }
}
