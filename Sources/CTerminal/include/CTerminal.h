// The whole bridge to ncurses, and the few things that must be C: signal handlers and terminal modes.
//
// One screen at a time, used from one thread. ncurses writes into a memory file instead of the terminal, so that the
// bytes of a frame can be counted, framed and written at once; it never reads, so keys are ours to decode.

#ifndef WICK_CTERMINAL_H
#define WICK_CTERMINAL_H

#include <stddef.h>
#include <stdint.h>

// MARK: curses.c

/// A cell as the shim takes it. `scalar` 0 is the right half of the wide glyph before it.
typedef struct {
    uint32_t scalar;
    int32_t pair;
    uint32_t attributes; // CT_BOLD and friends
} ct_cell;

enum { CT_BOLD = 1, CT_DIM = 2, CT_ITALIC = 4, CT_UNDERLINE = 8, CT_REVERSE = 16 };

/// What terminfo says about the terminal.
typedef struct {
    int colors;      // 0, 8, 16, 88, 256 or 2^24
    int pairs;       // pairs that can be defined, pair 0 included
    int direct;      // color numbers are RGB values
} ct_terminal;

/// Takes the locale of the environment, C.UTF-8 if that is not UTF-8. Returns 1 when UTF-8 can be written.
int ct_use_utf8(void);
/// Whether terminfo has an entry of that name with which a screen can be drawn: 1 yes, 0 not known, -1 too simple.
int ct_can_draw(const char *term);
/// Starts ncurses on a memory file. Returns 0, or -1 when the terminal type is not known.
int ct_open(const char *term, int rows, int columns, ct_terminal *terminal);
/// Ends ncurses; the bytes that leave the alternate screen stay readable until ct_discard. Returns their count.
size_t ct_close(void);
/// Gives the memory file back after ct_close.
void ct_discard(void);
/// Takes over a new size; the next flush paints everything.
void ct_resize(int rows, int columns);
/// Makes the next flush paint everything.
void ct_repaint(void);
/// Defines a color pair; -1 is the terminal's own color.
int ct_define_pair(int pair, int foreground, int background);
/// Forgets all color pairs.
void ct_forget_pairs(void);
/// Puts cells into a row.
void ct_put(int y, int x, const ct_cell *cells, int count);
/// Lets ncurses find the difference. Returns the number of bytes that bring the terminal there.
size_t ct_flush(void);
/// Takes the bytes of the last flush or close out of the memory file.
void ct_take(uint8_t *bytes, size_t count);
/// Copies the bytes that leave the alternate screen and show the cursor; call between open and close.
size_t ct_leave_sequence(char *bytes, size_t capacity);

// MARK: modes.c

/// Saves the terminal's modes and makes it raw. Returns 0 or an errno.
int ct_make_raw(int fd);
/// Makes the terminal raw again, after somebody else changed its modes.
void ct_remake_raw(void);
/// Puts the saved modes back.
void ct_make_cooked(void);
/// Sends standard output and error to a file; -1 for none. Returns 0 or an errno.
int ct_redirect_output(int log);
/// Puts standard output and error back.
void ct_restore_output(void);
/// From now on an exit or a crash writes these bytes to the terminal and puts its modes back.
void ct_arm_restore(int fd, const char *bytes, size_t count);
/// Undoes ct_arm_restore.
void ct_disarm_restore(void);
/// Size of a terminal. Returns 0, or -1 when it is not known.
int ct_size(int fd, int *rows, int *columns);
/// A descriptor that counts wake-ups, or -1.
int ct_make_waker(void);
/// Bytes the kernel still holds for a terminal.
int ct_queued_output(int fd);

// MARK: keeper.c

/// Splits the process in two before it has any thread: the caller goes on in the child (0), while the process that the
/// shell waits for keeps to its child's fate and passes on SIGTERM, SIGINT and SIGUSR1. Returns -1 with errno when there
/// can't be two; the caller goes on alone then. The child ends with its keeper, whatever ends that. The keeper, which has a
/// copy of all memory, calls `in_keeper` before it waits.
int ct_split(void (*in_keeper)(void));
/// Whether this process has a keeper in front of it.
int ct_has_keeper(void);
/// From now on the process outlives its keeper, which stays and passes signals on.
void ct_outlive_keeper(void);
/// Leaves the keeper's session and lets it end with 0 once it has printed a line. Returns 0 or an errno.
int ct_part_from_keeper(const char *line);

// MARK: signals.c

/// Catches the signals that concern a screen, also where the calling thread held them back. Returns the descriptor from
/// which their numbers are read, or -1.
int ct_catch_signals(void);
/// Puts the former handlers back, and holds back what the thread held back before; on the thread that caught them.
void ct_release_signals(void);
/// Catches crashes, to restore the terminal before whatever was installed before takes over.
void ct_catch_crashes(void);
/// Puts the former crash handlers back.
void ct_release_crashes(void);
/// Writes the restore bytes and puts modes back, once; safe in a signal handler.
void ct_restore_now(void);

#endif
