/// Cuts an expression into words. O(length); takes any text without a trap.
struct Lexer {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The words of a text, the last of which is its end.
    static func tokens(of text: String) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        repeat {
            let isBehindAt = tokens.last?.kind == .mark("@")
            tokens.append(lexer.next(isTimeframe: isBehindAt))
        } while tokens.last?.kind != .end
        return tokens
    }

    private mutating func next(isTimeframe: Bool) -> Token {
        while place < bytes.count, Lexer.isSpace(bytes[place]) { place += 1 }
        // The end stands behind the last sign.
        guard place < bytes.count else { return Token(kind: .end, range: place..<place + 1) }
        let start = place
        if isTimeframe && (Lexer.isDigit(bytes[place]) || Lexer.isLetter(bytes[place])) {
            skip(Lexer.isWordPart)
            return token(from: start) { .timeframe($0) }
        }
        if Lexer.isLetter(bytes[place]) {
            skip(Lexer.isWordPart)
            return token(from: start) { .name($0) }
        }
        if Lexer.isDigit(bytes[place])
            || bytes[place] == 0x2E && place + 1 < bytes.count
                && Lexer.isDigit(bytes[place + 1])
        {
            return number(from: start)
        }
        for mark in Token.marks where bytes[place...].starts(with: mark.utf8) {
            place += mark.utf8.count
            return token(from: start) { .mark($0) }
        }
        place += 1
        // A sign of several units is one stray sign.
        while place < bytes.count, bytes[place] & 0xC0 == 0x80 { place += 1 }
        return token(from: start) { .stray($0) }
    }

    private mutating func number(from start: Int) -> Token {
        skip(Lexer.isDigit)
        if place < bytes.count, bytes[place] == 0x2E {
            place += 1
            skip(Lexer.isDigit)
        }
        if place < bytes.count, bytes[place] | 0x20 == 0x65 {
            var behind = place + 1
            if behind < bytes.count, bytes[behind] == 0x2B || bytes[behind] == 0x2D { behind += 1 }
            if behind < bytes.count, Lexer.isDigit(bytes[behind]) {
                place = behind
                skip(Lexer.isDigit)
            }
        }
        // `20d` is no number and a name behind it, but one word that is wrong.
        let end = place
        skip(Lexer.isWordPart)
        return token(from: start) { text in
            guard place == end, let value = Double(text), value.isFinite else { return .stray(text) }
            return .number(value)
        }
    }

    private mutating func skip(_ belongs: (UInt8) -> Bool) {
        while place < bytes.count, belongs(bytes[place]) { place += 1 }
    }

    private func token(from start: Int, _ kind: (String) -> Token.Kind) -> Token {
        Token(kind: kind(String(decoding: bytes[start..<place], as: UTF8.self)), range: start..<place)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F }
    private static func isWordPart(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }
}
