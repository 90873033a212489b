// SPDX-License-Identifier: MIT
#include "domains/linux/fs/proc_text.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"

#define FIRST_ROOM 500u /* fits a heap object of 512 bytes */
#define LINE_MAX   320u /* one call of proc_text_add */

static bool make_room(struct proc_text *text, uint32_t count) {
    uint32_t room = text->room == 0 ? FIRST_ROOM : text->room;
    char *bytes;

    while (room < text->length + count)
        room *= 2;
    if (room > PROC_TEXT_MAX && text->length + count <= PROC_TEXT_MAX)
        room = PROC_TEXT_MAX;
    if (room == text->room)
        return true;
    bytes = room > PROC_TEXT_MAX ? NULL : heap_allocate(room);
    if (bytes == NULL) {
        text->no_memory = true;
        return false;
    }
    if (text->length > 0)
        memcpy(bytes, text->bytes, text->length);
    heap_free(text->bytes);
    text->bytes = bytes;
    text->room = room;
    return true;
}

void proc_text_add_bytes(struct proc_text *text, const char *bytes, uint32_t count) {
    if (make_room(text, count)) {
        memcpy(text->bytes + text->length, bytes, count);
        text->length += count;
    }
}

void proc_text_add(struct proc_text *text, const char *format, ...) {
    va_list arguments;

    if (!make_room(text, LINE_MAX))
        return;
    va_start(arguments, format);
    text->length +=
        (uint32_t)text_format_list(text->bytes + text->length, LINE_MAX, format, arguments);
    va_end(arguments);
}

void proc_text_free(struct proc_text *text) {
    heap_free(text->bytes);
    *text = (struct proc_text){0};
}
