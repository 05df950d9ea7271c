/// Turns the bytes a terminal sends into events.
///
/// Knows UTF-8, the escape sequences of xterm, VT, rxvt and the Linux console, Alt as an escape prefix, bracketed
/// paste, focus and SGR mouse reports. Sequences it does not know are swallowed whole and never become keys. A control
/// character always gets through, even in the middle of a sequence that was cut short: the emergency key among them.
public struct InputDecoder: Sendable {
    private enum State {
        case ground
        case character
        case escape
        case control
        case consoleFunction
        case single
        case string
        case stringEscape
        case oldMouse
        case paste
    }

    /// How long to wait for more bytes before calling ``giveUp()``.
    public enum Pending: Sendable, Hashable {
        /// A sequence has begun, or Escape was pressed: the escape delay tells which.
        case sequence
        /// A paste has not ended.
        case paste
    }

    private var state = State.ground
    private var sequence: [UInt8] = []
    private var pasted: [UInt8] = []
    private var introducer: UInt8 = 0
    private var escapes = 0
    private var events: [InputEvent] = []

    /// Bytes of a sequence or string after which it is dropped.
    private static let longestSequence = 4096

    /// Makes a decoder that has seen nothing.
    public init() {}

    /// What is not finished; nil when the next byte begins something new.
    public var pending: Pending? {
        switch state {
        case .ground: nil
        case .paste: .paste
        default: .sequence
        }
    }

