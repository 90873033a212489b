// SPDX-License-Identifier: MIT
/*
 * A small generator of its own, so that both sides draw alike. Paths are drawn from few names, so that they meet often, with dots, double
 * and trailing slashes, links and links to links.
 */
#include "tests/unit/random_file_call.h"

#include "domains/linux/file/flags.h"

#include <string.h>

static uint32_t random_state;

void draw_from(uint32_t seed) {
    random_state = seed;
}

static uint32_t draw(uint32_t below) {
    random_state = random_state * 1664525u + 1013904223u;
    return (random_state >> 8) % below;
}

static const char *draw_path(char *buffer) {
    static const char *const parts[] = {"a", "b", "c", "d", "a", "b", "..", "."};
    uint32_t count = 1 + draw(4);

    buffer[0] = 0;
    if (draw(3) == 0)
        strcat(buffer, "/");
    for (uint32_t i = 0; i < count; i++) {
        strcat(buffer, parts[draw(8)]);
        if (i + 1 < count || draw(8) == 0)
            strcat(buffer, draw(10) == 0 ? "//" : "/");
    }
    if (draw(100) == 0)
        buffer[0] = 0;
    return buffer;
}

void draw_call(struct call *call) {
    static const uint32_t open_flags[] = {O_RDONLY,
                                          O_RDWR,
                                          O_CREAT | O_RDWR,
                                          O_CREAT | O_WRONLY,
                                          O_CREAT | O_EXCL | O_RDWR,
                                          O_CREAT | O_TRUNC | O_RDWR,
                                          O_TRUNC | O_WRONLY,
                                          O_APPEND | O_WRONLY | O_CREAT,
                                          O_DIRECTORY,
                                          O_NOFOLLOW,
                                          O_NOFOLLOW | O_CREAT | O_RDWR,
                                          O_PATH,
                                          O_PATH | O_NOFOLLOW,
                                          O_DIRECTORY | O_RDWR};
    static const uint32_t rename_flags[] = {0, RENAME_NOREPLACE, RENAME_EXCHANGE, 3, 8};

    memset(call, 0, sizeof *call);
    call->kind = (enum call_kind)draw(KINDS);
    draw_path(call->path);
    draw_path(call->other);
    call->descriptor = FIRST_DESCRIPTOR + (int)draw(DESCRIPTORS);
    call->number = draw(20000);
    call->flags = draw(1000);
    if (call->kind == OPEN)
        call->flags = open_flags[draw(sizeof open_flags / sizeof open_flags[0])];
    else if (call->kind == RENAME_FLAGS)
        call->flags = rename_flags[draw(5)];
}
