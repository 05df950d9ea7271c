extension Screen {
    /// The longest text that is handed to a clipboard; terminals drop longer ones without a word.
    private static let clipboardLimit = 50_000

    /// Puts a text on the clipboard of the person's own terminal, over any number of remote shells, by OSC 52.
    ///
    /// Nothing tells whether the terminal allows it. Under tmux `set-clipboard` has to be on, as it is by default.
    ///
    /// - Returns: whether it was sent: not when the text is too long or the terminal is gone.
    @discardableResult
    public func copyToClipboard(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard !device.isGone, bytes.count <= Screen.clipboardLimit else { return false }
        device.send(Array("\u{1B}]52;c;".utf8) + Screen.base64(bytes) + [0x07])
        return true
    }

    /// The bytes in base 64 (RFC 4648), padded.
    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = 0
            for (place, byte) in group.enumerated() { bits |= Int(byte) << (16 - 8 * place) }
            for place in 0..<4 {
                result.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : 0x3D)
            }
        }
        return result
    }
}
