// SPDX-License-Identifier: MIT
/*
 * What the tenant's disks have done, as /proc tells it. A request counts when it is done, and then for all of its time: from
 * the manager's submission to its answer, waits for limits and restarts of the driver included.
 */
#include "domains/lib/clock.h"
#include "domains/linux/block/device.h"
#include "domains/linux/file/io_count.h"
#include "domains/linux/fs/proc_entry.h"

#define SECTOR      512
#define MILLISECOND 1000000

/* Two CPUs' clocks may differ by a little. */
static uint64_t since(uint64_t then, uint64_t now) {
    return now > then ? now - then : 0;
}

static void pass_time(struct block_device *device, uint64_t now) {
    uint64_t passed = since(device->changed_at, now);
    device->busy += device->in_flight ? passed : 0;
    device->busy_waited += device->in_flight * passed;
    device->changed_at += passed;
}

uint64_t block_count_begin(struct block_device *device) {
    uint64_t now = clock_nanoseconds();
    pass_time(device, now);
    device->in_flight++;
    return now;
}

void block_count_end(struct block_device *device, uint32_t operation, uint32_t bytes,
                     uint64_t began) {
    struct block_counters *counters = &device->counters[operation];
    uint64_t now = clock_nanoseconds();
    pass_time(device, now);
    device->in_flight--;
    counters->requests++;
    counters->bytes += bytes;
    counters->nanoseconds += since(began, now);
    if (operation == IO_READ)
        io_count_disk(bytes, 0);
}

/* ---- /proc ----------------------------------------------------------------------------------- */

static void add_counters(struct proc_text *text, const struct block_counters *counters) {
    proc_text_add(text, " %llu 0 %llu %llu", counters->requests, counters->bytes / SECTOR,
                  counters->nanoseconds / MILLISECOND);
}

/* As Linux 6.1 has it: read, written, in flight, busy, waited, discarded, flushed. Nothing is merged or discarded. */
void proc_show_diskstats(struct proc_text *text, const struct proc_subject *subject) {
    uint32_t minor = 0;
    (void)subject;
    for (struct block_device *device = block_first(); device; device = device->next) {
        const struct block_counters *flushed = &device->counters[IO_FLUSH];
        pass_time(device, clock_nanoseconds());
        proc_text_add(text, "%4u %7u %s", BLOCK_MAJOR, minor, device->name);
        add_counters(text, &device->counters[IO_READ]);
        add_counters(text, &device->counters[IO_WRITE]);
        proc_text_add(text, " %u %llu %llu 0 0 0 0 %llu %llu\n", device->in_flight,
                      device->busy / MILLISECOND, device->busy_waited / MILLISECOND,
                      flushed->requests, flushed->nanoseconds / MILLISECOND);
        minor += BLOCK_MINORS;
    }
}

void proc_show_partitions(struct proc_text *text, const struct proc_subject *subject) {
    uint32_t minor = 0;
    (void)subject;
    proc_text_add(text, "major minor  #blocks  name\n\n");
    for (struct block_device *device = block_first(); device; device = device->next) {
        proc_text_add(text, "%4u  %7u %10llu %s\n", BLOCK_MAJOR, minor, device->bytes >> 10,
                      device->name);
        minor += BLOCK_MINORS;
    }
}
