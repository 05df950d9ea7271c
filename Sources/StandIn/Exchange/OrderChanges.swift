import Market

/// Cancels, replacements and amendments.
extension Exchange {
    /// The order that a request names by one of its ids, or by both; `nil` when there is none in the symbol.
    func named(
        _ parameters: Parameters, _ account: Account, id idName: String = "orderId",
        client clientName: String = "origClientOrderId"
    ) throws(APIError) -> Order? {
        let index = try self.index(parameters)
        let id = try parameters.integer(idName)
        let client = try parameters.text(clientName)
        guard id != nil || client != nil else { throw .either(clientName, idName) }
        let found: Order?
        if let id { found = account.order(id) } else { found = account.order(client: client ?? "", market: index) }
        guard let found, found.market == index else { return nil }
        if let client, found.clientID != client {
            throw APIError(-2039, "Client order ID is not correct for this order ID.")
        }
        return found
    }

    /// The open order that a cancel names.
    func cancellable(
        _ parameters: Parameters, _ account: Account, id idName: String = "orderId",
        client clientName: String = "origClientOrderId"
    ) throws(APIError) -> Order {
        let order = try named(parameters, account, id: idName, client: clientName)
        guard let order, order.status.isOpen else { throw .unknownCancel }
        if let restriction = try parameters.text("cancelRestrictions") {
            let wanted: OrderStatus
            switch restriction {
            case "ONLY_NEW": wanted = .new
            case "ONLY_PARTIALLY_FILLED": wanted = .partiallyFilled
            default:
                throw APIError(
                    -1145, "cancelRestrictions has to be either ONLY_NEW or ONLY_PARTIALLY_FILLED.")
            }
            guard order.status == wanted else {
                throw APIError(-2011, "Order was not canceled due to cancel restrictions.")
            }
        }
        return order
    }

    /// Cancels an order; a list it belongs to goes with it.
    ///
    /// - Returns: the answer: of the order, or of its list.
    func cancel(_ order: Order, cancelID: String) -> JSONValue {
        let list = lists[order.listID]
        let open = list?.orders.filter(\.status.isOpen) ?? [order]
        end(order, .canceled, reason: nil, cancelID: cancelID)
        for other in list?.orders ?? [] where other.status.isOpen {
            end(other, .canceled, reason: nil, cancelID: cancelID)
        }
        settle(order.market)
        guard let list else { return cancelled(order, cancelID: cancelID) }
        return listed(list, reports: open.map { cancelled($0, cancelID: cancelID) })
    }

    /// `openOrders` by DELETE: everything of a symbol, lists as lists.
    func cancelAll(_ index: Int, _ account: Account, cancelID: String) throws(APIError) -> JSONValue {
        let open = open(account, index)
        guard !open.isEmpty else { throw .unknownCancel }
        var answers: [JSONValue] = []
        for order in open where order.status.isOpen { answers.append(cancel(order, cancelID: cancelID)) }
        return .array(answers)
    }

    /// `order/cancelReplace`: a cancel and a new order; what fails of them is told in full.
    ///
    /// - Parameter refusal: why no new order may come any more, when the account has had too many of them. The old one is
    ///   cancelled all the same if the request says so.
    func cancelReplace(
        _ parameters: Parameters, _ account: Account, refusal: APIError? = nil
    ) throws(APIError) -> JSONValue {
        let index = try self.index(parameters)
        let mode = try parameters.required("cancelReplaceMode")
        guard mode == "STOP_ON_FAILURE" || mode == "ALLOW_FAILURE" else { throw .invalid("cancelReplaceMode") }
        let limitMode = try parameters.text("orderRateLimitExceededMode") ?? "DO_NOTHING"
        guard limitMode == "DO_NOTHING" || limitMode == "CANCEL_ONLY" else {
            throw .invalid("orderRateLimitExceededMode")
        }
        if let refusal, limitMode == "DO_NOTHING" { throw refusal }
        let terms = try OrderReading(parameters: parameters).terms()
        // Rules are looked at before anything is cancelled, in both modes.
        try checkFilters(terms, index, account)
        let given = try OrderReading.clientID(parameters, "cancelNewClientOrderId")
        let cancelID = given.isEmpty ? names.name(22) : given
        var cancelResponse = JSONValue.null
        var hasCancelled = false
        do throws(APIError) {
            let old = try cancellable(parameters, account, id: "cancelOrderId", client: "cancelOrigClientOrderId")
            cancelResponse = cancel(old, cancelID: cancelID)
            hasCancelled = true
        } catch {
            if error.code == -1102 { throw error }
            cancelResponse = error.json
        }
        var newResponse = JSONValue.null
        var hasPlaced = false
        let isAttempted = hasCancelled || mode == "ALLOW_FAILURE"
        if isAttempted, let refusal {
            newResponse = APIError(refusal.code, refusal.message).json
        } else if isAttempted {
            do throws(APIError) {
                newResponse = try placeChecked(terms, index, account)
                hasPlaced = true
            } catch {
                newResponse = error.json
                if hasCancelled { reportRefusal(of: terms, index, account, error) }
            }
        }
        let result = JSONValue.object {
            $0.add("cancelResult", hasCancelled ? "SUCCESS" : "FAILURE")
            $0.add("newOrderResult", hasPlaced ? "SUCCESS" : isAttempted ? "FAILURE" : "NOT_ATTEMPTED")
            $0.add("cancelResponse", cancelResponse)
            $0.add("newOrderResponse", newResponse)
        }
        if hasCancelled && hasPlaced { return result }
        var error =
            hasCancelled || hasPlaced
            ? APIError(-2021, "Order cancel-replace partially failed.", status: 409)
            : APIError(-2022, "Order cancel-replace failed.")
        if refusal != nil, !isAttempted { error.status = 429 }
        error.data = result
        throw error
    }

    /// Tells an account that nothing has taken the place of the order it cancelled. Only what came as far as the market is
    /// refused there, and only here: who asks for a single order gets the refusal as the answer.
    private func reportRefusal(of terms: OrderTerms, _ index: Int, _ account: Account, _ error: APIError) {
        guard error.code == -2010 else { return }
        var terms = terms
        if terms.clientID.isEmpty { terms.clientID = names.name(22) }
        let order = Order(id: nextOrderID, account: account.id, market: index, terms: terms, time: serverTime)
        nextOrderID += 1
        order.status = .rejected
        report(order, "REJECTED", refusal: error.reason)
    }

    /// Places an order that its account can pay for, and answers as its response type says.
    func placeChecked(_ terms: OrderTerms, _ index: Int, _ account: Account) throws(APIError) -> JSONValue {
        let order = try admit(terms, index, account)
        try checkBalance(order)
        enter(order)
        settle(index)
        return placed(order, terms.responseType)
    }
}
