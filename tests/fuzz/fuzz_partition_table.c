// SPDX-License-Identifier: MIT
// sources: userland/lib/partition.c
/*
 * A disk whose beginning and end are anybody's: where a partition is said to lie is within the disk. An input is the disk's
 * size, its first 34 sectors and its last 33.
 */
#include "tests/fuzz/fuzz.h"
#include "userland/lib/partition.h"

#define SECTOR 512u
#define HEAD   (34 * SECTOR)
#define TAIL   (33 * SECTOR)

struct disk {
    struct input head, tail;
    uint64_t bytes;
};

static bool read_disk(void *context, uint64_t offset, void *to, size_t bytes) {
    struct disk *disk = context;
    PROMISE(offset <= disk->bytes && bytes <= disk->bytes - offset);
    memset(to, 0, bytes);
    for (size_t n = 0; n < bytes; n++) {
        uint64_t at = offset + n;
        const struct input *part = at < HEAD ? &disk->head : &disk->tail;
        uint64_t within = at < HEAD ? at : at - (disk->bytes - TAIL);
        if ((at < HEAD || at >= disk->bytes - TAIL) && within < (uint64_t)(part->end - part->at))
            ((uint8_t *)to)[n] = part->at[within];
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[] = {"volume0", "volume2", "red", ""};
    struct input input = {data, data + size};
    char complaint[PARTITION_COMPLAINT];
    uint64_t offset, bytes;
    struct disk disk = {.bytes = take64(&input) % (1ull << 48)};
    const uint8_t *middle = input.end - input.at > (ptrdiff_t)HEAD ? input.at + HEAD : input.end;
    disk.head = (struct input){input.at, middle};
    disk.tail = (struct input){middle, input.end};
    const struct partition_disk source = {read_disk, &disk, disk.bytes};
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
        if (partition_find(&source, names[n], &offset, &bytes, complaint))
            PROMISE(offset >= SECTOR && bytes > 0 && offset + bytes <= disk.bytes);
        else
            PROMISE(memchr(complaint, 0, sizeof complaint));
    }
    return 0;
}
