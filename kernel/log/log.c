// SPDX-License-Identifier: MIT
/*
 * The log: a ring of LOG_LINES lines. Positions count lines since boot, so a reader that was too slow sees a
 * gap, not nonsense.
 *
 * Each line also leaves on the debug port, a byte at a time, which takes an emulator longer than most of what is
 * logged: a line costs as much as the restart of a driver that it tells of. So once threads run, lines leave when
 * nobody has anything to do, or when they have waited for PATIENCE: then one each PAUSE, for nobody who runs has asked
 * for them, and a tenant may log many at once. None is lost: a ring full of lines that have not left yet makes room, at
 * the cost of who writes, and a panic or the end sends what there is.
 *
 *   oldest ──── sent ──────────── written      lines[position % LOG_LINES]
 *     rfctl log reads │ to leave yet
 */
#include "kernel/log/log.h"

#include "kernel/dev/clock.h"

#include <stddef.h>

#define LOG_LINES      512
#define LOG_LINE_BYTES 160
#define PATIENCE       10000000ull /* nanoseconds */
#define PAUSE          3000000ull  /* likewise */

static struct line {
    uint64_t leaves_by;
    uint32_t tenant;
    uint32_t bytes;
    char text[LOG_LINE_BYTES];
} lines[LOG_LINES];
static uint64_t written, sent;
static uint64_t pause_end;
static bool is_held; /* log_hold() */

bool log_send_line(void) {
    if (sent == written)
        return false;
    const struct line *line = &lines[sent++ % LOG_LINES];
    debug_frame('L', line->text, line->bytes);
    return true;
}

void log_send_all(void) {
    while (log_send_line())
        ;
}

void log_hold(void) {
    is_held = true;
}

static uint64_t next_leaves_by(void) {
    uint64_t leaves_by = lines[sent % LOG_LINES].leaves_by;

    if (sent == written)
        return DEADLINE_NEVER;
    return leaves_by > pause_end ? leaves_by : pause_end;
}

uint64_t log_work(uint64_t now) {
    if (now >= next_leaves_by()) {
        log_send_line();
        pause_end = now + PAUSE;
    }
    return next_leaves_by();
}

static void append(uint32_t tenant, const char *format, va_list arguments) {
    struct line *line = &lines[written % LOG_LINES];
    uint64_t now = clock_tsc_multiplier() ? clock_now() : 0;
    uint32_t milliseconds = (uint32_t)(now / 1000000u);

    if (written - sent == LOG_LINES)
        log_send_line();
    line->leaves_by = now + PATIENCE;
    line->tenant = tenant;
    line->bytes = format_text(line->text, LOG_LINE_BYTES, "[%5u.%03u] ", milliseconds / 1000,
                              milliseconds % 1000);
    line->bytes +=
        format_arguments(line->text + line->bytes, LOG_LINE_BYTES - line->bytes, format, arguments);
    written++;
    if (!is_held)
        log_send_all();
}

void log_line(const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    append(LOG_NOBODY, format, arguments);
    va_end(arguments);
}

void log_tenant(uint32_t tenant, const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    append(tenant, format, arguments);
    va_end(arguments);
}

void log_read(struct log_query *query) {
    uint64_t oldest = written > LOG_LINES ? written - LOG_LINES : 0;
    uint64_t position = query->position < oldest ? oldest : query->position;
    uint32_t room = query->bytes < sizeof query->text ? query->bytes : sizeof query->text, used = 0;

    for (; position < written; position++) {
        const struct line *line = &lines[position % LOG_LINES];
        if (query->tenant != LOG_NOBODY && query->tenant != line->tenant)
            continue;
        if (used + line->bytes + 1 > room)
            break;
        for (uint32_t i = 0; i < line->bytes; i++)
            query->text[used++] = line->text[i];
        query->text[used++] = '\n';
    }
    query->position = position;
    query->bytes = used;
}
