// SPDX-License-Identifier: MIT
/*
 * A growing row of frames, filled from the app or from the manager.
 */
#include "domains/linux/process/arguments.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"

#include "kernel/abi/layout.h"

#define STRING_MOST (32 * PAGE_SIZE) /* one word, with its NUL */

struct arguments *arguments_make(void) {
    return heap_allocate(sizeof(struct arguments));
}

void arguments_free(struct arguments *arguments) {
    if (arguments == NULL)
        return;
    for (uint32_t i = arguments->given_away; i < arguments->frame_count; i++)
        frame_release(arguments->frames[i]);
    heap_free(arguments);
}

static char *byte_at(const struct arguments *arguments, uint32_t offset) {
    offset += arguments->start;
    return (char *)frame_pointer(arguments->frames[offset / PAGE_SIZE]) + offset % PAGE_SIZE;
}

/* Room behind what is there, in the last frame or a new one: its size, or a negative errno. */
static int make_room(struct arguments *arguments) {
    if (arguments->bytes == arguments->frame_count * PAGE_SIZE) {
        if (arguments->frame_count == ARGUMENT_FRAMES)
            return -E2BIG;
        uint32_t frame = frame_allocate();
        if (frame == NO_FRAME)
            return -ENOMEM;
        arguments->frames[arguments->frame_count++] = frame;
    }
    return (int)(arguments->frame_count * PAGE_SIZE - arguments->bytes);
}

int arguments_add_bytes(struct arguments *arguments, const void *bytes, uint32_t count) {
    const char *from = bytes;
    while (count > 0) {
        int room = make_room(arguments);
        if (room < 0)
            return room;
        uint32_t piece = count < (uint32_t)room ? count : (uint32_t)room;
        memcpy(byte_at(arguments, arguments->bytes), from, piece);
        arguments->bytes += piece;
        from += piece;
        count -= piece;
    }
    return 0;
}

int arguments_add_string(struct arguments *arguments, const char *string) {
    return arguments_add_bytes(arguments, string, (uint32_t)strlen(string) + 1);
}

/* Piece by piece: a string that does not fit into this frame goes on in the next. */
static int add_app_string(struct arguments *arguments, uint32_t string) {
    uint32_t start = arguments->bytes;
    for (;;) {
        int room = make_room(arguments);
        if (room < 0)
            return room;
        int length = copy_in_string(byte_at(arguments, arguments->bytes), string, (uint32_t)room);
        if (length >= 0) {
            arguments->bytes += (uint32_t)length + 1;
            return arguments->bytes - start > STRING_MOST ? -E2BIG : 0;
        }
        if (length != -ENAMETOOLONG)
            return length;
        arguments->bytes += (uint32_t)room;
        string += (uint32_t)room;
    }
}

int arguments_add_app_array(struct arguments *arguments, uint32_t array, uint32_t first,
                            uint32_t *count) {
    if (array == 0)
        return 0;
    for (uint32_t index = 0;; index++) {
        uint32_t string;
        if (copy_in(&string, array + index * 4, sizeof(string)) != 0)
            return -EFAULT;
        if (string == 0)
            return 0;
        if (index < first)
            continue;
        int error = add_app_string(arguments, string);
        if (error != 0)
            return error;
        ++*count;
    }
}

int arguments_add_array(struct arguments *arguments, const char *const *array, uint32_t first,
                        uint32_t *count) {
    for (uint32_t index = 0; array[index] != NULL; index++) {
        if (index < first)
            continue;
        int error = arguments_add_string(arguments, array[index]);
        if (error != 0)
            return error;
        ++*count;
    }
    return 0;
}

void arguments_settle(struct arguments *arguments) {
    if (arguments->frame_count != 1)
        return;
    uint32_t start = PAGE_SIZE - arguments->bytes;
    memmove(byte_at(arguments, start), byte_at(arguments, 0), arguments->bytes);
    arguments->start = start;
}

uint32_t arguments_next(const struct arguments *arguments, uint32_t offset) {
    while (*byte_at(arguments, offset) != '\0')
        offset++;
    return offset + 1;
}
