/// What client and server agreed on about packing (RFC 7692, section 7.1).
///
/// Our own messages are never packed, so only what binds the server is kept.
struct DeflateAgreement: Hashable {
    /// Whether a message may refer to those before it.
    var serverKeepsContext = true
    /// The size of the server's window, as a power of two.
    var serverWindowBits = 15

    /// What is offered: any window of the server's, and room for it to name one of ours.
    static let offer = "permessage-deflate; client_max_window_bits"

    /// What the server's header fields `Sec-WebSocket-Extensions` agree to; `nil` for no packing.
    ///
    /// - Throws: `WebSocketTrouble` when they agree to what was not offered, or can't be understood.
    static func read(_ fields: [String], isOffered: Bool) throws(WebSocketTrouble) -> DeflateAgreement? {
        let extensions = fields.flatMap { $0.split(separator: ",") }.map(trimmed).filter { !$0.isEmpty }
        guard let chosen = extensions.first else { return nil }
        guard extensions.count == 1 else { throw trouble("it agrees to several extensions") }
        let parts = chosen.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
        guard isOffered, parts[0].lowercased() == "permessage-deflate" else {
            throw trouble("it agrees to an extension that was not offered")
        }
        var agreement = DeflateAgreement()
        var seen: Set<String> = []
        for part in parts.dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(trimmed)
            let name = sides[0].lowercased()
            let value = sides.count == 2 ? unquoted(sides[1]) : nil
            guard seen.insert(name).inserted else { throw trouble("it names \(name) twice") }
            switch (name, value) {
            case ("server_no_context_takeover", nil): agreement.serverKeepsContext = false
            case ("client_no_context_takeover", nil): break
            case ("server_max_window_bits", .some(let text)): agreement.serverWindowBits = try bits(text, name)
            case ("client_max_window_bits", .some(let text)): _ = try bits(text, name)
            default: throw trouble("a parameter of permessage-deflate is not understood")
            }
        }
        return agreement
    }

    private static func bits(_ text: Substring, _ name: String) throws(WebSocketTrouble) -> Int {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(text),
            (8...15).contains(bits), text.first != "0"
        else { throw trouble("\(name) is not one of 8…15") }
        return bits
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return text
    }

    private static func unquoted(_ text: Substring) -> Substring {
        text.count >= 2 && text.first == "\"" && text.last == "\"" ? text.dropFirst().dropLast() : text
    }

    private static func trouble(_ detail: String) -> WebSocketTrouble { WebSocketTrouble(.brokenAnswer, detail) }
}
