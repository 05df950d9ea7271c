import Engine
import Indicators
import Market

/// Asks for a date and brings it to the middle of the chart.
struct GoToDateForm: FormModel {
    /// The date the field begins with.
    let start: Timestamp

    var title: String { "Go to date" }
    var submitLabel: String { "Go" }

    var fields: [FormField] {
        [
            FormField(
                "date", "Date (UTC)", .text, value: start.date,
                help: "2024-03-24, 2024-03-24 14:30, or 14:30 of the day shown")
        ]
    }

    func review(_ values: FormValues, _ snapshot: Snapshot) -> FormReview {
        guard time(values["date"]) != nil else {
            return FormReview(problems: [("date", "expected 2024-03-24, 2024-03-24 14:30 or 14:30")])
        }
        return FormReview()
    }

    func submit(_ values: FormValues, _ snapshot: Snapshot) -> [Consequence] {
        guard let time = time(values["date"]) else { return [] }
        return [.action(Action("chart.go \(time)"))]
    }

    /// The instant that a text means: a date, a date and time, or a time of the day shown.
    func time(_ text: String) -> Timestamp? {
        if let time = Timestamp(iso8601: text) { return time }
        return Timestamp(iso8601: "\(start.date)T\(text.count == 4 ? "0" : "")\(text)")
    }
}

/// Chooses an indicator and its parameters; one that is there already is removed.
struct IndicatorForm: FormModel {
    /// The indicators chosen so far.
    let chosen: [ChartState.ChosenIndicator]

    private static let removeAll = "remove all"

    var title: String { "Indicator" }
    var submitLabel: String { "Draw" }

    var fields: [FormField] {
        let names = IndicatorCatalog.all.map(\.identifier) + (chosen.isEmpty ? [] : [Self.removeAll])
        let present = chosen.compactMap { $0.configured?.label }.joined(separator: ", ")
        var fields = [
            FormField(
                "indicator", "Indicator", .choice(names), value: names[0],
                help: present.isEmpty ? "← and → choose" : "Drawn now: \(present). The same again removes it")
        ]
        for descriptor in IndicatorCatalog.all {
            for parameter in descriptor.parameters {
                fields.append(
                    FormField(
                        "\(descriptor.identifier) \(parameter.name)", parameter.name, .number,
                        value: Self.text(parameter.defaultValue), help: parameter.meaning))
            }
        }
        return fields
    }

    func review(_ values: FormValues, _ snapshot: Snapshot) -> FormReview {
        let identifier = values["indicator"]
        var review = FormReview()
        review.hidden = Set(fields.map(\.name).filter { $0 != "indicator" && !$0.hasPrefix(identifier + " ") })
        guard let descriptor = IndicatorCatalog.descriptor(identifier) else { return review }
        review.preview = [.init("", descriptor.name)]
        var named: [String: Double] = [:]
        for parameter in descriptor.parameters {
            let field = "\(identifier) \(parameter.name)"
            guard let value = Double(values[field]), value.isFinite else {
                review.problems.append((field, "'\(values[field])' is not a number"))
                continue
            }
            named[parameter.name] = value
        }
        guard review.problems.isEmpty else { return review }
        do {
            _ = try descriptor.configured(named)
        } catch {
            for problem in error.problems {
                let parameter = problem.split(separator: ":").first.map(String.init) ?? ""
                review.problems.append(("\(identifier) \(parameter)", problem))
            }
        }
        return review
    }

    func submit(_ values: FormValues, _ snapshot: Snapshot) -> [Consequence] {
        let identifier = values["indicator"]
        guard let descriptor = IndicatorCatalog.descriptor(identifier) else {
            return [.action(Action("chart.remove-indicators"))]
        }
        let numbers = descriptor.parameters.map { values["\(identifier) \($0.name)"] }
        return [.action(Action((["chart.add-indicator", identifier] + numbers).joined(separator: " ")))]
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() ? String(Int64(value)) : String(value)
    }
}
