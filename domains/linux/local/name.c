// SPDX-License-Identifier: MIT
#include "domains/linux/local/name.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"

#include <stddef.h>

/* A path ends at its first NUL, which it may lack. */
static uint32_t true_bytes(const char *text, uint32_t bytes) {
    uint32_t length = 0;
    if (bytes == 0 || text[0] == '\0')
        return bytes;
    while (length < bytes && text[length] != '\0')
        length++;
    return length + 1;
}

struct local_name *local_name_make(const char *text, uint32_t bytes) {
    struct local_name *name = heap_allocate(sizeof *name);
    if (name == NULL)
        return NULL;
    name->references = 1;
    name->bytes = true_bytes(text, bytes);
    memcpy(name->text, text, name->bytes <= bytes ? name->bytes : bytes);
    return name;
}

struct local_name *local_name_hold(struct local_name *name) {
    if (name != NULL)
        name->references++;
    return name;
}

void local_name_release(struct local_name *name) {
    if (name != NULL && --name->references == 0)
        heap_free(name);
}

bool local_name_is_path(const struct local_name *name) {
    return name->bytes > 0 && name->text[0] != '\0';
}

bool local_names_are_equal(const struct local_name *one, const struct local_name *two) {
    return one->bytes == two->bytes && memcmp(one->text, two->text, one->bytes) == 0;
}
