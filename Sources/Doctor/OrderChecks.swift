import Market
import Network
import Venues

// Orders: one that is only checked, and one that is placed far from the market and cancelled.
extension BinanceDoctor {
    func examineOrders(
        _ symbols: [ExaminedSymbol], _ account: ExaminedAccount?, _ diagnosis: inout Diagnosis
    ) async {
        let checks = ["private stream", "test order", "far order"]
        guard let client else {
            return diagnosis.skip(
                checks, "no key was given; only what everybody may ask is examined",
                advice: "--key NAME examines the account, too")
        }
        guard let account else { return diagnosis.skip(checks, "the key can't be used") }
        guard !around.isInterrupted() else { return diagnosis.skip(checks, BinanceDoctor.interruption) }
        around.telling("the private stream")
        var options = WebSocketOptions()
        options.additionalTrust = plan.http.additionalTrust
        let stream: Result<UserStream, UserStream.Problem>
        do throws(UserStream.Problem) {
            stream = .success(try await UserStream.open(client, options, patience: plan.reportPatience))
        } catch {
            stream = .failure(error)
        }
        var rest = Diagnosis()
        let trial = await examineOrders(symbols, account, try? stream.get(), &rest)
        diagnosis.findings.append(streamFinding(stream, trial))
        diagnosis.findings += rest.findings
        diagnosis.remaining += rest.remaining
        await (try? stream.get())?.socket.close()
    }

    /// What the private stream told of the far order.
    struct Trial {
        var clientOrderID: String
        var wasCancelled: Bool
    }

    private func streamFinding(_ stream: Result<UserStream, UserStream.Problem>, _ trial: Trial?) -> Finding {
        let check = "private stream"
        switch stream {
        case .failure(let problem):
            return Finding(
                check, .failed, problem.words,
                advice: "fills would be seen by asking only, and late; check the way to the WebSocket API")
        case .success(let stream):
            let text = "subscribed in \(BinanceDoctor.milliseconds(stream.opening)) ms"
            // Whoever did not wait for the reports can't say that they are missing.
            guard let trial, trial.wasCancelled, !around.isInterrupted() else { return Finding(check, .ok, text) }
            let reports = stream.probe.reports(of: trial.clientOrderID)
            if reports.isPlaced && reports.isCancelled {
                return Finding(check, .ok, text + "; it told of the far order and of its cancel")
            }
            let missing = [reports.isPlaced ? nil : "the far order", reports.isCancelled ? nil : "its cancel"]
                .compactMap { $0 }.joined(separator: " and ")
            return Finding(
                check, .failed, text + "; it did not tell of \(missing)",
                advice: "fills would be seen by asking only, and late; try again")
        }
    }

    private func examineOrders(
        _ symbols: [ExaminedSymbol], _ account: ExaminedAccount, _ stream: UserStream?, _ diagnosis: inout Diagnosis
    ) async -> Trial? {
        let checks = ["test order", "far order"]
        guard account.mayTrade else {
            diagnosis.skip(checks, "the key may not trade", advice: "switch trading on at the venue")
            return nil
        }
        let number = FarOrder.prefix + BinanceDoctor.freshNumber(around.wall())
        var reasons: [String] = []
        for symbol in symbols where symbol.isTraded {
            guard !around.isInterrupted() else { break }
            let open = await account.client.openOrders(of: symbol.instrument).value ?? []
            await takeBackLeftovers(open, symbol.instrument, &diagnosis)
            let circumstances = OrderCircumstances(
                referencePrice: symbol.reference, openOrders: open, balances: account.balances)
            switch FarOrder.plan(symbol, circumstances, number: number) {
            case .failure(let problem): reasons.append("\(symbol.instrument.symbol): \(problem.words)")
            case .success(let far):
                await examineTestOrder(far, account.client, &diagnosis)
                return await examineFarOrder(far, account.client, stream, &diagnosis)
            }
        }
        guard !around.isInterrupted() else {
            diagnosis.skip(checks, BinanceDoctor.interruption)
            return nil
        }
        diagnosis.skip(
            checks, reasons.isEmpty ? "no symbol is traded" : "no order fits: " + reasons.joined(separator: "; "),
            advice: reasons.isEmpty ? "" : "it needs a little of the quote currency that is free")
        return nil
    }

    private func examineTestOrder(_ far: FarOrder, _ client: SpotAccountClient, _ diagnosis: inout Diagnosis) async {
        around.telling("a test order")
        let outcome = await client.check(far.order)
        guard case .confirmed = outcome else {
            return diagnosis.add("test order", .failed, "\(far.words): \(BinanceDoctor.words(outcome))")
        }
        diagnosis.add("test order", .ok, "the venue would take \(far.order.instrument.symbol), \(far.words)")
    }

