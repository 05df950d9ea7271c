#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

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

/// A level of a book.
typedef struct {
    int64_t price;
    int64_t quantity;
} baseline_level;

/// Goes over a message once and takes every quoted decimal as its digits; how many marks of JSON there were.
/// `numbers` has room for one in three bytes.
uint64_t baseline_read_numbers(const uint8_t *bytes, size_t count, int64_t *numbers, size_t *found);

/// Sets a level among ascending ones, or removes it for a quantity of zero; how many there are then.
size_t baseline_set_level(baseline_level *levels, size_t count, size_t most, int64_t price, int64_t quantity);

/// Allocations that the process has made so far, whoever made them.
uint64_t baseline_allocations(void);

/// The CPU time of the calling thread, in nanoseconds.
int64_t baseline_thread_nanoseconds(void);

/// The monotonic clock, in nanoseconds.
int64_t baseline_wall_nanoseconds(void);

/// How a process ended and what it took.
typedef struct {
    /// The exit code; 128 and the signal's number when a signal ended it.
    int status;
    /// User and system time together.
    int64_t cpu_nanoseconds;
    /// The most memory it had resident.
    int64_t peak_bytes;
} baseline_end;

/// Starts a program found through PATH, its arguments ending with NULL, with standard output and error in a file.
/// Negative when it could not be started.
pid_t baseline_spawn(char *const arguments[], const char *output);

/// The same on a terminal of its own, whose other end is left in `terminal`.
pid_t baseline_spawn_on_terminal(char *const arguments[], int columns, int rows, int *terminal);

/// Reads what a terminal shows, waiting so long at most. 0 when nothing came, negative when the terminal is gone.
ssize_t baseline_read(int terminal, void *buffer, size_t size, int64_t timeout_nanoseconds);

/// The CPU time of a running process, in nanoseconds; negative when there is none.
int64_t baseline_process_nanoseconds(pid_t process);

/// How many descriptors a running process has open; negative when there is none.
int baseline_process_descriptors(pid_t process);

/// From now on nothing that a running process writes into files gets through, as on a disk that is full.
int baseline_forbid_writing(pid_t process);

/// Holds the lock that writers of an SQLite database in WAL mode need, until the descriptor is closed; negative when it
/// could not be had.
int baseline_lock_database(const char *shared_memory_path);

/// Whether a process has ended and can be waited for.
int baseline_has_ended(pid_t process);

/// Waits for a process to end.
baseline_end baseline_wait(pid_t process);

/// Reads six numbers a line out of a file of candles with the C library, keeping none. The rows, negative when the
/// file can't be read.
int64_t baseline_parse_csv(const char *path);

/// Writes a file of these bytes; 0 when it was.
int baseline_write_file(const char *path, const void *bytes, size_t count);

/// Reads a file's bytes; how many there were, negative when it can't be opened.
ssize_t baseline_read_file(const char *path, void *bytes, size_t count);

/// Copies a record so many times, one behind the other, a number at the start of each.
void baseline_copy_records(void *target, const void *record, size_t size, size_t count);

/// Writes a record and brings it onto the disk, so many times; the median in nanoseconds, negative on failure.
int64_t baseline_write_and_sync(const char *path, size_t size, size_t times);

/// Copies an array of cells and counts those that differ from the last one: what no screen can do without.
size_t baseline_copy_and_compare(void *target, const void *source, const void *last, size_t count, size_t size);

/// Reads so many frames from a WebSocket server on this machine, over TLS where there is a certificate to trust: the CPU
/// time from the server's consent on, in nanoseconds; negative on failure.
int64_t baseline_read_websocket(int port, const char *certificate, size_t count);

/// Has the kernel note when bytes come to a socket; 0, or -1 where it can't.
int socket_stamp(int descriptor);

/// Reads as `read` does, and says when the kernel had what was read, in nanoseconds of the time of day; 0 where it can't say.
long socket_read_stamped(int descriptor, void *bytes, size_t room, long long *stamp);
