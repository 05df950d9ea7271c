import Storage
import Workstation

/// What the screen remembers from one start to the next, kept in the store.
struct KeptPreferences: Sendable {
    let store: Store

    /// What was the same last time; the usual where nothing is known.
    var preferences: Preferences {
        var preferences = Preferences()
        func read(_ key: String, _ value: inout String) {
            if let kept = try? store.value(for: "screen.\(key)") { value = kept }
        }
        read("theme", &preferences.theme)
        read("layout", &preferences.layout)
        read("symbol", &preferences.symbol)
        read("timeframe", &preferences.timeframe)
        return preferences
    }

    /// Keeps what is to be the same next time. A store that is busy or full is no reason to trouble anybody here: the
    /// engine says so.
    func save(_ preferences: Preferences) {
        let values = [
            ("theme", preferences.theme), ("layout", preferences.layout), ("symbol", preferences.symbol),
            ("timeframe", preferences.timeframe),
        ]
        for (key, value) in values { try? store.setValue(value, for: "screen.\(key)", at: Environment.now) }
    }
}
