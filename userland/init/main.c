// SPDX-License-Identifier: MIT
/*
 * init, process 1 of the operator's tenant: starts the machine that the boot files describe, then
 * runs the commands that came with the boot, or a shell.
 */
#include "userland/init/init.h"

#include "userland/lib/control.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define LINE_BYTES 512 /* of a report */

static void say(const char *line) {
    fputs(line, stderr);
    int log = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
    if (log >= 0)
        dprintf(log, "%s", line);
    close(log);
}

/* "init: … \n", cut to fit. */
static void format_line(char line[LINE_BYTES], const char *format, va_list arguments) {
    int start = snprintf(line, LINE_BYTES, "init: ");
    vsnprintf(line + start, LINE_BYTES - 1 - (size_t)start, format, arguments);
    strcat(line, "\n");
}

void report(const char *format, ...) {
    char line[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    format_line(line, format, arguments);
    va_end(arguments);
    say(line);
}

void report_missing(const char *format, ...) {
    char line[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    format_line(line, format, arguments);
    va_end(arguments);
    say(line);
    if (access(COMMANDS_FILE, F_OK) == 0)
        commands_write_error(line);
}

char *read_file(const char *path) {
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t used = 0;
    if (!file)
        return NULL;
    for (size_t room = 4096;; room *= 2) {
        char *larger = realloc(text, room);
        if (!larger)
            break;
        text = larger;
        used += fread(text + used, 1, room - used - 1, file);
        if (used < room - 1) {
            text[used] = 0;
            fclose(file);
            return text;
        }
    }
    free(text);
    fclose(file);
    errno = ENOMEM;
    return NULL;
}

static void set_environment(void) {
    setenv("PATH", "/bin:/sbin:/usr/bin:/usr/sbin", 1);
    setenv("HOME", "/root", 1);
    setenv("USER", "root", 1);
    setenv("TERM", "linux", 0);
    if (chdir("/root") < 0)
        setenv("HOME", "/", 1);
}

/* The console is for the shell's session. The hangup that comes with giving it up is our own. */
static void give_up_terminal(void) {
    signal(SIGHUP, SIG_IGN);
    ioctl(STDIN_FILENO, TIOCNOTTY);
}

int main(void) {
    if (getpid() != 1) {
        fputs("init: this is process 1's program; `rfctl` is for people\n", stderr);
        return 1;
    }
    signal(SIGPIPE, SIG_IGN);
    give_up_terminal();
    set_environment();
    if (control_connect() < 0)
        report("/dev/ringfence: %s: no tenants can be started", strerror(errno));
    else
        machine_start();
    commands_run();
    shell_keep();
}
