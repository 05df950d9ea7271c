/// How a page's values are put down.
enum Encoding: Int {
    case plain = 0
    case plainDictionary = 2
    case runLength = 3
    case bitPacked = 4
    case deltaBinaryPacked = 5
    case deltaLengthBytes = 6
    case deltaBytes = 7
    case dictionary = 8
    case byteStreamSplit = 9

    /// The name of a code, for messages.
    static func name(_ code: Int) -> String {
        switch Encoding(rawValue: code) {
        case .plain: return "PLAIN"
        case .plainDictionary: return "PLAIN_DICTIONARY"
        case .runLength: return "RLE"
        case .bitPacked: return "BIT_PACKED"
        case .deltaBinaryPacked: return "DELTA_BINARY_PACKED"
        case .deltaLengthBytes: return "DELTA_LENGTH_BYTE_ARRAY"
        case .deltaBytes: return "DELTA_BYTE_ARRAY"
        case .dictionary: return "RLE_DICTIONARY"
        case .byteStreamSplit: return "BYTE_STREAM_SPLIT"
        case nil: return "number \(code)"
        }
    }

    /// Whether pages of this encoding can be read here.
    var isRead: Bool {
        switch self {
        case .plain, .plainDictionary, .runLength, .dictionary, .byteStreamSplit: return true
        case .bitPacked, .deltaBinaryPacked, .deltaLengthBytes, .deltaBytes: return false
        }
    }
}

/// How a page is compressed.
enum Codec: Int {
    case none = 0
    case snappy = 1
    case gzip = 2
    case lzo = 3
    case brotli = 4
    case lz4 = 5
    case zstd = 6
    case lz4Raw = 7

    /// The name of a code, for messages.
    static func name(_ code: Int) -> String {
        switch Codec(rawValue: code) {
        case .none?: return "UNCOMPRESSED"
        case .snappy: return "SNAPPY"
        case .gzip: return "GZIP"
        case .lzo: return "LZO"
        case .brotli: return "BROTLI"
        case .lz4: return "LZ4"
        case .zstd: return "ZSTD"
        case .lz4Raw: return "LZ4_RAW"
        case nil: return "number \(code)"
        }
    }

    /// Whether pages of this codec can be read here.
    var isRead: Bool { self == .none || self == .snappy || self == .zstd }
}

/// What a page is.
enum PageType: Int {
    case data = 0
    case index = 1
    case dictionary = 2
    case dataV2 = 3
}
