// SPDX-License-Identifier: MIT
/*
 * One option after the other: a name, and mostly a number behind it.
 */
#include "domains/linux/fs/tree_option.h"

#include "domains/lib/memory.h"

#define PAGE_BYTES       4096u
#define MODE_DEFAULT     01777u
#define MODE_PERMISSIONS 07777u
#define NUMBER_MOST      (UINT64_MAX >> 34) /* so that no suffix makes it overflow */

struct reader {
    const char *at;
    bool failed;
};

static uint64_t number(struct reader *reader, uint32_t base) {
    uint64_t value = 0;
    const char *start = reader->at;

    while (*reader->at >= '0' && *reader->at < (char)('0' + base) && value <= NUMBER_MOST)
        value = value * base + (uint64_t)(*reader->at++ - '0');
    if (reader->at == start || value > NUMBER_MOST)
        reader->failed = true;
    return value;
}

/* Of bytes or of things: k, m and g are for powers of 1024. */
static uint64_t amount(struct reader *reader) {
    uint64_t value = number(reader, 10);
    uint32_t shift = *reader->at == 'k' || *reader->at == 'K'   ? 10
                     : *reader->at == 'm' || *reader->at == 'M' ? 20
                     : *reader->at == 'g' || *reader->at == 'G' ? 30
                                                                : 0;

    reader->at += shift != 0;
    return value << shift;
}

/* In pages, rounded up; of the memory if it ends in %. */
static uint64_t size(struct reader *reader, uint32_t memory_pages) {
    uint64_t value = amount(reader);

    if (*reader->at != '%')
        return (value + PAGE_BYTES - 1) / PAGE_BYTES;
    reader->at++;
    reader->failed |= value > 100;
    return memory_pages / 100 * (uint32_t)value;
}

static bool skip_name(struct reader *reader, const char *name) {
    size_t length = strlen(name);

    if (strncmp(reader->at, name, length) != 0)
        return false;
    reader->at += length;
    return true;
}

static void read_one(struct reader *reader, uint32_t memory_pages, struct tree_options *options) {
    if (skip_name(reader, "mode="))
        options->mode = (uint32_t)number(reader, 8) & MODE_PERMISSIONS;
    else if (skip_name(reader, "uid="))
        options->uid = (uint32_t)number(reader, 10);
    else if (skip_name(reader, "gid="))
        options->gid = (uint32_t)number(reader, 10);
    else if (skip_name(reader, "size="))
        options->pages_most = size(reader, memory_pages);
    else if (skip_name(reader, "nr_blocks="))
        options->pages_most = amount(reader);
    else if (skip_name(reader, "nr_inodes="))
        options->nodes_most = amount(reader);
    else if (!skip_name(reader, "inode32") && !skip_name(reader, "inode64"))
        reader->failed = true;
}

bool tree_options_read(const char *text, uint32_t memory_pages, struct tree_options *options) {
    struct reader reader = {.at = text};

    *options = (struct tree_options){.mode = MODE_DEFAULT};
    while (*reader.at != 0 && !reader.failed) {
        read_one(&reader, memory_pages, options);
        if (*reader.at == ',')
            reader.at++;
        else if (*reader.at != 0)
            reader.failed = true;
    }
    return !reader.failed;
}
