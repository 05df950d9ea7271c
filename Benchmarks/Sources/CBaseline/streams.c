#include "baseline.h"

#include <stdbool.h>
#include <string.h>

uint64_t baseline_read_numbers(const uint8_t *bytes, size_t count, int64_t *numbers, size_t *found) {
    uint64_t marks = 0;
    size_t taken = 0;
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != '"') {
            marks += bytes[i] == ',' || bytes[i] == ':';
            continue;
        }
        // A text: a decimal with eight decimals, or something else that is stepped over.
        uint64_t value = 0;
        size_t start = ++i;
        while (i < count && bytes[i] != '"') {
            if (bytes[i] != '.') value = value * 10 + (uint64_t)(bytes[i] - '0');
            i++;
        }
        if (i > start && bytes[start] <= '9') numbers[taken++] = (int64_t)value;
    }
    *found = taken;
    return marks;
}

/// Where a price is among ascending ones, or would be.
static size_t place(const baseline_level *levels, size_t count, int64_t price) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (levels[middle].price < price) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t baseline_set_level(baseline_level *levels, size_t count, size_t most, int64_t price, int64_t quantity) {
    size_t at = place(levels, count, price);
    bool there = at < count && levels[at].price == price;
    if (quantity == 0) {
        if (!there) return count;
        memmove(levels + at, levels + at + 1, (count - at - 1) * sizeof *levels);
        return count - 1;
    }
    if (there) {
        levels[at].quantity = quantity;
        return count;
    }
    if (count == most) return count;
    memmove(levels + at + 1, levels + at, (count - at) * sizeof *levels);
    levels[at] = (baseline_level){price, quantity};
    return count + 1;
}
