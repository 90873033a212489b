// SPDX-License-Identifier: MIT
/*
 * /proc/N and /proc/N/task/N: the table of what they hold, and the texts about a process as such.
 */
#include "domains/linux/fs/proc_entry.h"
#include "domains/linux/fs/proc_number.h"

#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/process/usage.h"
#include "domains/linux/signal/state.h"
#include "domains/linux/tty/terminal.h"

#include "kernel/abi/layout.h"

#define TICK_NANOSECONDS 10000000u /* times are shown in hundredths of a second */
#define KIB(pages)       ((pages) * (PAGE_SIZE / 1024))

static uint32_t ticks(uint64_t nanoseconds) {
    return (uint32_t)divide_u64(nanoseconds, TICK_NANOSECONDS, NULL);
}

/* The first thread stands for the process, where no thread is named. */
static const struct thread *thread_of(const struct proc_subject *subject) {
    return subject->thread != NULL ? subject->thread : subject->process->threads;
}

static char state_of(const struct process *process) {
    if (process->zombie)
        return 'Z';
    if (process->stopped)
        return 'T';
    return process == current_process() ? 'R' : 'S';
}

static const char *state_name(char state) {
    return state == 'Z'   ? "Z (zombie)"
           : state == 'T' ? "T (stopped)"
           : state == 'R' ? "R (running)"
                          : "S (sleeping)";
}

/* ---- Signals: sets of all threads and of the handlers ---------------------------------------- */

static signal_set handled_as(const struct process *process, bool ignored) {
    signal_set set = 0;

    if (process->signals == NULL)
        return 0;
    for (int signal = 1; signal <= SIGNAL_COUNT; signal++) {
        uint32_t handler = signal_action(process, signal)->handler;

        if (ignored ? handler == SIGNAL_IGNORE : handler > SIGNAL_IGNORE)
            set |= signal_bit(signal);
    }
    return set;
}

/* ---- stat: one line of numbers --------------------------------------------------------------- */

static struct cpu_times times_of(const struct proc_subject *subject) {
    return subject->thread != NULL ? thread_cpu_times(subject->thread)
                                   : process_cpu_times(subject->process);
}

/* As Linux shows it: below 0 for who is real-time. */
static int32_t priority_of(const struct process *process, const struct thread *thread) {
    return thread != NULL && thread->schedule.priority > 0 ? -1 - (int32_t)thread->schedule.priority
                                                           : 20 + process->nice;
}

static void show_schedule(struct proc_text *text, const struct thread *thread) {
    if (thread == NULL)
        proc_text_add(text, "0 0 0 ");
    else
        proc_text_add(text, "%u %u %u ", thread_cpu(thread), thread->schedule.priority,
                      thread->schedule.policy);
}

static void show_stat(struct proc_text *text, const struct proc_subject *subject) {
    const struct process *process = subject->process;
    const struct address_space *space = process->space;
    const struct thread *thread = thread_of(subject);
    struct cpu_times times = times_of(subject);
    struct app_usage usage = usage_of_process(process);
    struct terminal *terminal = process->terminal;

    proc_text_add(text, "%d (%s) %c %d %d %d %d %d 0 ",
                  subject->thread != NULL ? subject->thread->tid : process->pid,
                  thread != NULL ? thread->name : process->name, state_of(process),
                  process->parent_pid, process->process_group, process->session,
                  terminal == NULL ? 0 : (int)terminal_device_number(terminal),
                  terminal == NULL ? -1 : terminal_foreground(terminal));
    proc_text_add(text, "%d 0 %d 0 %u %u %u %u %d %d %u 0 %u ", usage.minor_faults,
                  usage.major_faults, ticks(times.app), ticks(times.manager),
                  ticks(process->child_app_time), ticks(process->child_manager_time),
                  priority_of(process, thread), process->nice, process->thread_count,
                  ticks(process->started));
    proc_text_add(text, "%u %u 4294967295 %u %u %u 0 0 ",
                  space == NULL ? 0 : address_space_pages(space) * PAGE_SIZE,
                  space == NULL ? 0 : address_space_resident(space),
                  space == NULL ? 0 : space->code_start, space == NULL ? 0 : space->code_end,
                  space == NULL ? 0 : space->stack_start);
    proc_text_add(text, "%u %u %u %u 0 0 0 17 ", (uint32_t)process->pending.set,
                  thread == NULL ? 0 : (uint32_t)thread->blocked,
                  (uint32_t)handled_as(process, true), (uint32_t)handled_as(process, false));
    show_schedule(text, thread);
    proc_text_add(text, "0 0 0 ");
    proc_text_add(text, "%u %u %u %u %u %u %u %d\n", space == NULL ? 0 : space->data_start,
                  space == NULL ? 0 : space->data_end, space == NULL ? 0 : space->break_start,
                  space == NULL ? 0 : space->arguments_start,
                  space == NULL ? 0 : space->arguments_end,
                  space == NULL ? 0 : space->arguments_end,
                  space == NULL ? 0 : space->environment_end, process->exit_status);
}

