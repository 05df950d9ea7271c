/// A number, name or sign of an expression, and where it stands.
struct FormulaToken {
    var kind: Kind
    /// How many characters stand before it.
    var offset: Int

    enum Kind: Hashable {
        case number(Double)
        case name(String)
        case sign(String)
        case end
    }

    /// What it is, for messages.
    var name: String {
        switch kind {
        case .number(let number): return "the number \(number == number.rounded() ? "\(Int64(number))" : "\(number)")"
        case .name(let name): return "'\(name)'"
        case .sign(let sign): return "'\(sign)'"
        case .end: return "the end"
        }
    }

    /// The tokens of a text, the end being the last.
    static func all(of text: String) throws(FormulaError) -> [FormulaToken] {
        let characters = Array(text)
        var tokens: [FormulaToken] = []
        var place = 0
        while place < characters.count {
            let start = place
            let character = characters[place]
            if character == " " || character == "\t" || character.isNewline {
                place += 1
            } else if isDigit(character) || character == "." {
                place = end(ofNumber: characters, from: place)
                let digits = String(characters[start..<place])
                guard let number = Double(digits), number.isFinite, abs(number) < 1e18 else {
                    throw FormulaError(text: text, offset: start, problem: "'\(digits)' is no number")
                }
                tokens.append(FormulaToken(kind: .number(number), offset: start))
            } else if isLetter(character) {
                while place < characters.count, isLetter(characters[place]) || isDigit(characters[place]) {
                    place += 1
                }
                tokens.append(FormulaToken(kind: .name(String(characters[start..<place])), offset: start))
            } else if character == "<" || character == ">" {
                place += 1
                if place < characters.count, characters[place] == "=" { place += 1 }
                tokens.append(FormulaToken(kind: .sign(String(characters[start..<place])), offset: start))
            } else if "+-*/^(),".contains(character) {
                place += 1
                tokens.append(FormulaToken(kind: .sign(String(character)), offset: start))
            } else {
                let shown = character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
                throw FormulaError(
                    text: text, offset: start,
                    problem: shown ? "'\(character)' belongs to no expression" : "a control character")
            }
        }
        tokens.append(FormulaToken(kind: .end, offset: characters.count))
        return tokens
    }

    private static func end(ofNumber characters: [Character], from start: Int) -> Int {
        var place = start
        while place < characters.count, isDigit(characters[place]) || characters[place] == "." { place += 1 }
        guard place < characters.count, characters[place] == "e" || characters[place] == "E" else { return place }
        var after = place + 1
        if after < characters.count, characters[after] == "-" || characters[after] == "+" { after += 1 }
        guard after < characters.count, isDigit(characters[after]) else { return place }
        while after < characters.count, isDigit(characters[after]) { after += 1 }
        return after
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    private static func isLetter(_ character: Character) -> Bool {
        ("a"..."z").contains(character) || ("A"..."Z").contains(character) || character == "_"
    }
}
