#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include "CTerminal.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

static SCREEN *screen;
static FILE *output;
static FILE *input;
static int memory = -1;

int ct_use_utf8(void) {
    if (setlocale(LC_CTYPE, "") && !strcmp(nl_langinfo(CODESET), "UTF-8")) return 1;
    if (setlocale(LC_CTYPE, "C.UTF-8") && !strcmp(nl_langinfo(CODESET), "UTF-8")) return 1;
    setlocale(LC_CTYPE, "C");
    return 0;
}

// newterm installs handlers of its own where it finds none; theirs draw and exit, which no handler may.
static const int taken[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};
enum { count_of_taken = sizeof taken / sizeof *taken };

static SCREEN *start(const char *term) {
    struct sigaction before[count_of_taken];
    for (int index = 0; index < count_of_taken; index++) sigaction(taken[index], NULL, &before[index]);
    SCREEN *result = newterm(term, output, input);
    for (int index = 0; index < count_of_taken; index++) sigaction(taken[index], &before[index], NULL);
    return result;
}

int ct_open(const char *term, int rows, int columns, ct_terminal *terminal) {
    memory = memfd_create("frame", MFD_CLOEXEC);
    if (memory < 0) return -1;
    output = fdopen(dup(memory), "w");
    input = fopen("/dev/null", "re");
    // The size comes with ct_resize; terminfo's serves until then, and the environment where terminfo has none.
    use_env(FALSE);
    screen = output && input ? start(term) : NULL;
    if (!screen && output && input) {
        use_env(TRUE);
        screen = start(term);
    }
    if (!screen) {
        ct_discard();
        return -1;
    }
    set_term(screen);
    typeahead(-1); // never stop half way through a frame to look for keys
    noecho();
    nonl();
    leaveok(stdscr, TRUE);
    scrollok(stdscr, FALSE);
    idcok(stdscr, FALSE);
    idlok(stdscr, FALSE);
    curs_set(0);
    terminal->colors = 0;
    terminal->pairs = 0;
    terminal->direct = 0;
    if (has_colors() && start_color() == OK) {
        use_default_colors();
        terminal->colors = COLORS;
        terminal->pairs = COLOR_PAIRS;
        terminal->direct = COLORS >= 1 << 24;
    }
    resizeterm(rows, columns);
    return 0;
}

size_t ct_close(void) {
    if (!screen) return 0;
    endwin();
    fflush(output);
    off_t count = lseek(memory, 0, SEEK_END);
    delscreen(screen);
    screen = NULL;
    return count > 0 ? (size_t)count : 0;
}

void ct_discard(void) {
    if (output) fclose(output);
    if (input) fclose(input);
    if (memory >= 0) close(memory);
    output = input = NULL;
    memory = -1;
}

void ct_resize(int rows, int columns) {
    resizeterm(rows, columns);
    clearok(curscr, TRUE);
}

void ct_repaint(void) {
    clearok(curscr, TRUE);
}

int ct_define_pair(int pair, int foreground, int background) {
    return init_extended_pair(pair, foreground, background) == OK ? 0 : -1;
}

void ct_forget_pairs(void) {
    reset_color_pairs();
}

static attr_t attributes_of(uint32_t bits) {
    attr_t result = A_NORMAL;
    if (bits & CT_BOLD) result |= A_BOLD;
    if (bits & CT_DIM) result |= A_DIM;
    if (bits & CT_ITALIC) result |= A_ITALIC;
    if (bits & CT_UNDERLINE) result |= A_UNDERLINE;
    if (bits & CT_REVERSE) result |= A_REVERSE;
    return result;
}

// A glyph as ncurses takes it. Where the C library disagrees with the caller about the width, or has no such
// character, the glyph would shift the rest of the row: a question mark keeps the place.
static void set_glyph(cchar_t *glyph, const ct_cell *cell, int width) {
    wchar_t text[2] = {(wchar_t)cell->scalar, 0};
    if (cell->scalar > 0x7E && wcwidth(text[0]) != width) text[0] = L'?';
    int pair = cell->pair;
    setcchar(glyph, text, attributes_of(cell->attributes), 0, &pair);
}

enum { run_capacity = 256 };

// Halves of former wide glyphs confuse ncurses when new ones are written over them one by one.
static void clear_span(int y, int x, int count) {
    cchar_t run[run_capacity];
    ct_cell blank = {.scalar = ' '};
    for (int index = 0; index < run_capacity && index < count; index++) set_glyph(&run[index], &blank, 1);
    for (int done = 0; done < count; done += run_capacity) {
        int length = count - done < run_capacity ? count - done : run_capacity;
        if (wmove(stdscr, y, x + done) == OK) wadd_wchnstr(stdscr, run, length);
    }
}

void ct_put(int y, int x, const ct_cell *cells, int count) {
    cchar_t run[run_capacity];
    for (int index = 0; index < count; index++) {
        if (cells[index].scalar == 0) {
            clear_span(y, x, count);
            break;
        }
    }
    int done = 0;
    while (done < count) {
        int length = 0;
        while (done + length < count && length < run_capacity) {
            int at = done + length;
            if (cells[at].scalar == 0 || (at + 1 < count && cells[at + 1].scalar == 0)) break;
            set_glyph(&run[length++], &cells[at], 1);
        }
        if (length > 0) {
            if (wmove(stdscr, y, x + done) == OK) wadd_wchnstr(stdscr, run, length);
            done += length;
            continue;
        }
        // A wide glyph, or the right half of one that is not there.
        ct_cell cell = cells[done];
        int isWide = cell.scalar != 0 && wcwidth((wchar_t)cell.scalar) == 2;
        if (cell.scalar == 0) cell.scalar = ' ';
        set_glyph(run, &cell, isWide ? 2 : 1);
        if (wmove(stdscr, y, x + done) == OK) wadd_wch(stdscr, run);
        done += 1;
        if (isWide) done += 1;
    }
}

size_t ct_flush(void) {
    wnoutrefresh(stdscr);
    doupdate();
    fflush(output);
    off_t count = lseek(memory, 0, SEEK_END);
    return count > 0 ? (size_t)count : 0;
}

void ct_take(uint8_t *bytes, size_t count) {
    size_t done = 0;
    while (done < count) {
        ssize_t got = pread(memory, bytes + done, count - done, (off_t)done);
        if (got <= 0) break;
        done += (size_t)got;
    }
    memset(bytes + done, 0, count - done);
    if (ftruncate(memory, 0) == 0) lseek(memory, 0, SEEK_SET);
}
