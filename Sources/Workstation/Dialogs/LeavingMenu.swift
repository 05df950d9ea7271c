import Engine
import Terminal
import Trading

extension MenuLayer {
    /// Asks what leaving means. What changes nothing for the trades is the first choice.
    static func leaving(_ snapshot: Snapshot, _ view: ViewState) -> MenuLayer {
        let detach = { text in Choice(key: "d", text: text, consequences: [.exit(.detach)]) }
        let stop = Choice(key: "Q", text: "Stop the engine and quit", consequences: [.exit(.quit)])
        let stay = { text in Choice(key: "c", text: text, consequences: []) }
        switch view.departure {
        case .endsEngine(let why):
            let sentence = why.isEmpty ? "The engine runs in this process and ends with it" : "\(why) It ends with it"
            return MenuLayer(
                title: "Quit", text: "\(sentence): \(facts(snapshot)). What is stored stays for the next start.",
                choices: [stay("Cancel, keep trading"), stop], isQuestion: true)
        case .detaches:
            return MenuLayer(
                title: "Leave",
                text: "Detached, the engine goes on without a screen: \(facts(snapshot)). "
                    + "'wick attach' brings the screen back.",
                choices: [detach("Detach: the engine goes on"), stop, stay("Cancel")], isQuestion: true)
        case .leaves(let engine):
            if view.link.lostSeconds != nil {
                return MenuLayer(
                    title: "Leave", text: "The engine is not heard; it is looked for once a second.",
                    choices: [detach("Leave the screen"), stay("Cancel, keep looking")], isQuestion: true)
            }
            let text =
                "Engine \(engine) goes on without this screen: \(facts(snapshot)). "
                + "'wick attach' brings one back."
            var choices = [detach("Leave the screen"), stay("Cancel")]
            if view.link.role == .control { choices.insert(stop, at: 1) }
            return MenuLayer(title: "Leave", text: text, choices: choices, isQuestion: true)
        }
    }

    private static func facts(_ snapshot: Snapshot) -> String {
        let working = snapshot.orders.filter { !$0.order.state.isClosed }.count
        let enabled = snapshot.strategies.filter { $0.registration.status == .enabled }.count
        return "\(Words.count(enabled, "strategy", "strategies")) on, "
            + "\(Words.count(snapshot.positions.count, "open position")), \(Words.count(working, "working order"))"
    }
}
