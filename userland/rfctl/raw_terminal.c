// SPDX-License-Identifier: MIT
/*
 * Settings are saved once and restored at exit; a fatal signal restores them and is raised again.
 */
#include "userland/rfctl/raw_terminal.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved;
static volatile sig_atomic_t is_raw;

void raw_terminal_end(void) {
    if (is_raw)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
    is_raw = 0;
}

static void end_by_signal(int signal_number) {
    raw_terminal_end();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

bool raw_terminal_begin(void) {
    static const int fatal[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE};
    if (tcgetattr(STDIN_FILENO, &saved) < 0)
        return false;
    struct termios raw = saved;
    cfmakeraw(&raw);
    if (tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) < 0)
        return false;
    is_raw = 1;
    atexit(raw_terminal_end);
    for (size_t i = 0; i < sizeof fatal / sizeof fatal[0]; i++)
        signal(fatal[i], end_by_signal);
    return true;
}

uint32_t raw_terminal_window(void) {
    struct winsize size;
    if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0)
        return 0;
    return (uint32_t)size.ws_row << 16 | size.ws_col;
}