    func examineFarOrder(
        _ far: FarOrder, _ client: SpotAccountClient, _ stream: UserStream?, _ diagnosis: inout Diagnosis
    ) async -> Trial? {
        let check = "far order"
        guard plan.placesOrders else {
            diagnosis.skip([check], "no order was wanted (--no-order)")
            return nil
        }
        guard !around.isInterrupted() else {
            diagnosis.skip([check], BinanceDoctor.interruption)
            return nil
        }
        around.telling("an order far from the market")
        if client.access.environment.keys == .live, !around.confirm(far) {
            diagnosis.skip([check], "it was not confirmed, and nothing was placed: \(far.words)")
            return nil
        }
        let placed = await client.place(far.order)
        switch placed {
        case .refused, .denied:
            diagnosis.add(check, .failed, "nothing was placed: \(BinanceDoctor.words(placed))")
            return nil
        case .confirmed, .unknown: break
        }
        // From here on nothing ends it before the order is gone.
        let number = far.order.clientOrderID
        await hear(stream, until: { $0.reports(of: number).isPlaced })
        let withdrawal = Withdrawal(
            client: client, instrument: far.order.instrument, clientOrderID: number, pauses: plan.lookUpPauses)
        let ending = await withdrawal.run()
        let finding = BinanceDoctor.finding(far, placed, ending)
        diagnosis.findings.append(finding)
        switch ending {
        case .gone(let order):
            await hear(stream, until: { $0.reports(of: number).isCancelled })
            return Trial(clientOrderID: number, wasCancelled: order.status == .cancelled)
        case .absent: return nil
        case .doubtful(let words):
            diagnosis.remaining.append(
                RemainingOrder(symbol: far.order.instrument.symbol, clientOrderID: number, words: words))
            return nil
        }
    }

    /// What became of the far order, in words.
    static func finding(
        _ far: FarOrder, _ placed: RequestOutcome<SpotReceipt>, _ ending: Withdrawal.Ending
    ) -> Finding {
        let (check, number, symbol) = ("far order", far.order.clientOrderID, far.order.instrument.symbol)
        let look = "look for it at the venue: \(symbol), client order \(number)"
        var start = "\(symbol), \(far.words), was placed"
        var status = Finding.Status.ok
        if case .unknown(let doubt) = placed {
            start =
                "\(symbol), \(far.words): after placing it nobody knew whether it was taken (\(doubt)); it was looked up"
            status = .warning
        }
        switch ending {
        case .gone(let order) where order.executed.mantissa > 0:
            return Finding(
                check, .failed,
                "\(start); \(far.order.instrument.text(order.executed)) of it filled, and the rest is gone",
                advice: "the account holds what filled; \(look)")
        case .gone(let order) where order.status == .cancelled:
            return Finding(check, status, "\(start) and cancelled; nothing remains")
        case .gone(let order):
            return Finding(
                check, .warning, "\(start); the venue ended it itself (\(order.status.rawValue)); nothing remains")
        case .absent:
            return Finding(
                check, .warning, "\(start), and the venue does not know it; nothing was found that remains",
                advice: "\(look), a minute from now")
        case .doubtful(let words):
            return Finding(
                check, .failed, "\(start), and it MAY STILL BE OPEN: \(words)", advice: look + ", and cancel it")
        }
    }

    /// Orders that an earlier doctor, killed before it could, did not take back.
    private func takeBackLeftovers(
        _ open: [SpotOrder], _ instrument: Instrument, _ diagnosis: inout Diagnosis
    ) async {
        guard let client else { return }
        for order in open where order.clientOrderID.hasPrefix(FarOrder.prefix) {
            let withdrawal = Withdrawal(
                client: client, instrument: instrument, clientOrderID: order.clientOrderID, pauses: plan.lookUpPauses)
            let check = "leftover \(instrument.symbol)"
            switch await withdrawal.run() {
            case .gone(let order) where order.executed.mantissa > 0:
                diagnosis.add(
                    check, .warning,
                    "\(order.clientOrderID), of an earlier run, was open; \(instrument.text(order.executed)) of it filled, "
                        + "and the rest is gone")
            case .gone, .absent:
                diagnosis.add(check, .warning, "\(order.clientOrderID), of an earlier run, was open and is cancelled")
            case .doubtful(let words):
                diagnosis.add(
                    check, .failed, "\(order.clientOrderID), of an earlier run, may still be open: \(words)",
                    advice: "cancel it at the venue")
                diagnosis.remaining.append(
                    RemainingOrder(symbol: instrument.symbol, clientOrderID: order.clientOrderID, words: words))
            }
        }
    }

    /// Waits a while for the private stream to tell something.
    private func hear(
        _ stream: UserStream?, until isTold: (UserStreamProbe) -> Bool
    ) async {
        guard let stream else { return }
        let end = ContinuousClock.now + plan.reportPatience
        while !isTold(stream.probe), stream.probe.closure == nil, ContinuousClock.now < end, !around.isInterrupted() {
            try? await Task.sleep(for: .milliseconds(10))
        }
    }

    /// The rest of a client order number that is like no other: the time, and chance for two at once.
    private static func freshNumber(_ now: Timestamp) -> String {
        String(now.milliseconds, radix: 36) + "-" + String(UInt32.random(in: 0...UInt32.max), radix: 36)
    }
}