/* ---- status: the same for people ------------------------------------------------------------- */

static void show_ids(struct proc_text *text, const struct process *process) {
    proc_text_add(text, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\nGroups:\t", process->uid,
                  process->euid, process->suid, process->fsuid, process->gid, process->egid,
                  process->sgid, process->fsgid);
    for (uint32_t i = 0; i < process->group_count; i++)
        proc_text_add(text, "%u ", process->groups[i]);
    proc_text_add(text, "\n");
}

static void show_sizes(struct proc_text *text, const struct address_space *space) {
    uint32_t pages = address_space_pages(space), resident = address_space_resident(space);

    proc_text_add(text, "VmPeak:\t%8u kB\nVmSize:\t%8u kB\nVmLck:\t%8u kB\n", KIB(pages),
                  KIB(pages), KIB(area_locked_pages(&space->areas, 0, AREA_LIMIT)));
    proc_text_add(text, "VmHWM:\t%8u kB\nVmRSS:\t%8u kB\n", KIB(space->peak_frames), KIB(resident));
    proc_text_add(text, "VmData:\t%8u kB\nVmStk:\t%8u kB\nVmExe:\t%8u kB\nVmLib:\t%8u kB\n",
                  (space->break_end - space->break_start) / 1024, 0u,
                  (space->code_end - space->code_start) / 1024, 0u);
}

static bool has(uint32_t cpus, uint32_t cpu) {
    return cpu < 32 && (cpus & 1u << cpu);
}

/* As a mask, and as a list of runs. */
static void show_cpus(struct proc_text *text, uint32_t cpus) {
    const char *separator = "";

    proc_text_add(text, "Cpus_allowed:\t%0*x\nCpus_allowed_list:\t",
                  (int)(information()->cpu_count + 3) / 4, cpus);
    for (uint32_t first = 0, end; first < 32; first = end + 1) {
        for (end = first; has(cpus, end); end++) {
        }
        if (end == first)
            continue;
        proc_text_add(text, "%s%u", separator, first);
        if (end > first + 1)
            proc_text_add(text, "-%u", end - 1);
        separator = ",";
    }
    proc_text_add(text, "\n");
}

static void show_status(struct proc_text *text, const struct proc_subject *subject) {
    const struct process *process = subject->process;
    const struct thread *thread = thread_of(subject);

    proc_text_add(text, "Name:\t%s\nUmask:\t%04o\nState:\t%s\nTgid:\t%d\nNgid:\t0\nPid:\t%d\n",
                  thread != NULL ? thread->name : process->name,
                  process->paths == NULL ? 0 : process->paths->umask, state_name(state_of(process)),
                  process->pid, subject->thread != NULL ? subject->thread->tid : process->pid);
    proc_text_add(text, "PPid:\t%d\nTracerPid:\t0\n", process->parent_pid);
    show_ids(text, process);
    if (process->space != NULL)
        show_sizes(text, process->space);
    proc_text_add(text, "Threads:\t%u\nSigPnd:\t%016llx\nShdPnd:\t%016llx\nSigBlk:\t%016llx\n",
                  process->thread_count,
                  thread == NULL ? 0ull : (unsigned long long)thread->pending.set,
                  (unsigned long long)process->pending.set,
                  thread == NULL ? 0ull : (unsigned long long)thread->blocked);
    proc_text_add(text, "SigIgn:\t%016llx\nSigCgt:\t%016llx\n",
                  (unsigned long long)handled_as(process, true),
                  (unsigned long long)handled_as(process, false));
    show_cpus(text, thread_affinity(thread));
}

