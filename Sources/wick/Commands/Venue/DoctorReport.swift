import Doctor

/// What the doctor found, as it is printed.
struct DoctorReport {
    private let plan: DoctorPlan
    private let diagnosis: Diagnosis

    init(_ plan: DoctorPlan, _ diagnosis: Diagnosis) {
        self.plan = plan
        self.diagnosis = diagnosis
    }

    /// What `--json` prints.
    private struct Row {
        var venue = "binance"
        var server: String
        var streams: String
        var environment: String?
        var key: String?
        var healthy: Bool
        var reachable: Bool
        var interrupted: Bool
        var checks: [CheckRow]
        var remaining: [RemainingRow]
    }

    private struct CheckRow {
        var check: String
        var status: String
        var found: String
        var advice: String?
    }

    private struct RemainingRow {
        var symbol: String
        var clientOrder: String
        var known: String
    }

    func print(asJSON isJSON: Bool) {
        if isJSON { return JSON.print(row) }
        var table = Table(.text("check"), .text("status"), .text("found"), .text("what to do"))
        for finding in diagnosis.findings {
            table.add(finding.check, finding.status.rawValue, finding.found, finding.advice)
        }
        guard let width = Paragraph.width else { return table.print(whenEmpty: "nothing was examined") }
        printNarrow(width)
    }

    /// On a terminal long sentences are broken, and what to do stands below what was found.
    private func printNarrow(_ width: Int) {
        let findings = diagnosis.findings
        let checks = findings.map(\.check.count).max() ?? 0
        let statuses = Finding.Status.allCases.map(\.rawValue.count).max() ?? 0
        func padded(_ text: String, _ width: Int) -> String {
            text + String(repeating: " ", count: max(0, width - text.count) + 2)
        }
        for finding in findings {
            let head = padded(Table.plain(finding.check), checks) + padded(finding.status.rawValue, statuses)
            Paragraph.print(head, finding.found)
            if !finding.advice.isEmpty {
                Paragraph.print(String(repeating: " ", count: head.count), "→ " + finding.advice)
            }
        }
    }

    private var row: Row {
        Row(
            server: plan.server, streams: plan.streams, environment: plan.access?.environment.keys.rawValue,
            key: plan.access?.name, healthy: diagnosis.isReachable && !diagnosis.hasFailed,
            reachable: diagnosis.isReachable, interrupted: diagnosis.isInterrupted,
            checks: diagnosis.findings.map { finding in
                CheckRow(
                    check: finding.check, status: finding.status.rawValue, found: finding.found,
                    advice: finding.advice.isEmpty ? nil : finding.advice)
            },
            remaining: diagnosis.remaining.map {
                RemainingRow(symbol: $0.symbol, clientOrder: $0.clientOrderID, known: $0.words)
            })
    }
}
