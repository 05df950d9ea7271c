#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios modes;
static struct termios raw_modes;
static volatile int raw_fd = -1;
static int saved_output = -1;
static int saved_error = -1;

static char restore_bytes[512];
static volatile size_t restore_count;
static volatile int restore_fd = -1;

int ct_make_raw(int fd) {
    if (tcgetattr(fd, &modes) != 0) return errno;
    raw_modes = modes;
    cfmakeraw(&raw_modes);
    raw_modes.c_cc[VMIN] = 1;
    raw_modes.c_cc[VTIME] = 0;
    if (tcsetattr(fd, TCSANOW, &raw_modes) != 0) return errno;
    raw_fd = fd;
    return 0;
}

void ct_remake_raw(void) {
    if (raw_fd >= 0) tcsetattr(raw_fd, TCSANOW, &raw_modes);
}

void ct_make_cooked(void) {
    if (raw_fd < 0) return;
    tcsetattr(raw_fd, TCSANOW, &modes);
    raw_fd = -1;
}

int ct_redirect_output(int log) {
    if (log < 0) return 0;
    saved_output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    saved_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0) return errno;
    return 0;
}

static void put_output_back(void) {
    if (saved_output >= 0) dup2(saved_output, STDOUT_FILENO);
    if (saved_error >= 0) dup2(saved_error, STDERR_FILENO);
}

void ct_restore_output(void) {
    put_output_back();
    if (saved_output >= 0) close(saved_output);
    if (saved_error >= 0) close(saved_error);
    saved_output = saved_error = -1;
}

void ct_arm_restore(int fd, const char *bytes, size_t count) {
    static int registered;
    if (!registered) registered = atexit(ct_restore_now) == 0;
    if (count > sizeof restore_bytes) count = sizeof restore_bytes;
    memcpy(restore_bytes, bytes, count);
    restore_count = count;
    restore_fd = fd;
}

void ct_disarm_restore(void) {
    restore_fd = -1;
}

void ct_restore_now(void) {
    int fd = restore_fd;
    if (fd < 0) return;
    restore_fd = -1;
    size_t done = 0;
    // The terminal may be slow; after half a second without progress the modes matter more than the picture.
    while (done < restore_count) {
        ssize_t wrote = write(fd, restore_bytes + done, restore_count - done);
        if (wrote > 0) {
            done += (size_t)wrote;
            continue;
        }
        struct pollfd wait = {.fd = fd, .events = POLLOUT};
        if (errno != EAGAIN || poll(&wait, 1, 500) <= 0) break;
    }
    if (raw_fd >= 0) tcsetattr(raw_fd, TCSANOW, &modes);
    put_output_back();
}

int ct_size(int fd, int *rows, int *columns) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0) return -1;
    *rows = size.ws_row;
    *columns = size.ws_col;
    return 0;
}

int ct_make_waker(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

int ct_queued_output(int fd) {
    int count = 0;
    return ioctl(fd, TIOCOUTQ, &count) == 0 ? count : 0;
}
