import Glibc

/// Measures how the engine itself is doing: step times, event rate, memory, processor share.
struct HealthMeter {
    private static let sampleCount = 1_000
    /// Rates are taken over this long.
    private static let windowNanoseconds: Int64 = 5_000_000_000

    private var samples: [Int64] = []
    private var nextSample = 0
    private var eventCount = 0
    private var windowStart: Int64
    private var windowEvents = 0
    private var windowProcessor: Int64
    private(set) var view = HealthView()

    /// A meter that begins now.
    init(monotonic: Int64) {
        samples.reserveCapacity(HealthMeter.sampleCount)
        windowStart = monotonic
        windowProcessor = HealthMeter.processorNanoseconds()
    }

    /// Takes in one step's duration.
    mutating func record(stepNanoseconds: Int64) {
        eventCount += 1
        if samples.count < HealthMeter.sampleCount {
            samples.append(stepNanoseconds)
        } else {
            samples[nextSample] = stepNanoseconds
            nextSample = (nextSample + 1) % HealthMeter.sampleCount
        }
    }

    /// Brings the figures up to date; meant for once a second. O(n log n) in a thousand samples.
    mutating func refresh(monotonic: Int64) {
        let sorted = samples.sorted()
        if !sorted.isEmpty {
            view.stepMedianNanoseconds = sorted[sorted.count / 2]
            view.stepTailNanoseconds = sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
        }
        view.residentBytes = HealthMeter.residentBytes()
        let passed = monotonic - windowStart
        guard passed >= 1_000_000_000 else { return }
        let processor = HealthMeter.processorNanoseconds()
        view.eventsPerSecond = Double(eventCount - windowEvents) * 1e9 / Double(passed)
        view.processorShare = Double(processor - windowProcessor) / Double(passed)
        if passed >= HealthMeter.windowNanoseconds {
            windowStart = monotonic
            windowEvents = eventCount
            windowProcessor = processor
        }
    }

    private static func processorNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// The second number of `/proc/self/statm` in pages; 0 where there is no such file.
    private static func residentBytes() -> Int64 {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return 0 }
        let fields = bytes[..<count].split(separator: 0x20)
        guard fields.count > 1, let pages = Int64(String(decoding: fields[1], as: UTF8.self)) else { return 0 }
        return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }
}
