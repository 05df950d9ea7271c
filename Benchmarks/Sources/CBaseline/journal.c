#define _POSIX_C_SOURCE 200809L
#include "baseline.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void baseline_copy_records(void *target, const void *record, size_t size, size_t count) {
    char *next = target;
    for (size_t index = 0; index < count; index++) {
        memcpy(next, record, size);
        memcpy(next, &index, sizeof index);
        next += size;
    }
}

static int compare(const void *one, const void *other) {
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

int64_t baseline_write_and_sync(const char *path, size_t size, size_t times) {
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    char *record = calloc(1, size);
    int64_t *taken = calloc(times, sizeof *taken);
    int64_t median = -1;
    if (file >= 0 && record && taken) {
        size_t done = 0;
        for (; done < times; done++) {
            int64_t start = baseline_wall_nanoseconds();
            if (pwrite(file, record, size, (off_t)(done * size)) != (ssize_t)size || fdatasync(file) != 0) break;
            taken[done] = baseline_wall_nanoseconds() - start;
        }
        if (done == times) {
            qsort(taken, times, sizeof *taken, compare);
            median = taken[times / 2];
        }
    }
    if (file >= 0) close(file);
    free(record);
    free(taken);
    return median;
}
