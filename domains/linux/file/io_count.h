// SPDX-License-Identifier: MIT
/*
 * What the current process's calls have moved, for /proc/N/io. A call counts also if it fails.
 */
#ifndef DOMAINS_LINUX_FILE_IO_COUNT_H
#define DOMAINS_LINUX_FILE_IO_COUNT_H

#include "domains/linux/process/process.h"

/* `moved`: bytes, or a negative errno. */
static inline void io_count_read(int32_t moved) {
    struct process_io *io = &current_process()->io;

    io->reads++;
    io->read_bytes += moved > 0 ? (uint32_t)moved : 0;
}

static inline void io_count_written(int32_t moved) {
    struct process_io *io = &current_process()->io;

    io->writes++;
    io->written_bytes += moved > 0 ? (uint32_t)moved : 0;
}

/* Of a disk; by the manager's own threads too, where nobody is counted. What is written counts when it enters the cache. */
static inline void io_count_disk(uint32_t read, uint32_t written) {
    struct process *process = current_process();

    if (process != NULL) {
        process->io.disk_read_bytes += read;
        process->io.disk_written_bytes += written;
    }
}

#endif
