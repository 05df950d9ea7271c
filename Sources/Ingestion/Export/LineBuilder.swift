import Market

/// One line of output, built byte by byte: a year of minutes is half a million of them.
struct LineBuilder {
    private(set) var bytes: [UInt8] = []
    private let instrument: Instrument
    private var cachedDay: Int64 = .min
    private var date: [UInt8] = []

    init(_ instrument: Instrument) {
        self.instrument = instrument
        bytes.reserveCapacity(256)
    }

    mutating func begin() { bytes.removeAll(keepingCapacity: true) }

    mutating func add(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// `2023-03-24T12:40:00Z`; candles open on whole seconds.
    mutating func add(_ time: Timestamp) {
        if time.day != cachedDay {
            cachedDay = time.day
            date = Array(time.date.utf8)
        }
        bytes.append(contentsOf: date)
        let second = time.seconds - time.day * 86_400
        add(0x54, second / 3_600)
        add(0x3A, second / 60 % 60)
        add(0x3A, second % 60)
        bytes.append(0x5A)
    }

    mutating func add(_ price: Price) { add(price.mantissa, scale: instrument.priceScale) }
    mutating func add(_ quantity: Quantity) { add(quantity.mantissa, scale: instrument.quantityScale) }

    private mutating func add(_ sign: UInt8, _ twoDigits: Int64) {
        bytes.append(sign)
        bytes.append(0x30 + UInt8(twoDigits / 10))
        bytes.append(0x30 + UInt8(twoDigits % 10))
    }

    /// The decimal without trailing zeros.
    private mutating func add(_ mantissa: Int64, scale: Int) {
        var value = mantissa.magnitude
        var scale = scale
        if mantissa < 0 { bytes.append(0x2D) }
        while scale > 0, value % 10 == 0 {
            value /= 10
            scale -= 1
        }
        let start = bytes.count
        var written = 0
        while value > 0 || written <= scale {
            if written == scale, scale > 0 { bytes.append(0x2E) }
            bytes.append(0x30 + UInt8(value % 10))
            value /= 10
            written += 1
        }
        bytes[start...].reverse()
    }
}
