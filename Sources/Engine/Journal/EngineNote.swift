import Bytes
import Market
import Storage
import Trading

/// What the engine itself did that the store keeps: nothing of it follows from the market or from a command.
enum EngineNote {
    /// An alert of the engine's own.
    case alert(Alert)
    /// Alerts that a person has seen to, by their numbers.
    case acknowledge([Int64], origin: String)
    /// An alert that a person put aside.
    case shelve(Int64, until: Timestamp, origin: String)
    /// Who did what, to what.
    case audit(action: String, subject: String, detail: String, origin: String, at: Timestamp)
    /// A kept value.
    case value(String?, key: String, at: Timestamp)

    /// The row of the store that the note is.
    ///
    /// - Parameter number: the store's number of an alert that the engine numbered.
    func row(number: (Int64) -> Int64) -> ProjectedRow {
        switch self {
        case .alert(let alert): return .alert(alert)
        case .acknowledge(let numbers, let origin): return .acknowledge(numbers.map(number), by: origin)
        case .shelve(let alert, let until, let origin): return .shelve(number(alert), until: until, by: origin)
        case .audit(let action, let subject, let detail, let origin, let time):
            return .audit(action: action, subject: subject, detail: detail, by: origin, at: time)
        case .value(let value, let key, let time): return .value(value, key: key, at: time)
        }
    }
}

extension EngineNote: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .alert(let alert):
            writer.byte(1)
            writer.value(alert)
        case .acknowledge(let numbers, let origin):
            writer.byte(2)
            writer.array(numbers)
            writer.text(origin)
        case .shelve(let number, let until, let origin):
            writer.byte(3)
            writer.signed(number)
            writer.value(until)
            writer.text(origin)
        case .audit(let action, let subject, let detail, let origin, let time):
            writer.byte(4)
            for text in [action, subject, detail, origin] { writer.text(text) }
            writer.value(time)
        case .value(let value, let key, let time):
            writer.byte(5)
            writer.optional(value)
            writer.text(key)
            writer.value(time)
        }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 1: self = .alert(try reader.value())
        case 2: self = .acknowledge(try reader.array(), origin: try reader.text())
        case 3: self = .shelve(try reader.signed(), until: try reader.value(), origin: try reader.text())
        case 4:
            self = .audit(
                action: try reader.text(), subject: try reader.text(), detail: try reader.text(),
                origin: try reader.text(), at: try reader.value())
        case 5: self = .value(try reader.optional(), key: try reader.text(), at: try reader.value())
        case let kind: throw MalformedBytes("\(kind) is no kind of note", at: reader.offset)
        }
    }
}
