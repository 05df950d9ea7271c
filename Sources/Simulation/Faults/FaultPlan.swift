/// How a venue misbehaves: each rate is a share of the requests or reports it applies to, in thousandths.
///
/// All of it is drawn from the seed, so that a session that went wrong can be run again.
public struct FaultPlan: Sendable, Hashable {
    /// What the draws begin with.
    public var seed: UInt64
    /// Requests that never arrive.
    public var lostRequests: UInt64
    /// Requests that arrive and are carried out, with nothing of it told: accept, then lose the answer.
    public var lostAnswers: UInt64
    /// Of the lost ones, those that are told to be unanswered; the rest is silence.
    public var toldUnanswered: UInt64
    /// Requests that arrive late, behind younger ones.
    public var lateRequests: UInt64
    /// Orders, cancels and amendments that are refused for no reason of theirs.
    public var refusals: UInt64
    /// Questions answered with "not found" about an order that the venue knows.
    public var falseAbsences: UInt64
    /// Reports that are told twice.
    public var duplicates: UInt64
    /// Reports that come late, so that younger ones overtake them: fills before the acceptance, cancels before fills.
    public var lateReports: UInt64
    /// Reports that never come, with nobody told: what only a comparison of both sides finds.
    public var lostReports: UInt64
    /// The longest delay of anything late, in seconds.
    public var longestDelaySeconds: UInt64
    /// How often, in thousandths of the seconds that pass, the venue falls silent: what it says is held back.
    public var silences: UInt64
    /// The longest silence, in seconds.
    public var longestSilenceSeconds: UInt64

    /// A plan without faults.
    public init(seed: UInt64 = 1) {
        self.seed = seed
        lostRequests = 0
        lostAnswers = 0
        toldUnanswered = 500
        lateRequests = 0
        refusals = 0
        falseAbsences = 0
        duplicates = 0
        lateReports = 0
        lostReports = 0
        longestDelaySeconds = 10
        silences = 0
        longestSilenceSeconds = 20
    }

    /// A venue on a bad day: everything but reports that never come, often.
    public static func badDay(seed: UInt64) -> FaultPlan {
        var plan = FaultPlan(seed: seed)
        plan.lostRequests = 80
        plan.lostAnswers = 120
        plan.lateRequests = 80
        plan.refusals = 40
        plan.falseAbsences = 200
        plan.duplicates = 150
        plan.lateReports = 250
        plan.silences = 4
        return plan
    }

    /// A venue that hears nothing and says nothing: every request gets lost, and nobody is told.
    public static func silent(seed: UInt64) -> FaultPlan {
        var plan = FaultPlan(seed: seed)
        plan.lostRequests = 1_000
        plan.toldUnanswered = 0
        plan.lostReports = 1_000
        return plan
    }

    /// A venue that refuses whatever it is asked, and fills what rests there.
    public static func refusing(seed: UInt64) -> FaultPlan {
        var plan = FaultPlan(seed: seed)
        plan.refusals = 1_000
        return plan
    }

    /// How a venue by this plan is, in a word or two: `silent`, `refusing`, `on a bad day`; `nil` without any fault.
    public var summary: String? {
        if isSound { return nil }
        if self == .silent(seed: seed) { return "silent" }
        if self == .refusing(seed: seed) { return "refusing" }
        return self == .badDay(seed: seed) ? "on a bad day" : "with faults"
    }

    /// Whether the plan has no fault, so that what it stands before goes straight through.
    public var isSound: Bool {
        lostRequests | lostAnswers | lateRequests | refusals | falseAbsences | duplicates | lateReports | lostReports
            | silences == 0
    }

    /// The same plan without any fault: a venue that has recovered.
    public var healed: FaultPlan { FaultPlan(seed: seed) }
}
