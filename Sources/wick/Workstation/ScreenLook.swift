import Engine
import Settings
import Storage
import Workstation

/// The settings of a screen on a data directory.
enum ScreenLook {
    /// What configuration, command line and the last screen say together.
    static func settings(
        _ settings: WickSettings, _ directory: DataDirectory, _ share: ShareOptions
    ) -> WorkstationSettings {
        var screen = WorkstationSettings()
        // The store remembers the look; a screen without it is as good.
        if let store = try? Store(directory: directory) {
            let kept = KeptPreferences(store: store)
            screen.preferences = kept.preferences
            screen.save = { kept.save($0) }
        }
        if let theme = settings.screen.theme { screen.preferences.theme = theme }
        if let layout = settings.screen.layout { screen.preferences.layout = layout }
        screen.themeDirectories = share.themeLibrary.directories
        screen.colorDepth = settings.screen.depth
        screen.isASCII = settings.screen.isASCII
        screen.graph = settings.screen.glyphs
        screen.framesPerSecond = settings.screen.framesPerSecond
        screen.keys = settings.keys
        screen.logPath = directory.file("output.log")
        return screen
    }
}
