import Market
import Terminal

/// Keeps keys that were not meant from answering a question: those typed before it was seen, a key held down, a paste
/// that arrives as separate keys, and what was typed while the window came to the front.
struct KeyGuard: Sendable, Hashable {
    /// How long a fresh dialog ignores keys.
    static let dialogNanoseconds: Int64 = 250_000_000
    /// How long questions ignore keys after the window got the focus.
    static let focusNanoseconds: Int64 = 150_000_000
    /// More characters than this within `burstNanoseconds` are a paste.
    static let burstLimit = 6
    /// See `burstLimit`.
    static let burstNanoseconds: Int64 = 50_000_000

    /// Keys are ignored until then.
    private var closedUntil = Timestamp.epoch
    /// The key that opened the dialog: ignored while it repeats.
    private var opener: Chord?
    /// Until when the opener counts as a repetition.
    private var openerUntil = Timestamp.epoch
    /// When the last characters were pressed outside of a field.
    private var presses: [Timestamp] = []
    /// Whether a burst is going on.
    private var isBurst = false

    /// A dialog opened, by this key if by any.
    mutating func dialogOpened(by chord: Chord?, _ now: Timestamp) {
        closedUntil = now.adding(nanoseconds: KeyGuard.dialogNanoseconds)
        opener = chord
        openerUntil = now.adding(nanoseconds: KeyGuard.dialogNanoseconds)
    }

    /// The window got the focus.
    mutating func focusGained(_ now: Timestamp) {
        closedUntil = max(closedUntil, now.adding(nanoseconds: KeyGuard.focusNanoseconds))
    }

    /// Whether a dialog may take this key.
    mutating func admits(_ chord: Chord, _ now: Timestamp) -> Bool {
        if chord == opener {
            if now < openerUntil {
                openerUntil = now.adding(nanoseconds: KeyGuard.dialogNanoseconds)
                return false
            }
        } else if now >= closedUntil {
            opener = nil
        }
        return now >= closedUntil
    }

    /// Whether a command key is one of a paste.
    mutating func isPaste(_ chord: Chord, _ now: Timestamp) -> Bool {
        guard chord.text != nil else { return false }
        let window = now.adding(nanoseconds: -KeyGuard.burstNanoseconds)
        presses.removeAll { $0 < window }
        presses.append(now)
        if presses.count > KeyGuard.burstLimit { isBurst = true }
        if presses.count == 1 { isBurst = false }
        return isBurst
    }
}
