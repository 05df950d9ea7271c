/// Where the fields of an event begin, in whatever order they came.
///
/// The venue names them with one letter. Those with longer names are of answers to requests.
struct EventFields {
    /// What an event says it is.
    enum Kind {
        /// It does not say.
        case none
        case depthUpdate
        case trade
        case aggTrade
        case kline
        case serverShutdown
        /// Something else.
        case other
    }

    /// The fields with longer names that mean something here.
    enum Long: Int {
        case result
        case id
        case code
        case error
        case message
    }

    /// Which instrument an event is about.
    enum Subject {
        /// It does not say.
        case none
        /// One that the connection carries.
        case instrument(Int)
        /// Another one.
        case other
    }

    var kind = Kind.none
    var subject = Subject.none
    /// Whether the levels of each side stand in the decoder's buffer already.
    var (hasBids, hasAsks) = (false, false)
    private var letters = InlineArray<64, Int32>(repeating: -1)
    private var long = InlineArray<5, Int32>(repeating: -1)

    /// Where the value of a field begins; `nil` when it is not there.
    @inline(__always)
    func offset(of letter: UInt8) -> Int? {
        let offset = letters[Int(letter & 0x3F)]
        return offset < 0 ? nil : Int(offset)
    }

    /// Where the value of a field begins; `nil` when it is not there.
    func offset(of field: Long) -> Int? {
        let offset = long[field.rawValue]
        return offset < 0 ? nil : Int(offset)
    }

    /// Notes a field; whether it is the first of its name. Which field is meant when there are two is anybody's guess.
    @inline(__always)
    mutating func note(_ key: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
        if key.count == 1 {
            let letter = key[0]
            guard letter | 0x20 >= 0x61, letter | 0x20 <= 0x7A, letter < 0x80 else { return true }
            let place = Int(letter & 0x3F)
            defer { letters[place] = Int32(truncatingIfNeeded: offset) }
            return letters[place] < 0
        }
        guard let field = EventFields.long(key) else { return true }
        defer { long[field.rawValue] = Int32(truncatingIfNeeded: offset) }
        return long[field.rawValue] < 0
    }

    private static func long(_ key: UnsafeBufferPointer<UInt8>) -> Long? {
        switch key.count {
        case 6: return equals(key, "result") ? .result : nil
        case 2: return equals(key, "id") ? .id : nil
        case 4: return equals(key, "code") ? .code : nil
        case 5: return equals(key, "error") ? .error : nil
        case 3: return equals(key, "msg") ? .message : nil
        default: return nil
        }
    }

    /// The kind that an event says it is.
    static func kind(_ name: UnsafeBufferPointer<UInt8>) -> Kind {
        switch name.count {
        case 11: return equals(name, "depthUpdate") ? .depthUpdate : .other
        case 5: return equals(name, "trade") ? .trade : equals(name, "kline") ? .kline : .other
        case 8: return equals(name, "aggTrade") ? .aggTrade : .other
        case 14: return equals(name, "serverShutdown") ? .serverShutdown : .other
        default: return .other
        }
    }

    /// Whether bytes are those of a word.
    @inline(__always)
    static func equals(_ bytes: UnsafeBufferPointer<UInt8>, _ word: StaticString) -> Bool {
        guard bytes.count == word.utf8CodeUnitCount else { return false }
        for index in 0..<bytes.count where bytes[index] != word.utf8Start[index] { return false }
        return true
    }
}
