#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { count_of_signals = 65 };

static int channel[2] = {-1, -1};
static struct sigaction before[count_of_signals];
static sigset_t mask_before;

static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT};
static const int ignored[] = {SIGTSTP, SIGTTOU, SIGTTIN, SIGPIPE};
static const int crashes[] = {SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void note(int number) {
    int error = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t wrote = write(channel[1], &byte, 1); // a full pipe already says enough
    (void)wrote;
    errno = error;
}

int ct_catch_signals(void) {
    if (pipe2(channel, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    action.sa_handler = note;
    for (size_t index = 0; index < COUNT(caught); index++) sigaction(caught[index], &action, &before[caught[index]]);
    action.sa_handler = SIG_IGN;
    for (size_t index = 0; index < COUNT(ignored); index++) {
        sigaction(ignored[index], &action, &before[ignored[index]]);
    }
    // Whoever holds them back otherwise wants a screen to hear of them.
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < COUNT(caught); index++) sigaddset(&set, caught[index]);
    pthread_sigmask(SIG_UNBLOCK, &set, &mask_before);
    return channel[0];
}

void ct_release_signals(void) {
    if (channel[0] < 0) return;
    // First: what was held back before must not meet its default action in between.
    pthread_sigmask(SIG_SETMASK, &mask_before, NULL);
    for (size_t index = 0; index < COUNT(caught); index++) sigaction(caught[index], &before[caught[index]], NULL);
    for (size_t index = 0; index < COUNT(ignored); index++) {
        // SIGPIPE stays ignored: a write to a closed socket must not end the process.
        if (ignored[index] != SIGPIPE) sigaction(ignored[index], &before[ignored[index]], NULL);
    }
    close(channel[0]);
    close(channel[1]);
    channel[0] = channel[1] = -1;
}

// Restores the terminal, then gives the signal to whoever had it before: the default action, or a backtracer.
// A fault happens again by itself when the handler returns, with its context untouched; other signals are sent again.
static void crash(int number, siginfo_t *info, void *context) {
    (void)context;
    ct_restore_now();
    sigaction(number, &before[number], NULL);
    int repeats = number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE;
    if (!repeats || !info || info->si_code <= 0) raise(number);
}

void ct_catch_crashes(void) {
    // A stack that overflowed cannot run a handler.
    stack_t stack;
    if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE)) {
        static char spare[64 * 1024];
        memset(&stack, 0, sizeof stack);
        stack.ss_sp = spare;
        stack.ss_size = sizeof spare;
        sigaltstack(&stack, NULL);
    }
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    action.sa_sigaction = crash;
    for (size_t index = 0; index < COUNT(crashes); index++) {
        sigaction(crashes[index], &action, &before[crashes[index]]);
    }
}

void ct_release_crashes(void) {
    for (size_t index = 0; index < COUNT(crashes); index++) {
        sigaction(crashes[index], &before[crashes[index]], NULL);
    }
}
