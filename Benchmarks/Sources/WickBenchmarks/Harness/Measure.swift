import CBaseline

/// Measuring by the CPU clock of the thread: what others do on the machine counts as little as possible.
enum Measure {
    /// The shortest CPU time of `runs` runs of `body`, in nanoseconds.
    static func nanoseconds(runs: Int = 15, _ body: () throws -> Void) rethrows -> Double {
        var best = Int64.max
        for _ in 0..<runs {
            let start = baseline_thread_nanoseconds()
            try body()
            best = min(best, baseline_thread_nanoseconds() - start)
        }
        return Double(best)
    }

    /// The allocations that `body` makes.
    static func allocations(_ body: () throws -> Void) rethrows -> Int {
        let before = baseline_allocations()
        try body()
        return Int(baseline_allocations() - before)
    }

    /// Keeps the compiler from leaving out what computed `value`.
    @inline(never)
    @_optimize(none)
    static func keep<T>(_ value: T) {}
}
