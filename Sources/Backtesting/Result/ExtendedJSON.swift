import Market

extension JSONText {
    /// Writes the extended figures as members of an object: the keys of `docs/metrics.md` in their order.
    mutating func members(_ metrics: ExtendedMetrics, _ daily: DailyEquity) {
        let distribution = metrics.distribution
        member("volatility", distribution.volatility)
        member("return_to_volatility", distribution.returnToVolatility)
        member("robust_sharpe", distribution.robustSharpe)
        member("probabilistic_sharpe", distribution.probabilisticSharpe)
        member("minimum_track_record_days", distribution.minimumTrackRecordDays)
        member("omega", distribution.omega)
        member("tail_ratio", distribution.tailRatio)
        member("skew", distribution.skew)
        member("excess_kurtosis", distribution.excessKurtosis)
        member("value_at_risk", distribution.valueAtRisk)
        member("expected_shortfall", distribution.expectedShortfall)
        let drawdowns = metrics.drawdowns
        member("ulcer_index", drawdowns.ulcerIndex)
        member("longest_underwater_days", drawdowns.longestUnderwaterDays)
        member("underwater_share", drawdowns.underwaterShare)
        member("recovery_factor", drawdowns.recoveryFactor)
        member("recovery_days", drawdowns.recoveryDays.map(Double.init))
        members(metrics.trips)
        members(metrics.rolling, daily)
        members("monthly_returns", metrics.months)
        members("yearly_returns", metrics.years)
        members(metrics.regimes)
        key("undefined")
        begin("{")
        for (key, reason) in metrics.undefined.reasons { member(key, reason) }
        end("}")
    }

    private mutating func members(_ trips: TripFigures) {
        member("turnover", trips.turnover)
        member("annual_turnover", trips.annualTurnover)
        member("expectancy", trips.expectancy)
        member("average_win", trips.averageWin)
        member("average_loss", trips.averageLoss)
        member("payoff_ratio", trips.payoffRatio)
        member("longest_win_streak", trips.longestWinStreak)
        member("longest_loss_streak", trips.longestLossStreak)
        member("mae_mean", trips.adverseMean)
        member("mae_max", trips.adverseMaximum)
        member("mfe_mean", trips.favorableMean)
        member("mfe_max", trips.favorableMaximum)
        key("by_side")
        begin("{")
        for (name, group) in [("long", trips.long), ("short", trips.short)] {
            key(name)
            begin("{")
            members(group)
            end("}")
        }
        end("}")
        key("by_hour")
        begin("[")
        for (hour, group) in trips.hours {
            element()
            begin("{")
            member("hour", hour)
            members(group)
            end("}")
        }
        end("]")
    }

    private mutating func members(_ regimes: (trend: [RegimeFigures], volatility: [RegimeFigures])?) {
        key("by_regime")
        guard let regimes else { return raw("null") }
        begin("{")
        for (name, rows) in [("trend", regimes.trend), ("volatility", regimes.volatility)] {
            key(name)
            begin("[")
            for row in rows {
                element()
                begin("{")
                member("regime", row.name)
                member("days", row.days)
                member("return", row.totalReturn)
                member("sharpe", row.sharpe)
                member("exposure", row.exposure)
                members(row.trips)
                end("}")
            }
            end("]")
        }
        end("}")
    }

    private mutating func members(_ group: TripGroup) {
        member("trips", group.count)
        member("win_rate", group.winRate)
        member("profit", group.profit)
        member("profit_factor", group.profitFactor)
        member("average_return", group.averageReturn)
    }

    private mutating func members(_ rolling: RollingSharpe, _ daily: DailyEquity) {
        key("rolling_sharpe")
        begin("{")
        member("days", rolling.days)
        member("last", rolling.last)
        member("min", rolling.minimum)
        member("max", rolling.maximum)
        key("values")
        begin("[")
        for (index, value) in rolling.values.enumerated() {
            element()
            begin("{")
            member("date", daily.day(index + rolling.days - 1).date)
            member("sharpe", value)
            end("}")
        }
        end("]")
        end("}")
    }

    private mutating func members(_ name: String, _ periods: [PeriodReturn]) {
        key(name)
        begin("[")
        for period in periods {
            element()
            begin("{")
            if let month = period.month {
                member("month", "\(period.year)-\(month < 10 ? "0" : "")\(month)")
            } else {
                member("year", period.year)
            }
            member("return", period.value)
            member("days", period.days)
            end("}")
        }
        end("]")
    }

    private mutating func member(_ key: String, _ value: Money?) {
        if let value { return member(key, value) }
        self.key(key)
        raw("null")
    }
}
