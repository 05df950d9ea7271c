public import Market

extension SymbolRules {
    /// Everything that the venue would refuse an order for, as far as it can be known before it is sent.
    ///
    /// - Parameters:
    ///   - order: the order.
    ///   - circumstances: what it is judged against besides the rules.
    /// - Returns: nothing when there is nothing to object to. O(open orders).
    public func violations(of order: NewSpotOrder, given circumstances: OrderCircumstances) -> [RuleViolation] {
        var judge = OrderJudge(self, order, circumstances)
        judge.judgeOffer()
        judge.judgeNumbers()
        judge.judgeBalance()
        judge.judgeCounts(adding: OrderCircumstances.OpenCounts(order) + circumstances.following)
        return judge.violations
    }

    /// Everything that the venue would refuse a list of orders for; each order of it is judged, and then their counts.
    public func violations(of list: NewSpotOrderList, given circumstances: OrderCircumstances) -> [RuleViolation] {
        var violations: [RuleViolation] = []
        var counts = OrderCircumstances.OpenCounts()
        let orders = list.orders
        for (place, order) in orders.enumerated() {
            var judge = OrderJudge(self, order, circumstances)
            judge.judgeOffer()
            judge.judgeNumbers()
            // What comes after an entry lives on what the entry brings; of a pair either has to be possible.
            if place == 0 || list.isPair { judge.judgeBalance() }
            for violation in judge.violations {
                let named = RuleViolation(
                    rule: violation.rule,
                    words: "\(order.terms.type.rawValue) \(order.clientOrderID): \(violation.words)")
                violations.append(named)
            }
            counts = counts + OrderCircumstances.OpenCounts(order)
        }
        counts.lists = 1
        if let first = orders.first {
            var judge = OrderJudge(self, first, circumstances)
            judge.judgeCounts(adding: counts)
            judge.judgeList(list)
            violations += judge.violations
        }
        return violations
    }

    /// Everything that the venue would refuse an amendment for.
    ///
    /// - Parameters:
    ///   - order: the order as it is.
    ///   - quantity: what it is to be made smaller to.
    ///   - amendments: how often it was amended before.
    public func violations(
        ofAmending order: SpotOrder, to quantity: Quantity, of instrument: Instrument, amendments: Int
    ) -> [RuleViolation] {
        var violations: [RuleViolation] = []
        func object(_ rule: String, _ words: String) { violations.append(RuleViolation(rule: rule, words: words)) }
        if !allowsAmending { object("amend", "\(symbol) takes no amendments; cancel and place anew") }
        if order.status.isFinal { object("amend", "the order works no more") }
        if let current = order.quantity, quantity >= current {
            object(
                "amend", "\(instrument.text(quantity)) is not less than \(instrument.text(current)); it can only shrink"
            )
        }
        if quantity <= order.executed {
            object("amend", "\(instrument.text(order.executed)) of it have filled already")
        }
        if let most = filters.amendments, amendments >= most {
            object("MAX_NUM_ORDER_AMENDS", "it was amended \(amendments) times, and \(most) is the most")
        }
        let grid = OrderJudge.gridProblem(
            OrderJudge.units(quantity, instrument), filters.lot, "the quantity \(instrument.text(quantity))")
        if let grid { object("LOT_SIZE", grid) }
        return violations
    }
}

extension OrderCircumstances.OpenCounts {
    /// What an order adds to the counts.
    init(_ order: NewSpotOrder) {
        orders = 1
        triggered = order.terms.type.isTriggered ? 1 : 0
        icebergs = order.icebergQuantity == nil ? 0 : 1
    }
}
