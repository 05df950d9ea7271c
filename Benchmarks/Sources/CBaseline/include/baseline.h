#pragma once

#include <stddef.h>
#include <stdint.h>

/// A candle with its numbers in units of 10^-8, as the product keeps it.
typedef struct {
    int64_t open_time;
    int64_t open;
    int64_t high;
    int64_t low;
    int64_t close;
    int64_t volume;
    uint32_t minutes;
    uint32_t flags;
} baseline_candle;

/// What the plain loop found.
typedef struct {
    /// The final equity in units of 10^-16, high and low 64 bits.
    int64_t equity_high;
    uint64_t equity_low;
    size_t trades;
    double max_drawdown;
} baseline_result;

/// sma-crossover, all in, fees in units of 10^-8 on both sides: decided on the close, filled at the next open, marked at
/// every close into `equity` (count pairs of high and low 64 bits).
baseline_result baseline_sma_crossover(const baseline_candle *candles, size_t count, size_t fast, size_t slow,
                                       int64_t cash, int64_t fee_rate, uint64_t *equity);

/// Indicators over `count` values into `out`; each the shortest loop that has the values right.
void baseline_sma(const double *values, size_t count, size_t period, double *out);
void baseline_ema(const double *values, size_t count, size_t period, double *out);
void baseline_rsi(const double *values, size_t count, size_t period, double *out);
void baseline_bollinger(const double *values, size_t count, size_t period, double width, double *out);
void baseline_macd(const double *values, size_t count, size_t fast, size_t slow, size_t signal, double *out);
void baseline_atr(const double *high, const double *low, const double *close, size_t count, size_t period,
                  double *out);
void baseline_supertrend(const double *high, const double *low, const double *close, size_t count, size_t period,
                         double multiplier, double *out);

/// Allocations that the process has made so far, whoever made them.
uint64_t baseline_allocations(void);

/// The CPU time of the calling thread, in nanoseconds.
int64_t baseline_thread_nanoseconds(void);
