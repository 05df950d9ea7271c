#define _GNU_SOURCE
#include "baseline.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int64_t baseline_wall_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

pid_t baseline_spawn(char *const arguments[], const char *output) {
    pid_t child = fork();
    if (child != 0) return child;
    int null = open("/dev/null", O_RDWR);
    int log = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(null, 0);
    dup2(log, 1);
    dup2(log, 2);
    // A limit on what may be written, set later, is to fail writes rather than to end the program.
    signal(SIGXFSZ, SIG_IGN);
    execvp(arguments[0], arguments);
    _exit(127);
}

pid_t baseline_spawn_on_terminal(char *const arguments[], int columns, int rows, int *terminal) {
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    pid_t child = forkpty(terminal, NULL, NULL, &size);
    if (child != 0) return child;
    // What the figures depend on is the same wherever they are taken.
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("NO_COLOR");
    unsetenv("COLUMNS");
    unsetenv("LINES");
    execvp(arguments[0], arguments);
    _exit(127);
}

ssize_t baseline_read(int terminal, void *buffer, size_t size, int64_t timeout_nanoseconds) {
    if (timeout_nanoseconds < 0) timeout_nanoseconds = 0;
    struct pollfd waited = {.fd = terminal, .events = POLLIN};
    int ready = poll(&waited, 1, (int)((timeout_nanoseconds + 999999) / 1000000));
    if (ready <= 0) return 0;
    ssize_t count = read(terminal, buffer, size);
    return count > 0 ? count : -1;
}

int64_t baseline_process_nanoseconds(pid_t process) {
    clockid_t clock;
    struct timespec used;
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &used) != 0) return -1;
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

int baseline_process_descriptors(pid_t process) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)process);
    DIR *directory = opendir(path);
    if (!directory) return -1;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory));) count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

int baseline_forbid_writing(pid_t process) {
    struct rlimit limit;
    if (prlimit(process, RLIMIT_FSIZE, NULL, &limit) != 0) return -1;
    limit.rlim_cur = 0;
    return prlimit(process, RLIMIT_FSIZE, &limit, NULL);
}

int baseline_lock_database(const char *shared_memory_path) {
    int file = open(shared_memory_path, O_RDWR | O_CLOEXEC);
    if (file < 0) return -1;
    // The writers' lock of a write-ahead log is this byte of the file.
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 120, .l_len = 1};
    for (int tries = 0; tries < 500; tries++) {
        if (fcntl(file, F_SETLK, &lock) == 0) return file;
        usleep(10000);
    }
    close(file);
    return -1;
}

int baseline_has_ended(pid_t process) {
    siginfo_t end = {0};
    return waitid(P_PID, (id_t)process, &end, WEXITED | WNOHANG | WNOWAIT) != 0 || end.si_pid == process;
}

baseline_end baseline_wait(pid_t process) {
    int status = 0;
    struct rusage usage = {0};
    while (wait4(process, &status, 0, &usage) < 0 && errno == EINTR) {}
    int64_t user = (int64_t)usage.ru_utime.tv_sec * 1000000000 + (int64_t)usage.ru_utime.tv_usec * 1000;
    int64_t system = (int64_t)usage.ru_stime.tv_sec * 1000000000 + (int64_t)usage.ru_stime.tv_usec * 1000;
    return (baseline_end){.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
                          .cpu_nanoseconds = user + system,
                          .peak_bytes = (int64_t)usage.ru_maxrss * 1024};
}

int64_t baseline_parse_csv(const char *path) {
    int file = open(path, O_RDONLY);
    if (file < 0) return -1;
    off_t size = lseek(file, 0, SEEK_END);
    char *text = malloc((size_t)size + 1);
    if (!text || pread(file, text, (size_t)size, 0) != size) {
        free(text);
        close(file);
        return -1;
    }
    text[size] = 0;
    close(file);
    int64_t rows = 0;
    volatile double sink = 0;
    char *at = strchr(text, '\n');
    while (at && *++at) {
        // The time is a number or year, month, day, hour, minute and second with a character between.
        int64_t time = 0;
        while (*at && *at != ',' && *at != '\n') {
            time = time * 100 + strtoll(at, &at, 10);
            at += *at && *at != ',' && *at != '\n';
        }
        sink = (double)time;
        for (int field = 1; field < 6 && *at == ','; field++) sink = strtod(at + 1, &at);
        rows++;
        at = strchr(at, '\n');
    }
    (void)sink;
    free(text);
    return rows;
}

int baseline_write_file(const char *path, const void *bytes, size_t count) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0) return -1;
    const char *at = bytes;
    while (count > 0) {
        ssize_t written = write(file, at, count);
        if (written <= 0) break;
        at += written;
        count -= (size_t)written;
    }
    close(file);
    return count == 0 ? 0 : -1;
}

ssize_t baseline_read_file(const char *path, void *bytes, size_t count) {
    int file = open(path, O_RDONLY);
    if (file < 0) return -1;
    ssize_t all = 0;
    for (ssize_t got; (got = read(file, (char *)bytes + all, count - (size_t)all)) > 0;) all += got;
    close(file);
    return all;
}

size_t baseline_copy_and_compare(void *target, const void *source, const void *last, size_t count, size_t size) {
    memcpy(target, source, count * size);
    size_t changed = 0;
    for (size_t i = 0; i < count; i++) {
        changed += memcmp((const char *)target + i * size, (const char *)last + i * size, size) != 0;
    }
    return changed;
}
