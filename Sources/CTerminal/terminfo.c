#define NCURSES_NOMACROS 1
#include "CTerminal.h"

// In a file of its own: term.h makes macros of words like "columns" and "lines".
#include <curses.h>
#include <string.h>
#include <term.h>

int ct_can_draw(const char *term) {
    int status = 0;
    TERMINAL *before = cur_term;
    if (setupterm(term, -1, &status) != OK) return 0;
    int usable = tigetstr("cup") != NULL && tigetstr("clear") != NULL && tigetflag("hc") != 1;
    del_curterm(set_curterm(before));
    return usable ? 1 : -1;
}

size_t ct_leave_sequence(char *bytes, size_t capacity) {
    static const char *const names[] = {"sgr0", "op", "rmcup", "cnorm"};
    size_t used = 0;
    for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
        const char *sequence = tigetstr(names[index]);
        if (!sequence || sequence == (const char *)-1) continue;
        // Delays like $<5> are for printing terminals of long ago; nothing waits in a signal handler.
        for (const char *at = sequence; *at && used + 1 < capacity; at++) {
            if (at[0] == '$' && at[1] == '<') {
                const char *end = strchr(at, '>');
                if (end) {
                    at = end;
                    continue;
                }
            }
            bytes[used++] = *at;
        }
    }
    return used;
}
