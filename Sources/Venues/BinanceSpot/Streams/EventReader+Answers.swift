/// Answers to requests.
extension EventReader {
    /// The answer; `nil` when the message is none.
    func answer() throws(StreamDamage) -> StreamAnswer? {
        if let offset = fields.offset(of: .error) {
            var refusal = EventFields()
            var cursor = JSONCursor(bytes, at: offset)
            try cursor.object { (cursor, key) throws(StreamDamage) in
                cursor.skipBlanks()
                guard refusal.note(key, at: cursor.index), cursor.skipValue() else {
                    throw cursor.damage(.field, "an error's fields were expected once each")
                }
            }
            return StreamAnswer(id: try requestID(), outcome: try EventReader(bytes, refusal).refusal())
        }
        if fields.offset(of: .code) != nil { return StreamAnswer(id: try requestID(), outcome: try refusal()) }
        guard let offset = fields.offset(of: .result), fields.offset(of: .id) != nil else { return nil }
        return StreamAnswer(id: try requestID(), outcome: try outcome(at: offset))
    }

    private func requestID() throws(StreamDamage) -> StreamAnswer.RequestID {
        guard let offset = fields.offset(of: .id) else { return .none }
        var cursor = JSONCursor(bytes, at: offset)
        if cursor.sees(0x22) {
            guard let text = cursor.text() else { throw cursor.damage(.field, "a request's identifier was expected") }
            return .text(text)
        }
        if cursor.sees(0x6E) { return .none }
        guard let number = cursor.integer() else { throw cursor.damage(.field, "a request's identifier was expected") }
        return .number(number)
    }

    private func refusal() throws(StreamDamage) -> StreamAnswer.Outcome {
        var code: Int64?
        if let offset = fields.offset(of: .code) {
            var cursor = JSONCursor(bytes, at: offset)
            code = cursor.integer()
            guard code != nil else { throw cursor.damage(.field, "an error's number was expected") }
        }
        guard let offset = fields.offset(of: .message) else { return .refused(code: code, message: "") }
        var cursor = JSONCursor(bytes, at: offset)
        guard let message = cursor.text() else { throw cursor.damage(.field, "an error's message was expected") }
        return .refused(code: code, message: message)
    }

    /// The most streams that a connection can have.
    private static let mostStreams = 1_024

    private func outcome(at offset: Int) throws(StreamDamage) -> StreamAnswer.Outcome {
        var cursor = JSONCursor(bytes, at: offset)
        if cursor.sees(0x6E) { return .done }
        guard cursor.sees(0x5B) else {
            guard cursor.skipValue() else { throw cursor.damage(.notJSON, "a value was expected") }
            let value = bytes[offset..<min(cursor.index, offset + 256)]
            return .value(String(decoding: value, as: UTF8.self))
        }
        var streams: [String] = []
        try cursor.list { (cursor) throws(StreamDamage) in
            guard streams.count < EventReader.mostStreams, let name = cursor.text() else {
                throw cursor.damage(.field, "at most \(EventReader.mostStreams) names of streams were expected")
            }
            streams.append(name)
        }
        return .streams(streams)
    }
}
