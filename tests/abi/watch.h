// SPDX-License-Identifier: MIT
/*
 * One inotify instance, what it tells as text, and a folder to watch things in.
 *
 * A check names the events that it expects, all of them: "CREATE a" is an event with a name, "ATTRIB" one without.
 */
#ifndef TESTS_ABI_WATCH_H
#define TESTS_ABI_WATCH_H

#include "tests/abi/check.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#define TEXT_BYTES 2048

static char folder[] = "/tmp/watches-XXXXXX";
static int instance;
static uint32_t cookie; /* of the last MOVED_FROM */

static const struct {
    uint32_t event;
    const char *name;
} names[] = {
    {IN_ACCESS, "ACCESS"},
    {IN_MODIFY, "MODIFY"},
    {IN_ATTRIB, "ATTRIB"},
    {IN_CLOSE_WRITE, "CLOSE_WRITE"},
    {IN_CLOSE_NOWRITE, "CLOSE_NOWRITE"},
    {IN_OPEN, "OPEN"},
    {IN_MOVED_FROM, "MOVED_FROM"},
    {IN_MOVED_TO, "MOVED_TO"},
    {IN_CREATE, "CREATE"},
    {IN_DELETE, "DELETE"},
    {IN_DELETE_SELF, "DELETE_SELF"},
    {IN_MOVE_SELF, "MOVE_SELF"},
    {IN_UNMOUNT, "UNMOUNT"},
    {IN_Q_OVERFLOW, "Q_OVERFLOW"},
    {IN_IGNORED, "IGNORED"},
    {IN_ISDIR, "ISDIR"},
};

static inline void write_event(char *text, const struct inotify_event *event) {
    char *end = text + strlen(text);
    const char *separator = *text != '\0' ? ", " : "";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (event->mask & names[i].event) {
            end += sprintf(end, "%s%s", separator, names[i].name);
            separator = "|";
        }
    if (event->len != 0)
        sprintf(end, " %s", event->name);
    if (event->mask & IN_MOVED_FROM)
        cookie = event->cookie;
    if (event->mask & IN_MOVED_TO)
        CHECK(event->cookie == cookie && cookie != 0);
}

/* Everything that there is to read, as text. */
static inline const char *told(void) {
    static char text[TEXT_BYTES];
    char buffer[4096] __attribute__((aligned(4)));
    ssize_t bytes;
    text[0] = '\0';
    while ((bytes = read(instance, buffer, sizeof buffer)) > 0)
        for (char *at = buffer; at < buffer + bytes;) {
            const struct inotify_event *event = (void *)at;
            CHECK(event->len % sizeof *event == 0);
            write_event(text, event);
            at += sizeof *event + event->len;
        }
    CHECK(errno == EAGAIN);
    return text;
}

static inline int is_told(const char *expected) {
    const char *text = told();
    if (strcmp(text, expected) == 0)
        return 1;
    printf("told:     %s\nexpected: %s\n", text, expected);
    return 0;
}

#define TOLD(expected) CHECK(is_told(expected))

static inline int watch(const char *path, uint32_t mask) {
    int descriptor = inotify_add_watch(instance, path, mask);
    CHECK(descriptor > 0);
    return descriptor;
}

static inline void begin(void) {
    instance = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    CHECK(instance >= 0 && fcntl(instance, F_GETFD) == FD_CLOEXEC);
}

static inline void end(void) {
    TOLD("");
    CHECK(close(instance) == 0);
}

static inline int make_file(const char *name) {
    int file = open(name, O_CREAT | O_RDWR | O_EXCL, 0644);
    CHECK(file >= 0);
    return file;
}

static inline void make_closed(const char *name) {
    CHECK(close(make_file(name)) == 0);
}

static inline void enter_folder(void) {
    CHECK(mkdtemp(folder) != NULL && chmod(folder, 0755) == 0 && chdir(folder) == 0);
}

static inline void leave_folder(void) {
    CHECK(chdir("/") == 0 && rmdir(folder) == 0);
}

#endif
