import Engine
import Market

/// A form: named fields, live review, one result. The form machinery draws it, moves between fields, edits and asks.
protocol FormModel: Sendable {
    /// The title in the frame.
    var title: String { get }
    /// The fields with their first values, in order.
    var fields: [FormField] { get }
    /// What the button that ends the form says: `Review order`, `Apply`, `Run`.
    var submitLabel: String { get }

    /// Looks the values over after each change: problems by field, and what would follow.
    func review(_ values: FormValues, _ snapshot: Snapshot) -> FormReview

    /// What follows when the form is sent; called only when the review found no problem.
    func submit(_ values: FormValues, _ snapshot: Snapshot) -> [Consequence]
}

/// One field of a form.
struct FormField: Sendable, Hashable {
    /// The stable name that values are found by.
    var name: String
    /// The label.
    var label: String
    /// What can be put in.
    var kind: Kind
    /// The value at first; for choices one of them, for switches `on` or `off`.
    var value: String
    /// A line of help, shown while the field has the focus.
    var help: String

    /// What a field takes.
    enum Kind: Sendable, Hashable {
        /// Any text of one line.
        case text
        /// A number; the keys `+` and `-` are not special, the review judges.
        case number
        /// One of these; Space, ← and → walk through them.
        case choice([String])
        /// `on` or `off`; Space changes it.
        case toggle
    }

    /// A field of its parts.
    init(_ name: String, _ label: String, _ kind: Kind, value: String = "", help: String = "") {
        self.name = name
        self.label = label
        self.kind = kind
        self.value = value
        self.help = help
    }
}

/// The values of a form, by field name.
struct FormValues: Sendable, Hashable {
    /// Name and text, in the order of the fields.
    var pairs: [(name: String, text: String)]

    /// The text of a field, blanks trimmed; empty when there is no such field.
    subscript(_ name: String) -> String {
        guard let text = pairs.first(where: { $0.name == name })?.text else { return "" }
        let trimmed = text.drop(while: { $0 == " " })
        guard let end = trimmed.lastIndex(where: { $0 != " " }) else { return "" }
        return String(trimmed[...end])
    }

    /// Whether a switch is on.
    func isOn(_ name: String) -> Bool { self[name] == "on" }

    static func == (a: FormValues, b: FormValues) -> Bool {
        a.pairs.elementsEqual(b.pairs) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) {
        for pair in pairs {
            hasher.combine(pair.name)
            hasher.combine(pair.text)
        }
    }
}

/// What a look over a form's values found.
struct FormReview: Sendable, Hashable {
    /// Problems by field name; the empty name is about the form as a whole.
    var problems: [(name: String, text: String)] = []
    /// What would follow, a labelled line each.
    var preview: [Confirmation.Fact] = []
    /// Names of fields that mean nothing with the present values (a limit price of a market order): not shown.
    var hidden: Set<String> = []

    /// Whether it may be sent.
    var isAcceptable: Bool { problems.isEmpty }

    static func == (a: FormReview, b: FormReview) -> Bool {
        a.preview == b.preview && a.hidden == b.hidden && a.problems.elementsEqual(b.problems) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(preview) }
}

/// Lines of detail about one thing, found again in every snapshot by its identity.
protocol DetailModel: Sendable {
    /// The title in the frame.
    func title(_ snapshot: Snapshot) -> String
    /// The lines now; they scroll when there are too many.
    func lines(_ snapshot: Snapshot) -> [DetailLine]
}

/// One line of detail.
enum DetailLine: Sendable, Hashable {
    /// A heading.
    case heading(String)
    /// A label and a value in aligned columns.
    case pair(String, String)
    /// A plain line.
    case text(String)
    /// A line that something is wrong with, or that passed: a check of the risk gate.
    case check(isPassed: Bool, String)
    /// Nothing.
    case blank
}
