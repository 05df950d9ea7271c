import Market

extension EquityCurve {
    /// Writes the curve as a JSON array with one object a candle, `{"time":"2023-01-01T00:01:00Z","equity":10000.25}`,
    /// times being closes and amounts exact. Text comes in pieces of about 64 kB, so that a year of minutes needs no
    /// more memory than one piece. O(n).
    ///
    /// - Parameter label: what the curve was made from; with it the array is the member `curve` of an object, behind the
    ///   label as its member `run`.
    /// - Throws: what `sink` throws.
    public func writeJSON<Failure: Error>(
        label: RunLabel? = nil, to sink: (String) throws(Failure) -> Void
    ) throws(Failure) {
        var piece = label.map { "{\"run\":\($0.json),\"curve\":[" } ?? "["
        try forEach(in: 0..<count) { index, units throws(Failure) in
            if index > 0 { piece += "," }
            piece += "\n{\"time\":\""
            piece += time(index).description
            piece += "\",\"equity\":"
            piece += Money(units: units, currency).decimalText
            piece += "}"
            if piece.utf8.count >= 65_536 {
                try sink(piece)
                piece.removeAll(keepingCapacity: true)
            }
        }
        piece += label == nil ? "\n]\n" : "\n]}\n"
        try sink(piece)
    }

    /// The whole curve as one JSON text; see `writeJSON`.
    public var json: String {
        var text = ""
        writeJSON { text += $0 }
        return text
    }
}
