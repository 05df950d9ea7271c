public import Market
public import Network

extension SpotAccountClient {
    /// Places an order.
    ///
    /// - Parameter priority: what it is for: `open`, `reduce` or `protective`.
    /// - Returns: confirmed with the order as it is; it may have ended already (a market order that met nobody).
    public func place(
        _ order: NewSpotOrder, priority: RequestPriority = .open
    ) async -> RequestOutcome<SpotReceipt> {
        await counted(1, priority) {
            await act(.place(order), priority) { (response) throws(UnreadableAnswer) in
                self.heed(response)
                return response.status == 200 ? try SpotAnswers.receipt(response.body, order.instrument) : nil
            }
        }
    }

    /// Has an order checked without placing it; tells its fees where the venue does.
    public func check(_ order: NewSpotOrder) async -> RequestOutcome<SpotCommission?> {
        await ask(.test(order), .data) { (body) throws(UnreadableAnswer) in try SpotAnswers.check(body) }
    }

    /// Places a list of orders.
    ///
    /// - Parameter priority: what it is for.
    public func place(
        _ list: NewSpotOrderList, priority: RequestPriority = .open
    ) async -> RequestOutcome<SpotOrderList> {
        await counted(list.orders.count, priority) {
            await act(.place(list), priority) { (response) throws(UnreadableAnswer) in
                self.heed(response)
                return response.status == 200 ? try SpotAnswers.list(response.body, list.instrument) : nil
            }
        }
    }

    /// Cancels an order. Refused as `noSuchOrder` it has ended, and how is to be asked.
    ///
    /// - Parameters:
    ///   - key: which one.
    ///   - cancelID: the number of the cancel itself.
    ///   - restriction: under what condition.
    public func cancel(
        _ key: SpotOrderKey, of instrument: Instrument, cancelID: String? = nil,
        only restriction: SpotCancelRestriction? = nil
    ) async -> RequestOutcome<SpotOrder> {
        await act(.cancel(key, of: instrument, cancelID: cancelID, only: restriction), .cancel) {
            (response) throws(UnreadableAnswer) in
            // An order of a list takes the list with it, and the answer is about that.
            response.status == 200 ? try SpotAnswers.cancelled(response.body, instrument, of: key) : nil
        }
    }

    /// Cancels every open order of a symbol. With none open the venue refuses, as `noSuchOrder`.
    public func cancelAll(of instrument: Instrument) async -> RequestOutcome<SpotCancelled> {
        await act(.cancelAll(of: instrument), .cancel) { (response) throws(UnreadableAnswer) in
            response.status == 200 ? try SpotAnswers.cancelled(response.body, instrument) : nil
        }
    }

    /// Cancels a list of orders.
    public func cancelList(
        _ clientListID: String, of instrument: Instrument
    ) async -> RequestOutcome<SpotOrderList> {
        await act(.cancelList(clientListID, of: instrument), .cancel) { (response) throws(UnreadableAnswer) in
            response.status == 200 ? try SpotAnswers.list(response.body, instrument) : nil
        }
    }

    /// Cancels an order and places another.
    ///
    /// - Parameters:
    ///   - key: the order that goes.
    ///   - order: the one that comes.
    ///   - mode: what happens when the first half fails.
    ///   - priority: what it is for.
    /// - Returns: confirmed with both halves whenever the venue told of both, whatever became of them.
    public func replace(
        _ key: SpotOrderKey, by order: NewSpotOrder, mode: SpotReplaceMode = .stopOnFailure, cancelID: String? = nil,
        only restriction: SpotCancelRestriction? = nil, priority: RequestPriority = .open
    ) async -> RequestOutcome<SpotReplacement> {
        let request = SpotRequest.replace(key, by: order, mode: mode, cancelID: cancelID, only: restriction)
        return await counted(1, priority) {
            await act(request, priority) { (response) throws(UnreadableAnswer) in
                self.heed(response)
                switch response.status {
                case 200, 400, 409: return try SpotAnswers.replacement(response.body, order.instrument)
                default: return nil
                }
            }
        }
    }

    /// Makes an order smaller; it keeps its place in the queue.
    ///
    /// - Parameter clientOrderID: the number it has afterwards; the same as before keeps it.
    public func amend(
        _ key: SpotOrderKey, of instrument: Instrument, to quantity: Quantity, clientOrderID: String
    ) async -> RequestOutcome<SpotAmendment> {
        await act(.amend(key, of: instrument, to: quantity, clientOrderID: clientOrderID), .reduce) {
            (response) throws(UnreadableAnswer) in
            response.status == 200 ? try SpotAnswers.amendment(response.body, instrument) : nil
        }
    }
}
