// SPDX-License-Identifier: MIT
/*
 * Times and memory of processes: the core measures time, the address space counts frames and
 * faults.
 */
#include "domains/linux/process/usage.h"
#include "domains/linux/entry/call.h"

#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/thread.h"

#include "kernel/abi/layout.h"

enum { RUSAGE_SELF = 0, RUSAGE_CHILDREN = -1, RUSAGE_THREAD = 1 };

#define TICKS 100 /* in a second, as times() counts */

struct cpu_times thread_cpu_times(const struct thread *thread) {
    struct thread_times times;
    if (core_thread_times(thread->control->handle, &times) != STATUS_OK)
        return (struct cpu_times){0, 0};
    return (struct cpu_times){times.app_nanoseconds, times.manager_nanoseconds};
}

struct cpu_times process_cpu_times(const struct process *process) {
    struct cpu_times sum = {process->app_time, process->manager_time};
    for (struct thread *thread = process->threads; thread != NULL; thread = thread->next) {
        struct cpu_times times = thread_cpu_times(thread);
        sum.app += times.app;
        sum.manager += times.manager;
    }
    return sum;
}

static void split(uint64_t nanoseconds, int32_t *seconds, int32_t *microseconds) {
    uint32_t rest;
    *seconds = (int32_t)divide_u64(nanoseconds, (uint32_t)NANOSECONDS, &rest);
    *microseconds = (int32_t)(rest / 1000);
}

static struct app_usage usage(struct cpu_times times, uint64_t peak_frames) {
    struct app_usage result = {.peak_kilobytes = (int32_t)(peak_frames * (PAGE_SIZE / 1024))};
    split(times.app, &result.user_seconds, &result.user_microseconds);
    split(times.manager, &result.system_seconds, &result.system_microseconds);
    return result;
}

struct app_usage usage_of_process(const struct process *process) {
    const struct address_space *space = process->space;
    uint64_t peak = process->peak_frames;
    if (space != NULL && space->peak_frames > peak)
        peak = space->peak_frames;
    struct app_usage result = usage(process_cpu_times(process), peak);
    if (space != NULL) {
        result.minor_faults = (int32_t)(space->faults - space->file_faults);
        result.major_faults = (int32_t)space->file_faults;
    }
    return result;
}

struct app_usage usage_of_children(const struct process *process) {
    return usage((struct cpu_times){process->child_app_time, process->child_manager_time},
                 process->child_peak_frames);
}

static void add_io(struct process_io *io, const struct process_io *more) {
    io->reads += more->reads;
    io->writes += more->writes;
    io->read_bytes += more->read_bytes;
    io->written_bytes += more->written_bytes;
    io->disk_read_bytes += more->disk_read_bytes;
    io->disk_written_bytes += more->disk_written_bytes;
}

void usage_add_child(struct process *process, const struct process *child) {
    process->child_app_time += child->app_time + child->child_app_time;
    process->child_manager_time += child->manager_time + child->child_manager_time;
    add_io(&process->io, &child->io);
    if (child->peak_frames > process->child_peak_frames)
        process->child_peak_frames = child->peak_frames;
    if (child->child_peak_frames > process->child_peak_frames)
        process->child_peak_frames = child->child_peak_frames;
}

SYSTEM_CALL_2(getrusage, who, result) {
    struct app_usage found;
    switch ((int32_t)who) {
    case RUSAGE_SELF:
        found = usage_of_process(current_process());
        break;
    case RUSAGE_CHILDREN:
        found = usage_of_children(current_process());
        break;
    case RUSAGE_THREAD:
        found = usage(thread_cpu_times(current_thread()), current_process()->space->peak_frames);
        break;
    default:
        return -EINVAL;
    }
    return copy_out(result, &found, sizeof(found));
}

static int32_t ticks(uint64_t nanoseconds) {
    return (int32_t)divide_u64(nanoseconds, (uint32_t)(NANOSECONDS / TICKS), NULL);
}

SYSTEM_CALL_1(times, result) {
    const struct process *process = current_process();
    struct cpu_times own = process_cpu_times(process);
    const int32_t counts[4] = {ticks(own.app), ticks(own.manager), ticks(process->child_app_time),
                               ticks(process->child_manager_time)};
    if (result != 0 && copy_out(result, counts, sizeof(counts)) != 0)
        return -EFAULT;
    return ticks(clock_nanoseconds());
}
