import CTerminal
import Glibc

extension Screen {
    /// The type to open ncurses with. When 24-bit colour is asked for and the type itself has none, the `-direct`
    /// relative of it that ncurses knows is used, if it is installed.
    static func usableType(_ type: String, _ options: ScreenOptions) throws(ScreenError) -> String {
        guard !type.isEmpty, type != "dumb", type != "unknown" else { throw .terminalTooSimple(type) }
        switch ct_can_draw(type) {
        case 1: break
        case 0: throw .unknownTerminalType(type)
        default: throw .terminalTooSimple(type)
        }
        guard options.colorDepth == .trueColor, !type.hasSuffix("-direct") else { return type }
        let family = type.split(separator: "-").first.map(String.init) ?? type
        let direct = "\(family)-direct"
        return ct_can_draw(direct) == 1 ? direct : type
    }

    static func depth(of facts: ct_terminal) -> ColorDepth {
        if facts.direct != 0 { return .trueColor }
        if facts.colors >= 256 { return .palette256 }
        return facts.colors >= 8 ? .ansi16 : .none
    }

    static func redirectOutput(_ path: String) throws(ScreenError) {
        let log = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw .cannotLog(path, reason: String(cString: strerror(errno))) }
        let error = ct_redirect_output(log)
        Glibc.close(log)
        guard error == 0 else { throw .cannotLog(path, reason: String(cString: strerror(error))) }
    }
}
