// SPDX-License-Identifier: MIT
/* See snapshot.h. */
#include "tests/fuzz/machine/snapshot.h"

#include "kernel/cpu/cpu.h"
#include "kernel/layout.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/machine/memory.h"
#include "tests/fuzz/machine/processor.h"

extern char snapshot_data_begin[], snapshot_data_end[], snapshot_bss_begin[], snapshot_bss_end[];

static struct saved {
    char *start;
    size_t bytes;
    char *copy;
} saved[2 + PROCESSORS];

static void save(struct saved *part, char *start, char *end) {
    PROMISE(start < end);
    *part = (struct saved){start, (size_t)(end - start), malloc((size_t)(end - start))};
    copy_unseen(part->copy, start, part->bytes);
}

void snapshot_take(void) {
    save(&saved[0], snapshot_data_begin, snapshot_data_end);
    save(&saved[1], snapshot_bss_begin, snapshot_bss_end);
    for (uint32_t n = 0; n < PROCESSORS; n++)
        save(&saved[2 + n], (char *)cpus[n], (char *)cpus[n] + CPU_LOCAL_PAGES * PAGE_SIZE);
    memory_remember();
}

void snapshot_restore(void) {
    for (unsigned i = 0; i < sizeof saved / sizeof *saved; i++)
        copy_unseen(saved[i].start, saved[i].copy, saved[i].bytes);
    memory_restore();
    processor_select(0);
}
