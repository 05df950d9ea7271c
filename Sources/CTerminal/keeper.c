#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

// The keeper is the process that the shell started and waits for. It does nothing but wait, so that the process with
// engine and screen in it can leave the terminal without the shell noticing anything but an orderly end.

static int line_out = -1; // the child's end of the pipe to its keeper

// Signals that are passed on to the child. A hang-up is the child's own to notice, and a stop must not stop us: the
// child would wait for a terminal that the shell has taken back.
static const int passed[] = {SIGTERM, SIGINT, SIGUSR1, SIGUSR2, SIGQUIT};
static const int ignored[] = {SIGHUP, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct termios modes; // as they were before anybody touched them
static int has_modes;

// A child that was killed could not put the terminal back. Nothing is written to one that it had left alone.
static void restore_terminal(void) {
    struct termios now;
    if (!has_modes || tcgetattr(STDIN_FILENO, &now) != 0 || now.c_lflag == modes.c_lflag) return;
    static const char leave[] =
        "\x18\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[0m\x1b[?25h\x1b[?1049l\r\n";
    ssize_t wrote = write(STDOUT_FILENO, leave, sizeof leave - 1);
    (void)wrote;
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

// Ends as the child ended, so that whoever waits for us sees what became of it.
static void end_like(int status) {
    if (WIFSIGNALED(status)) {
        restore_terminal();
        struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none); // the child's core is the one to look at
        int number = WTERMSIG(status);
        signal(number, SIG_DFL);
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, number);
        sigprocmask(SIG_UNBLOCK, &set, NULL);
        raise(number);
        _exit(128 + number);
    }
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
}

static void print_and_end(int line_in, char first) {
    char line[512];
    size_t count = 0;
    line[count++] = first;
    while (count < sizeof line) {
        ssize_t got = read(line_in, line + count, sizeof line - count);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        count += (size_t)got;
        if (memchr(line, '\n', count)) break;
    }
    ssize_t wrote = write(STDOUT_FILENO, line, count);
    (void)wrote;
    _exit(0);
}

static void keep(pid_t child, int line_in, int signals) {
    for (;;) {
        struct pollfd entries[] = {{.fd = signals, .events = POLLIN}, {.fd = line_in, .events = POLLIN}};
        if (poll(entries, 2, -1) < 0 && errno != EINTR) _exit(EXIT_FAILURE);
        if (entries[1].revents) {
            char first;
            ssize_t got = read(line_in, &first, 1);
            if (got == 1) print_and_end(line_in, first);
            if (got == 0) {
                // The child is gone, or as good as gone.
                int status;
                while (waitpid(child, &status, 0) < 0) {
                    if (errno != EINTR) _exit(EXIT_FAILURE);
                }
                end_like(status);
            }
        }
        struct signalfd_siginfo info;
        while (read(signals, &info, sizeof info) == (ssize_t)sizeof info) {
            if (info.ssi_signo != SIGCHLD) {
                kill(child, (int)info.ssi_signo);
                continue;
            }
            int status;
            if (waitpid(child, &status, WNOHANG) == child) end_like(status);
        }
    }
}

int ct_split(void (*in_keeper)(void)) {
    int pipe_ends[2];
    if (pipe2(pipe_ends, O_CLOEXEC) != 0) return -1;
    // Blocked from before the split: what comes in the meantime waits for whoever it is for.
    sigset_t set, former;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    for (size_t index = 0; index < COUNT(passed); index++) sigaddset(&set, passed[index]);
    sigprocmask(SIG_BLOCK, &set, &former);
    pid_t keeper = getpid();
    has_modes = isatty(STDOUT_FILENO) && tcgetattr(STDIN_FILENO, &modes) == 0;
    pid_t child = fork();
    if (child < 0) {
        int error = errno;
        sigprocmask(SIG_SETMASK, &former, NULL);
        close(pipe_ends[0]);
        close(pipe_ends[1]);
        errno = error;
        return -1;
    }
    if (child > 0) {
        close(pipe_ends[1]);
        in_keeper();
        for (size_t index = 0; index < COUNT(ignored); index++) signal(ignored[index], SIG_IGN);
        int signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
        if (signals < 0) {
            kill(child, SIGKILL);
            _exit(EXIT_FAILURE);
        }
        keep(child, pipe_ends[0], signals);
    }
    close(pipe_ends[0]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    // A keeper that died before that can't send it any more.
    if (getppid() != keeper) _exit(128 + SIGKILL);
    line_out = pipe_ends[1];
    sigprocmask(SIG_SETMASK, &former, NULL);
    return 0;
}

int ct_has_keeper(void) {
    return line_out >= 0;
}

void ct_outlive_keeper(void) {
    prctl(PR_SET_PDEATHSIG, 0);
}

int ct_part_from_keeper(const char *line) {
    if (line_out < 0) return ENOTCONN;
    prctl(PR_SET_PDEATHSIG, 0);
    // Fails only for the leader of a process group, which the keeper is.
    if (setsid() < 0) {
        int error = errno;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        return error;
    }
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        for (int descriptor = 0; descriptor <= 2; descriptor++) dup2(null, descriptor);
        close(null);
    }
    size_t left = strlen(line);
    while (left > 0) {
        ssize_t wrote = write(line_out, line, left);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) break;
        line += wrote;
        left -= (size_t)wrote;
    }
    close(line_out);
    line_out = -1;
    return 0;
}