    /// Takes bytes and gives the events they complete.
    public mutating func decode(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
        for byte in bytes { take(byte) }
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    /// Finishes what is pending, because nothing more came in time: a lone Escape becomes a key, a paste without an
    /// end is delivered, half a sequence is forgotten.
    public mutating func giveUp() -> [InputEvent] {
        switch state {
        case .ground, .character, .stringEscape, .oldMouse, .consoleFunction: break
        case .escape:
            for _ in 0..<escapes { emit(.escape) }
        case .control:
            if sequence.isEmpty {
                emit(.character("["), .alt)
            } else if sequence.last == 0x24 {
                finishControl(0x24)  // rxvt ends shifted keys with a dollar sign
            }
        case .single: emit(.character("O"), .alt)
        case .string:
            if sequence.isEmpty { emit(.character(Unicode.Scalar(introducer)), .alt) }
        case .paste: finishPaste()
        }
        reset()
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    private mutating func reset() {
        state = .ground
        sequence.removeAll(keepingCapacity: true)
        escapes = 0
    }

    private mutating func emit(_ key: Key, _ modifiers: KeyModifiers = []) {
        events.append(.key(Chord(key, modifiers)))
    }

    private mutating func take(_ byte: UInt8) {
        switch state {
        case .ground: takeGround(byte)
        case .character: takeCharacter(byte)
        case .escape: takeEscape(byte)
        case .control: takeControl(byte)
        case .consoleFunction:
            if (0x41...0x45).contains(byte) { emit(.function(Int(byte) - 0x40)) }
            reset()
        case .single: takeSingle(byte)
        case .string, .stringEscape: takeString(byte)
        case .oldMouse:
            sequence.append(byte)
            if sequence.count == 3 { reset() }
        case .paste: takePaste(byte)
        }
    }

    // MARK: Characters

    private mutating func takeGround(_ byte: UInt8) {
        switch byte {
        case 0x1B:
            state = .escape
            escapes = 1
        case 0x00: emit(.character(" "), .control)
        case 0x08, 0x7F: emit(.backspace)
        case 0x09: emit(.tab)
        case 0x0D: emit(.enter)
        case 0x01...0x1A: emit(.character(Unicode.Scalar(byte + 0x60)), .control)
        case 0x1C...0x1F: emit(.character(Unicode.Scalar(byte + 0x40)), .control)
        case 0x20...0x7E: emit(.character(Unicode.Scalar(byte)))
        case 0xC2...0xF4:
            sequence = [byte]
            state = .character
        default: break  // not UTF-8
        }
    }

    private mutating func takeCharacter(_ byte: UInt8) {
        guard byte & 0xC0 == 0x80 else {
            let isAlt = escapes > 0
            reset()
            if isAlt { emit(.escape) }
            takeGround(byte)
            return
        }
        sequence.append(byte)
        let needed = sequence[0] < 0xE0 ? 2 : sequence[0] < 0xF0 ? 3 : 4
        guard sequence.count == needed else { return }
        let text = String(decoding: sequence, as: UTF8.self).unicodeScalars
        if text.count == 1, let scalar = text.first, scalar != "\u{FFFD}" || sequence == [0xEF, 0xBF, 0xBD],
            scalar.value >= 0xA0
        {
            emit(.character(scalar), escapes > 0 ? .alt : [])
        }
        reset()
    }

    // MARK: Sequences

    private mutating func takeEscape(_ byte: UInt8) {
        switch byte {
        case 0x1B:
            if escapes == 2 { emit(.escape) } else { escapes += 1 }
            return
        case 0x5B: (state, introducer) = (.control, byte)
        case 0x4F: (state, introducer) = (.single, byte)
        case 0x50, 0x58, 0x5D, 0x5E, 0x5F: (state, introducer) = (.string, byte)
        default:
            if escapes == 2 { emit(.escape) }
            switch byte {
            case 0x0D: emit(.enter, .alt)
            case 0x09: emit(.tab, .alt)
            case 0x08, 0x7F: emit(.backspace, .alt)
            case 0x20...0x7E: emit(.character(Unicode.Scalar(byte)), .alt)
            case 0xC2...0xF4:
                sequence = [byte]
                state = .character
                escapes = 1
                return
            default:
                emit(.escape)
                reset()
                takeGround(byte)
                return
            }
            reset()
        }
    }

    private mutating func takeControl(_ byte: UInt8) {
        switch byte {
        case 0x20...0x3F:
            if sequence.count < InputDecoder.longestSequence { sequence.append(byte) }
        case 0x5B where sequence.isEmpty: state = .consoleFunction
        case 0x40...0x7E: finishControl(byte)
        default:
            reset()
            takeGround(byte)
        }
    }

    private mutating func finishControl(_ final: UInt8) {
        let parameters = sequence
        let isAlt = escapes == 2
        reset()
        if final == 0x4D, parameters.isEmpty {
            state = .oldMouse
            return
        }
        if final == 0x7E, parameters == Array("200".utf8) {
            pasted.removeAll()
            state = .paste
            return
        }
        guard let event = ControlSequence(parameters, final: final, isAlt: isAlt).event else { return }
        events.append(event)
    }

    private mutating func takeSingle(_ byte: UInt8) {
        if byte < 0x20 || byte > 0x7E {
            reset()
            takeGround(byte)
            return
        }
        if byte < 0x40 {  // keypad modifiers of old terminals; the key follows
            sequence.append(byte)
            if sequence.count > 8 { reset() }
            return
        }
        let isAlt = escapes == 2
        reset()
        if let chord = ControlSequence.singleShift(byte, isAlt: isAlt) { events.append(.key(chord)) }
    }

    private mutating func takeString(_ byte: UInt8) {
        if state == .stringEscape {
            let isEnd = byte == 0x5C
            reset()
            if isEnd { return }
            state = .escape
            escapes = 1
            takeEscape(byte)
            return
        }
        switch byte {
        case 0x1B: state = .stringEscape
        case 0x07: reset()
        case 0x00..<0x20:
            reset()
            takeGround(byte)
        default:
            sequence.append(byte)
            if sequence.count > InputDecoder.longestSequence { reset() }
        }
    }

    // MARK: Paste

    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    private mutating func takePaste(_ byte: UInt8) {
        pasted.append(byte)
        guard byte == 0x7E, pasted.suffix(InputDecoder.pasteEnd.count).elementsEqual(InputDecoder.pasteEnd) else {
            return
        }
        pasted.removeLast(InputDecoder.pasteEnd.count)
        finishPaste()
        reset()
    }

    private mutating func finishPaste() {
        events.append(.paste(String(decoding: pasted, as: UTF8.self)))
        pasted = []
    }
}
