public import Market

/// How a series is cut into stretches to search in and stretches to be measured in.
///
/// Test windows follow each other without a break. Before each lies its training window, of a fixed length or from the
/// first candle on (anchored); `purge` is cut off the training window's end, `embargo` lies between both.
public struct WalkForwardPlan: Sendable, Hashable {
    /// The length of training, in seconds: of each window, or of the first one when anchored.
    public var train: Int64
    /// The length of each test window, in seconds.
    public var test: Int64
    /// Whether training begins at the first candle for every window.
    public var isAnchored: Bool
    /// What is left out at the end of training, in seconds: the longest time that a position is held, so that no trade
    /// of the training reaches toward the test.
    public var purge: Int64
    /// What lies between training and test, in seconds, and belongs to neither.
    public var embargo: Int64

    /// A plan of its parts.
    ///
    /// - Precondition: training and test are positive, gaps are not negative, and the purge leaves some training.
    public init(train: Int64, test: Int64, isAnchored: Bool = false, purge: Int64 = 0, embargo: Int64 = 0) {
        precondition(train > 0 && test > 0 && purge >= 0 && embargo >= 0 && purge < train, "windows have a length")
        self.train = train
        self.test = test
        self.isAnchored = isAnchored
        self.purge = purge
        self.embargo = embargo
    }

    /// One training window with its test window; candles by their places in the series.
    public struct Window: Sendable, Hashable {
        /// From 1.
        public var number: Int
        /// The candles to search in.
        public var train: Range<Int>
        /// The candles to measure in.
        public var test: Range<Int>
        /// When training begins.
        public var trainFrom: Timestamp
        /// When training ends.
        public var trainTo: Timestamp
        /// When the test begins.
        public var testFrom: Timestamp
        /// When the test ends.
        public var testTo: Timestamp
    }

    /// The windows of a series, oldest first; only whole ones, and none in which training or test has no candle.
    /// O(windows · log(candles)).
    public func windows(of series: CandleSeries) -> [Window] {
        let candles = series.candles
        guard let first = candles.first, let last = candles.last else { return [] }
        let end = last.closeTime(series.timeframe)
        var windows: [Window] = []
        var shift: Int64 = 0
        while true {
            let trainFrom = isAnchored ? first.openTime : first.openTime.adding(seconds: shift)
            let trained = first.openTime.adding(seconds: shift + train)
            let testFrom = trained.adding(seconds: embargo)
            let testTo = testFrom.adding(seconds: test)
            guard testTo <= end else { return windows }
            let trainTo = trained.adding(seconds: -purge)
            let window = Window(
                number: windows.count + 1, train: candles.range(from: trainFrom, to: trainTo, series.timeframe),
                test: candles.range(from: testFrom, to: testTo, series.timeframe), trainFrom: trainFrom,
                trainTo: trainTo, testFrom: testFrom, testTo: testTo)
            if !window.train.isEmpty, !window.test.isEmpty { windows.append(window) }
            shift += test
        }
    }
}

extension RandomAccessCollection<Candle> where Index == Int {
    /// The places of the candles that open at `from` or later and close at `to` or earlier. O(log n).
    func range(from: Timestamp, to: Timestamp, _ timeframe: Timeframe) -> Range<Int> {
        let lower = startIndex + place { $0.openTime < from }
        return lower..<Swift.max(startIndex + place { $0.closeTime(timeframe) <= to }, lower)
    }

    /// How many of the first candles are as asked. O(log n).
    func place(_ isBefore: (Candle) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low - startIndex
    }
}
