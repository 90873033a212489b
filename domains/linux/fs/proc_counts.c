// SPDX-License-Identifier: MIT
/*
 * What was moved and what was missed: /proc/N/io and /proc/vmstat, of which there is only what is counted here.
 */
#include "domains/lib/heap.h"
#include "domains/linux/block/device.h"
#include "domains/linux/fs/proc_entry.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/process/memory_shortage.h"

#define KIB 1024u

/* Nothing that was written into the cache is ever taken back before it goes to the disk. */
void proc_show_io(struct proc_text *text, const struct proc_subject *subject) {
    const struct process_io *io = &subject->process->io;

    proc_text_add(text, "rchar: %llu\nwchar: %llu\nsyscr: %llu\nsyscw: %llu\n",
                  (unsigned long long)io->read_bytes, (unsigned long long)io->written_bytes,
                  (unsigned long long)io->reads, (unsigned long long)io->writes);
    proc_text_add(text, "read_bytes: %llu\nwrite_bytes: %llu\ncancelled_write_bytes: 0\n",
                  (unsigned long long)io->disk_read_bytes,
                  (unsigned long long)io->disk_written_bytes);
}

void proc_show_vmstat(struct proc_text *text,
                      __attribute__((unused)) const struct proc_subject *subject) {
    uint64_t read = 0, written = 0;

    for (const struct block_device *device = block_first(); device != NULL; device = device->next) {
        read += device->counters[IO_READ].bytes;
        written += device->counters[IO_WRITE].bytes;
    }
    proc_text_add(text, "nr_free_pages %u\npgpgin %llu\npgpgout %llu\n", frames_free(),
                  (unsigned long long)(read / KIB), (unsigned long long)(written / KIB));
    proc_text_add(text, "pgfault %llu\npgmajfault %llu\noom_kill %u\n",
                  (unsigned long long)memory_faults, (unsigned long long)memory_file_faults,
                  shortage_ends);
}
