#include "baseline.h"

#include <math.h>

void baseline_sma(const double *values, size_t count, size_t period, double *out) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i];
        if (i >= period) sum -= values[i - period];
        out[i] = i + 1 >= period ? sum / (double)period : NAN;
    }
}

void baseline_ema(const double *values, size_t count, size_t period, double *out) {
    double smoothing = 2 / ((double)period + 1), sum = 0, value = NAN;
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < period) {
            sum += values[i];
        } else if (i + 1 == period) {
            value = (sum + values[i]) / (double)period;
        } else {
            value += (values[i] - value) * smoothing;
        }
        out[i] = value;
    }
}

void baseline_rsi(const double *values, size_t count, size_t period, double *out) {
    double gain = 0, loss = 0, n = (double)period;
    out[0] = NAN;
    for (size_t i = 1; i < count; i++) {
        double change = values[i] - values[i - 1];
        double up = change > 0 ? change : 0, down = change < 0 ? -change : 0;
        if (i <= period) {
            gain += up / n;
            loss += down / n;
        } else {
            gain = (gain * (n - 1) + up) / n;
            loss = (loss * (n - 1) + down) / n;
        }
        out[i] = i >= period ? 100 * gain / (gain + loss) : NAN;
    }
}

void baseline_bollinger(const double *values, size_t count, size_t period, double width, double *out) {
    double sum = 0, squares = 0, n = (double)period, shift = values[0];
    for (size_t i = 0; i < count; i++) {
        double in = values[i] - shift;
        sum += in;
        squares += in * in;
        if (i >= period) {
            double gone = values[i - period] - shift;
            sum -= gone;
            squares -= gone * gone;
        }
        double mean = sum / n, variance = squares / n - mean * mean;
        double reach = width * sqrt(variance > 0 ? variance : 0);
        int defined = i + 1 >= period;
        out[3 * i] = defined ? shift + mean + reach : NAN;
        out[3 * i + 1] = defined ? shift + mean : NAN;
        out[3 * i + 2] = defined ? shift + mean - reach : NAN;
    }
}

void baseline_macd(const double *values, size_t count, size_t fast, size_t slow, size_t signal, double *out) {
    double fast_smoothing = 2 / ((double)fast + 1), slow_smoothing = 2 / ((double)slow + 1);
    double signal_smoothing = 2 / ((double)signal + 1);
    double quick = values[0], steady = values[0], average = 0;
    for (size_t i = 0; i < count; i++) {
        quick += (values[i] - quick) * fast_smoothing;
        steady += (values[i] - steady) * slow_smoothing;
        double line = quick - steady;
        average += (line - average) * signal_smoothing;
        out[3 * i] = line;
        out[3 * i + 1] = average;
        out[3 * i + 2] = line - average;
    }
}

static double true_range(double high, double low, double before) {
    double range = high - low, up = fabs(high - before), down = fabs(low - before);
    double reach = up > down ? up : down;
    return range > reach ? range : reach;
}

void baseline_atr(const double *high, const double *low, const double *close, size_t count, size_t period,
                  double *out) {
    double value = 0, n = (double)period;
    out[0] = NAN;
    for (size_t i = 1; i < count; i++) {
        double range = true_range(high[i], low[i], close[i - 1]);
        value = i <= period ? value + range / n : (value * (n - 1) + range) / n;
        out[i] = i >= period ? value : NAN;
    }
}

void baseline_supertrend(const double *high, const double *low, const double *close, size_t count, size_t period,
                         double multiplier, double *out) {
    double value = 0, n = (double)period, upper = NAN, lower = NAN;
    int up = 0;
    out[0] = NAN;
    for (size_t i = 1; i < count; i++) {
        double range = true_range(high[i], low[i], close[i - 1]);
        value = i <= period ? value + range / n : (value * (n - 1) + range) / n;
        if (i < period) {
            out[i] = NAN;
            continue;
        }
        double middle = (high[i] + low[i]) / 2, reach = multiplier * value;
        if (!(middle + reach >= upper && close[i - 1] <= upper)) upper = middle + reach;
        if (!(middle - reach <= lower && close[i - 1] >= lower)) lower = middle - reach;
        if (up ? close[i] < lower : close[i] > upper) up = !up;
        out[i] = up ? lower : upper;
    }
}