/* ---- Short ones ------------------------------------------------------------------------------ */

/* What lies there now: a program may have written over its arguments. A title that has written over the NUL at their end
 * goes on up to the next one, as setproctitle(3) does. */
static uint32_t read_command_line(const struct address_space *space, char *bytes, uint32_t most) {
    uint32_t got = address_space_read(space, space->arguments_start, bytes, most), length = 0;
    if (got == 0 || got < most || bytes[most - 1] == 0)
        return got;
    got = address_space_read(space, space->arguments_start, bytes, PAGE_SIZE);
    while (length < got && bytes[length] != 0)
        length++;
    return length < got ? length + 1 : got;
}

static uint32_t larger(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

static void show_cmdline(struct proc_text *text, const struct proc_subject *subject) {
    const struct address_space *space = subject->process->space;
    if (space == NULL)
        return;
    uint32_t most = space->arguments_end - space->arguments_start;
    most = most < PROC_TEXT_MAX ? most : PROC_TEXT_MAX;
    char *bytes = heap_allocate_unzeroed(larger(most, PAGE_SIZE));
    if (bytes != NULL)
        proc_text_add_bytes(text, bytes, read_command_line(space, bytes, most));
    else
        text->no_memory = true;
    heap_free(bytes);
}

/* For its owner alone, by the mode of the entry. */
static void show_environment(struct proc_text *text, const struct proc_subject *subject) {
    const struct address_space *space = subject->process->space;
    if (space == NULL)
        return;
    uint32_t most = space->environment_end - space->arguments_end;
    most = most < PROC_TEXT_MAX ? most : PROC_TEXT_MAX;
    char *bytes = heap_allocate_unzeroed(larger(most, 1));
    if (bytes != NULL)
        proc_text_add_bytes(text, bytes,
                            address_space_read(space, space->arguments_end, bytes, most));
    else
        text->no_memory = true;
    heap_free(bytes);
}

static void show_comm(struct proc_text *text, const struct proc_subject *subject) {
    const struct thread *thread = thread_of(subject);

    proc_text_add(text, "%s\n", thread != NULL ? thread->name : subject->process->name);
}

/* Of the caller's own threads alone. */
static int take_comm(const struct proc_subject *subject, char *text) {
    struct thread *thread = subject->thread != NULL ? subject->thread : subject->process->threads;

    if (subject->process != current_process() || thread == NULL)
        return -EINVAL;
    thread_rename(thread, text);
    return 0;
}

/* Which of the manager's functions a process sleeps in has no name that would tell a program anything. */
static void show_wait_channel(struct proc_text *text, const struct proc_subject *subject) {
    (void)subject;
    proc_text_add(text, "0");
}

/* No core is ever written; what it would hold is remembered. */
static void show_core_filter(struct proc_text *text, const struct proc_subject *subject) {
    if (subject->process->space != NULL)
        proc_text_add(text, "%08x\n", subject->process->core_filter);
}

static int take_core_filter(const struct proc_subject *subject, char *text) {
    int32_t filter;
    int error = proc_number(text, &filter);

    if (error == 0 && filter < 0)
        error = -EINVAL;
    if (error == 0)
        subject->process->core_filter = (uint32_t)filter;
    return error;
}

static void show_limits(struct proc_text *text, const struct proc_subject *subject) {
    static const char *const names[RLIMIT_COUNT] = {
        "cpu time",       "file size",     "data size",         "stack size",
        "core file size", "resident set",  "processes",         "open files",
        "locked memory",  "address space", "file locks",        "pending signals",
        "msgqueue size",  "nice priority", "realtime priority", "realtime timeout",
    };
    static const char *const units[RLIMIT_COUNT] = {
        "seconds", "bytes", "bytes", "bytes",   "bytes", "bytes", "processes", "files",
        "bytes",   "bytes", "locks", "signals", "bytes", "",      "",          "us",
    };

    proc_text_add(text, "%-26s%-21s%-21s%-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
    for (uint32_t i = 0; i < RLIMIT_COUNT; i++) {
        const struct resource_limit *limit = &subject->process->limits[i];
        char current[24] = "unlimited", most[24] = "unlimited";

        if (limit->current != LIMIT_NONE)
            text_format(current, sizeof current, "%llu", (unsigned long long)limit->current);
        if (limit->most != LIMIT_NONE)
            text_format(most, sizeof most, "%llu", (unsigned long long)limit->most);
        proc_text_add(text, "Max %-22s%-21s%-21s%-10s\n", names[i], current, most, units[i]);
    }
}

/* ---- The tables ------------------------------------------------------------------------------ */

#define TEXT(name, show)                                                                           \
    { name, S_IFREG | 0444, NULL, show, NULL, NULL, NULL, false }
#define WRITABLE(name, show, take)                                                                 \
    { name, S_IFREG | 0644, NULL, show, NULL, NULL, take, false }
#define LINK(name, what)                                                                           \
    { name, S_IFLNK | 0777, NULL, NULL, proc_##what##_text, proc_##what##_follow, NULL, false }
#define FOLDER(name, mode, which)                                                                  \
    { name, S_IFDIR | (mode), &(which), NULL, NULL, NULL, NULL, false }
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct proc_entry descriptor_entry = {
    .mode = S_IFLNK | 0700, .text = proc_file_text, .follow = proc_file_follow};
static const struct proc_folder descriptor_folder = {NULL, 0, NUMBERS_ARE_FILES, &descriptor_entry};

static const struct proc_entry thread_entries[] = {
    TEXT("stat", show_stat),
    TEXT("status", show_status),
    WRITABLE("comm", show_comm, take_comm),
    TEXT("cmdline", show_cmdline),
    TEXT("statm", proc_show_statm),
    TEXT("maps", proc_show_maps),
    FOLDER("fd", 0500, descriptor_folder),
    LINK("exe", exe),
    LINK("cwd", cwd),
    LINK("root", root),
};

const struct proc_folder proc_thread_folder = {thread_entries, COUNT(thread_entries), NO_NUMBERS,
                                               NULL};
static const struct proc_entry thread_entry = FOLDER(NULL, 0555, proc_thread_folder);
static const struct proc_folder task_folder = {NULL, 0, NUMBERS_ARE_THREADS, &thread_entry};

static const struct proc_entry process_entries[] = {
    TEXT("stat", show_stat),
    TEXT("status", show_status),
    TEXT("cmdline", show_cmdline),
    WRITABLE("comm", show_comm, take_comm),
    TEXT("statm", proc_show_statm),
    TEXT("maps", proc_show_maps),
    TEXT("smaps", proc_show_smaps),
    TEXT("limits", show_limits),
    TEXT("oom_score", proc_show_shortage_score),
    WRITABLE("oom_score_adj", proc_show_adjustment, proc_take_adjustment),
    WRITABLE("oom_adj", proc_show_old_adjustment, proc_take_old_adjustment),
    WRITABLE("coredump_filter", show_core_filter, take_core_filter),
    {"environ", S_IFREG | 0400, NULL, show_environment, NULL, NULL, NULL, false},
    TEXT("wchan", show_wait_channel),
    {"io", S_IFREG | 0400, NULL, proc_show_io, NULL, NULL, NULL, false},
    TEXT("mounts", proc_show_mounts),
    TEXT("mountinfo", proc_show_mountinfo),
    FOLDER("fd", 0500, descriptor_folder),
    FOLDER("task", 0555, task_folder),
    LINK("exe", exe),
    LINK("cwd", cwd),
    LINK("root", root),
};

const struct proc_folder proc_process_folder = {process_entries, COUNT(process_entries), NO_NUMBERS,
                                                NULL};
