#include "baseline.h"

typedef __int128 wide;

#define ONE 100000000

static wide ceil_divided(wide a, wide b) { return (a + b - 1) / b; }

baseline_result baseline_sma_crossover(const baseline_candle *candles, size_t count, size_t fast, size_t slow,
                                       int64_t cash_whole, int64_t fee_rate, uint64_t *equity_out) {
    wide cash = (wide)cash_whole * ONE * ONE;
    wide held = 0, peak = cash, trough = cash, equity = cash;
    int64_t fast_sum = 0, slow_sum = 0;
    int order = 0, before = 0, has_before = 0;
    double worst = 0;
    size_t trades = 0;
    for (size_t i = 0; i < count; i++) {
        const baseline_candle *c = &candles[i];
        if (order == 1) {
            wide quantity = cash * ONE / ((wide)c->open * (ONE + fee_rate));
            cash -= quantity * c->open + ceil_divided(quantity * c->open * fee_rate, ONE);
            held = quantity;
            trades++;
        } else if (order == -1) {
            cash += held * c->open - ceil_divided(held * c->open * fee_rate, ONE);
            held = 0;
        }
        order = 0;
        fast_sum += c->close - (i >= fast ? candles[i - fast].close : 0);
        slow_sum += c->close - (i >= slow ? candles[i - slow].close : 0);
        if (i + 1 >= slow) {
            double fast_mean = (double)fast_sum / (double)fast;
            double slow_mean = (double)slow_sum / (double)slow;
            int sign = (fast_mean > slow_mean) - (fast_mean < slow_mean);
            if (has_before && sign > 0 && before <= 0 && held == 0) order = 1;
            if (has_before && sign < 0 && before >= 0 && held > 0) order = -1;
            before = sign;
            has_before = 1;
        }
        equity = cash + held * c->close;
        equity_out[2 * i] = (uint64_t)equity;
        equity_out[2 * i + 1] = (uint64_t)(equity >> 64);
        if (equity > peak) {
            double drawdown = (double)(peak - trough) / (double)peak;
            if (drawdown > worst) worst = drawdown;
            peak = trough = equity;
        } else if (equity < trough) {
            trough = equity;
        }
    }
    double drawdown = (double)(peak - trough) / (double)peak;
    if (drawdown > worst) worst = drawdown;
    return (baseline_result){(int64_t)(equity >> 64), (uint64_t)equity, trades, worst};
}
