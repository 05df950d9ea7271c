import FoundationEssentials
import Market
import Storage
import Trading

/// How trials stand in the store, and back.
enum TrialText {
    /// A trial as the store keeps it.
    static func record(_ trial: Trial, _ plan: StudyPlan, at now: Timestamp) -> TrialRecord {
        let members = plan.configuration.parameters.descriptors.map { descriptor in
            (descriptor.name, value(descriptor, trial, plan) as Double?)
        }
        let figures = trial.figures.isEmpty ? [] : Array(zip(FigureNames.all, trial.figures))
        return TrialRecord(
            stage: trial.stage, number: trial.number, state: trial.state, time: now, parameters: object(members),
            objective: trial.objective, violation: trial.violation,
            looks: "[" + trial.looks.map(number).joined(separator: ",") + "]", metrics: object(figures))
    }

    /// The trial of a record; `nil` when it is not of the plan's parameters.
    static func trial(_ record: TrialRecord, _ plan: StudyPlan) -> Trial? {
        guard let parameters = decoded([String: Double].self, record.parameters),
            let looks = decoded([Double?].self, record.looks),
            let figures = decoded([String: Double?].self, record.metrics)
        else { return nil }
        var point: [Double] = []
        for dimension in plan.space.dimensions {
            guard let value = parameters[dimension.name] else { return nil }
            point.append(value)
        }
        return Trial(
            stage: record.stage, number: record.number, point: point, state: record.state,
            objective: record.objective, violation: record.violation, looks: looks,
            figures: figures.isEmpty ? [] : FigureNames.all.map { figures[$0] ?? nil })
    }

    /// The value of a parameter in a trial, varied or not.
    private static func value(_ descriptor: ParameterDescriptor, _ trial: Trial, _ plan: StudyPlan) -> Double {
        if let place = plan.space.dimensions.firstIndex(where: { $0.name == descriptor.name }) {
            return trial.point[place]
        }
        let written = plan.fixed.last { $0.name == descriptor.name }
        return written.flatMap { try? descriptor.value(of: $0.text) } ?? descriptor.defaultValue
    }

    private static func object(_ members: [(String, Double?)]) -> String {
        "{" + members.map { "\"\($0.0)\":\(number($0.1))" }.joined(separator: ",") + "}"
    }

    private static func number(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "null" }
        return Int64(exactly: value).map(String.init) ?? value.description
    }

    private static func decoded<Value: Decodable>(_ type: Value.Type, _ text: String) -> Value? {
        try? JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
