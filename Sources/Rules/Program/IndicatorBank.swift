import Bytes
import Indicators

extension IndicatorForm {
    /// How many of its inputs it takes to be defined.
    var warmUp: Int {
        let window = numbers.first.map { Int($0) } ?? 1
        switch operation {
        case .sma, .ema, .wma, .stdev, .zscore, .highest, .lowest, .bollinger, .cci, .donchian: return window
        case .roc, .rsi, .atr, .supertrend: return window + 1
        case .macd: return Int(numbers[1]) + Int(numbers[2]) - 1
        case .dmi: return 2 * window
        case .stochastic: return window + Int(numbers[1]) + Int(numbers[2]) - 2
        case .keltner: return max(window, Int(numbers[1]) + 1)
        default: return 1
        }
    }
}

/// Indicators of one kind side by side in memory, made once.
struct Bank<Element: SavedState> {
    private let elements: UnsafeMutableBufferPointer<Element>

    /// One for each form of the operation.
    init(_ forms: [IndicatorForm], _ operations: [Operation], _ make: (IndicatorForm) -> Element) {
        let mine = forms.filter { operations.contains($0.operation) }
        elements = .allocate(capacity: mine.count)
        for (index, form) in mine.enumerated() { elements.initializeElement(at: index, to: make(form)) }
    }

    /// Gives the memory back; not to be used afterwards.
    func destroy() {
        elements.deinitialize()
        elements.deallocate()
    }

    @inline(__always)
    subscript(_ index: Int32) -> UnsafeMutablePointer<Element> {
        elements.baseAddress.unsafelyUnwrapped + Int(index)
    }

    func save(to writer: inout ByteWriter) {
        for element in elements { element.save(to: &writer) }
    }

    func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        for index in elements.indices { try elements[index].restore(from: &reader) }
    }
}

/// All indicators of a program.
struct IndicatorBanks {
    let sma: Bank<SimpleMovingAverage>
    let ema: Bank<ExponentialMovingAverage>
    let wma: Bank<WeightedMovingAverage>
    let rsi: Bank<RelativeStrengthIndex>
    let roc: Bank<RateOfChange>
    let stdev: Bank<StandardDeviation>
    let zscore: Bank<ZScore>
    /// A channel whose both sides see the same value.
    let highest: Bank<DonchianChannel>
    let lowest: Bank<DonchianChannel>
    let bollinger: Bank<BollingerBands>
    let macd: Bank<MACD>
    let atr: Bank<AverageTrueRange>
    let dmi: Bank<DirectionalMovement>
    let cci: Bank<CommodityChannelIndex>
    let supertrend: Bank<Supertrend>
    let stochastic: Bank<StochasticOscillator>
    let donchian: Bank<DonchianChannel>
    let keltner: Bank<KeltnerChannel>
    let obv: Bank<OnBalanceVolume>
    let vwap: Bank<VolumeWeightedAveragePrice>

    init(_ forms: [IndicatorForm]) {
        func window(_ form: IndicatorForm, _ index: Int = 0) -> Int { Int(form.numbers[index]) }
        sma = Bank(forms, [.sma]) { SimpleMovingAverage(period: window($0)) }
        ema = Bank(forms, [.ema]) { ExponentialMovingAverage(period: window($0)) }
        wma = Bank(forms, [.wma]) { WeightedMovingAverage(period: window($0)) }
        rsi = Bank(forms, [.rsi]) { RelativeStrengthIndex(period: window($0)) }
        roc = Bank(forms, [.roc]) { RateOfChange(period: window($0)) }
        stdev = Bank(forms, [.stdev]) { StandardDeviation(period: window($0)) }
        zscore = Bank(forms, [.zscore]) { ZScore(period: window($0)) }
        highest = Bank(forms, [.highest]) { DonchianChannel(period: window($0)) }
        lowest = Bank(forms, [.lowest]) { DonchianChannel(period: window($0)) }
        bollinger = Bank(forms, [.bollinger]) { BollingerBands(period: window($0), width: $0.numbers[1]) }
        macd = Bank(forms, [.macd]) { MACD(fast: window($0), slow: window($0, 1), signal: window($0, 2)) }
        atr = Bank(forms, [.atr]) { AverageTrueRange(period: window($0)) }
        dmi = Bank(forms, [.dmi]) { DirectionalMovement(period: window($0)) }
        cci = Bank(forms, [.cci]) { CommodityChannelIndex(period: window($0)) }
        supertrend = Bank(forms, [.supertrend]) { Supertrend(period: window($0), multiplier: $0.numbers[1]) }
        stochastic = Bank(forms, [.stochastic]) {
            StochasticOscillator(fastK: window($0), slowK: window($0, 1), slowD: window($0, 2))
        }
        donchian = Bank(forms, [.donchian]) { DonchianChannel(period: window($0)) }
        keltner = Bank(forms, [.keltner]) {
            KeltnerChannel(period: window($0), atrPeriod: window($0, 1), multiplier: $0.numbers[2])
        }
        obv = Bank(forms, [.obv]) { _ in OnBalanceVolume() }
        vwap = Bank(forms, [.vwap]) { _ in VolumeWeightedAveragePrice() }
    }

    func destroy() {
        sma.destroy()
        ema.destroy()
        wma.destroy()
        rsi.destroy()
        roc.destroy()
        stdev.destroy()
        zscore.destroy()
        highest.destroy()
        lowest.destroy()
        bollinger.destroy()
        macd.destroy()
        atr.destroy()
        dmi.destroy()
        cci.destroy()
        supertrend.destroy()
        stochastic.destroy()
        donchian.destroy()
        keltner.destroy()
        obv.destroy()
        vwap.destroy()
    }

    func save(to writer: inout ByteWriter) {
        sma.save(to: &writer)
        ema.save(to: &writer)
        wma.save(to: &writer)
        rsi.save(to: &writer)
        roc.save(to: &writer)
        stdev.save(to: &writer)
        zscore.save(to: &writer)
        highest.save(to: &writer)
        lowest.save(to: &writer)
        bollinger.save(to: &writer)
        macd.save(to: &writer)
        atr.save(to: &writer)
        dmi.save(to: &writer)
        cci.save(to: &writer)
        supertrend.save(to: &writer)
        stochastic.save(to: &writer)
        donchian.save(to: &writer)
        keltner.save(to: &writer)
        obv.save(to: &writer)
        vwap.save(to: &writer)
    }

    func restore(from reader: inout ByteReader) throws(MalformedBytes) {
        try sma.restore(from: &reader)
        try ema.restore(from: &reader)
        try wma.restore(from: &reader)
        try rsi.restore(from: &reader)
        try roc.restore(from: &reader)
        try stdev.restore(from: &reader)
        try zscore.restore(from: &reader)
        try highest.restore(from: &reader)
        try lowest.restore(from: &reader)
        try bollinger.restore(from: &reader)
        try macd.restore(from: &reader)
        try atr.restore(from: &reader)
        try dmi.restore(from: &reader)
        try cci.restore(from: &reader)
        try supertrend.restore(from: &reader)
        try stochastic.restore(from: &reader)
        try donchian.restore(from: &reader)
        try keltner.restore(from: &reader)
        try obv.restore(from: &reader)
        try vwap.restore(from: &reader)
    }
}
