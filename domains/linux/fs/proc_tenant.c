// SPDX-License-Identifier: MIT
/*
 * /proc itself: the table of what it holds besides processes, and the texts about the tenant as a
 * whole. Memory is the tenant's reservation, time and load are its own.
 */
#include "domains/linux/fs/proc_entry.h"

#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/lib/text.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/process/usage.h"
#include "domains/linux/system/host.h"

#define TICK_NANOSECONDS 10000000u
#define KIB(pages)       ((pages) * (PAGE_SIZE / 1024))
#define UNUSED           __attribute__((unused)) const struct proc_subject *subject

/* ---- Memory ---------------------------------------------------------------------------------- */

static void show_meminfo(struct proc_text *text, UNUSED) {
    uint32_t total = KIB(frames_total()), left = KIB(frames_free());

    proc_text_add(text, "MemTotal:       %8u kB\nMemFree:        %8u kB\nMemAvailable:   %8u kB\n",
                  total, left, left);
    proc_text_add(text,
                  "Buffers:               0 kB\nCached:                0 kB\n"
                  "SwapCached:            0 kB\nActive:         %8u kB\n"
                  "Inactive:              0 kB\n",
                  total - left);
    proc_text_add(text,
                  "SwapTotal:             0 kB\nSwapFree:              0 kB\n"
                  "Dirty:                 0 kB\nWriteback:             0 kB\n"
                  "Shmem:                 0 kB\nSlab:                  0 kB\n"
                  "SReclaimable:          0 kB\nCommitLimit:    %8u kB\n",
                  total);
}

/* ---- Time ------------------------------------------------------------------------------------ */

/* What all processes have used since the tenant started, those that were waited for too. */
static struct cpu_times times_of_all(void) {
    struct cpu_times sum = {0, 0};

    for (struct process *process = process_list; process != NULL; process = process->next) {
        struct cpu_times times = process_cpu_times(process);

        sum.app += times.app + process->child_app_time;
        sum.manager += times.manager + process->child_manager_time;
    }
    return sum;
}

static uint64_t idle_time(const struct cpu_times *used) {
    uint64_t now = clock_nanoseconds() * information()->cpu_count;

    return now > used->app + used->manager ? now - used->app - used->manager : 0;
}

static void add_hundredths(struct proc_text *text, uint64_t nanoseconds, const char *end) {
    uint32_t rest;
    uint32_t seconds = (uint32_t)divide_u64(nanoseconds, (uint32_t)NANOSECONDS, &rest);

    proc_text_add(text, "%u.%02u%s", seconds, rest / TICK_NANOSECONDS, end);
}

static void show_uptime(struct proc_text *text, UNUSED) {
    struct cpu_times used = times_of_all();

    add_hundredths(text, clock_nanoseconds(), " ");
    add_hundredths(text, idle_time(&used), "\n");
}

static uint32_t count_processes(bool running, int32_t *last) {
    uint32_t count = 0;

    for (const struct process *process = process_list; process != NULL; process = process->next) {
        count += !running || process == current_process();
        *last = process->pid;
    }
    return count;
}

/* One line for all CPUs, one for each: the tenant's time is not kept by CPU, so only the sum is
 * told. */
static void show_stat(struct proc_text *text, UNUSED) {
    struct cpu_times used = times_of_all();
    uint32_t app = (uint32_t)divide_u64(used.app, TICK_NANOSECONDS, NULL);
    uint32_t manager = (uint32_t)divide_u64(used.manager, TICK_NANOSECONDS, NULL);
    uint32_t idle = (uint32_t)divide_u64(idle_time(&used), TICK_NANOSECONDS, NULL);
    int32_t last = 0;
    uint32_t running = count_processes(true, &last);

    proc_text_add(text, "cpu  %u 0 %u %u 0 0 0 0 0 0\n", app, manager, idle);
    proc_text_add(text, "cpu0 %u 0 %u %u 0 0 0 0 0 0\n", app, manager, idle);
    proc_text_add(text, "intr 0\nctxt 0\nbtime %llu\nprocesses %d\n",
                  (unsigned long long)information()->wall_clock_at_boot, last);
    proc_text_add(text, "procs_running %u\nprocs_blocked 0\n", running);
}

/* ---- Load: the usual three averages, brought up to date when somebody asks ------------------- */

#define LOAD_ONE 65536u /* 1.00 */

/* The averages move towards the CPU use since the last look; a first-order filter, as the usual
 * one. */
static void show_loadavg(struct proc_text *text, UNUSED) {
    static const uint32_t windows[3] = {60, 300, 900}; /* seconds */
    static uint32_t averages[3];
    static uint64_t last_time, last_used;
    struct cpu_times used = times_of_all();
    uint64_t now = clock_nanoseconds(), passed = now - last_time;
    uint64_t milliseconds = divide_u64(passed, 1000000, NULL);
    uint64_t busy = divide_u64(used.app + used.manager - last_used, 1000000, NULL);
    int32_t last_pid = 0;
    uint32_t count = count_processes(false, &last_pid), running = count_processes(true, &last_pid);

    if (milliseconds >= 100 && milliseconds < 0x10000000) {
        uint32_t load = (uint32_t)divide_u64(busy * LOAD_ONE, (uint32_t)milliseconds, NULL);

        for (uint32_t i = 0; i < 3; i++) {
            uint64_t window = (uint64_t)windows[i] * 1000 + milliseconds;
            uint64_t sum = (uint64_t)averages[i] * windows[i] * 1000 + load * milliseconds;

            averages[i] = (uint32_t)divide_u64(sum, (uint32_t)window, NULL);
        }
        last_time = now;
        last_used = used.app + used.manager;
    }
    for (uint32_t i = 0; i < 3; i++) {
        proc_text_add(text, "%u.%02u ", averages[i] / LOAD_ONE,
                      averages[i] % LOAD_ONE * 100 / LOAD_ONE);
    }
    proc_text_add(text, "%u/%u %d\n", running, count, last_pid);
}

/* ---- The processor --------------------------------------------------------------------------- */

struct cpuid {
    uint32_t eax, ebx, ecx, edx;
};

static struct cpuid cpuid(uint32_t leaf) {
    struct cpuid result;

    __asm__ volatile("cpuid"
                     : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
                     : "0"(leaf), "2"(0u));
    return result;
}

/* "GenuineIntel": EBX, EDX, ECX; the long name: leaves 80000002h to 80000004h (SDM vol. 2,
 * CPUID). */
static void add_names(struct proc_text *text) {
    struct cpuid vendor = cpuid(0);
    uint32_t name[12] = {0};

    proc_text_add(text, "vendor_id\t: %.4s%.4s%.4s\n", (const char *)&vendor.ebx,
                  (const char *)&vendor.edx, (const char *)&vendor.ecx);
    if (cpuid(0x80000000u).eax >= 0x80000004u) {
        for (uint32_t i = 0; i < 3; i++) {
            struct cpuid part = cpuid(0x80000002u + i);

            name[i * 4] = part.eax;
            name[i * 4 + 1] = part.ebx;
            name[i * 4 + 2] = part.ecx;
            name[i * 4 + 3] = part.edx;
        }
    }
    proc_text_add(text, "model name\t: %.48s\n", (const char *)name);
}

static void show_cpuinfo(struct proc_text *text, UNUSED) {
    struct cpuid features = cpuid(1);
    uint32_t family = features.eax >> 8 & 15, model = features.eax >> 4 & 15;
    /* multiplier = nanoseconds a tick, in 2^-32: so 2^32 * 1000 / multiplier is the clock in MHz */
    uint64_t multiplier = information()->tsc_multiplier;
    uint32_t megahertz = multiplier == 0 || multiplier >> 32 != 0
                             ? 0
                             : (uint32_t)divide_u64(1000ull << 32, (uint32_t)multiplier, NULL);

    if (family == 15)
        family += features.eax >> 20 & 255;
    model += family >= 6 ? (features.eax >> 16 & 15) << 4 : 0;
    for (uint32_t i = 0; i < information()->cpu_count; i++) {
        proc_text_add(text, "processor\t: %u\n", i);
        add_names(text);
        proc_text_add(text, "cpu family\t: %u\nmodel\t\t: %u\nstepping\t: %u\n", family, model,
                      features.eax & 15);
        proc_text_add(text, "cpu MHz\t\t: %u.000\nfpu\t\t: yes\n\n", megahertz);
    }
}

/* Drivers have the lines, in ring 1: a tenant is never interrupted. */
static void show_interrupts(struct proc_text *text, UNUSED) {
    proc_text_add(text, "          ");
    for (uint32_t i = 0; i < information()->cpu_count; i++)
        proc_text_add(text, " CPU%-7u", i);
    proc_text_add(text, "\n");
}

/* ---- File systems and devices ---------------------------------------------------------------- */

static void show_filesystems(struct proc_text *text, UNUSED) {
    proc_text_add(text,
                  "nodev\tproc\nnodev\ttmpfs\nnodev\tramfs\nnodev\tdevtmpfs\nnodev\tdevpts\n");
}

static void show_swaps(struct proc_text *text, UNUSED) {
    proc_text_add(text, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
}

/* ---- The version ----------------------------------------------------------------------------- */

static void show_version(struct proc_text *text, UNUSED) {
    const struct host_names *names = host_names();

    proc_text_add(text, "%s version %s %s\n", names->system, names->release, names->version);
}

/* ---- The tables ------------------------------------------------------------------------------ */

static int self_text(UNUSED, char *buffer, uint32_t room) {
    const struct process *process = current_process();

    return process == NULL ? -2 : (int)text_format(buffer, room, "%d", process->pid);
}

static int thread_self_text(UNUSED, char *buffer, uint32_t room) {
    const struct process *process = current_process();

    return process == NULL
               ? -2
               : (int)text_format(buffer, room, "%d/task/%d", process->pid, current_thread()->tid);
}

static int mounts_text(UNUSED, char *buffer, uint32_t room) {
    return (int)text_format(buffer, room, "self/mounts");
}

#define TEXT(name, show)                                                                           \
    { name, S_IFREG | 0444, NULL, show, NULL, NULL, NULL, false }
#define LINK(name, text)                                                                           \
    { name, S_IFLNK | 0777, NULL, NULL, text, NULL, NULL, false }
#define FOLDER(name, which)                                                                        \
    { name, S_IFDIR | 0555, &(which), NULL, NULL, NULL, NULL, false }
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct proc_entry root_entries[] = {
    LINK("self", self_text),
    LINK("thread-self", thread_self_text),
    LINK("mounts", mounts_text),
    TEXT("cpuinfo", show_cpuinfo),
    TEXT("diskstats", proc_show_diskstats),
    TEXT("filesystems", show_filesystems),
    TEXT("interrupts", show_interrupts),
    TEXT("loadavg", show_loadavg),
    TEXT("meminfo", show_meminfo),
    TEXT("partitions", proc_show_partitions),
    TEXT("stat", show_stat),
    TEXT("swaps", show_swaps),
    TEXT("uptime", show_uptime),
    TEXT("version", show_version),
    TEXT("vmstat", proc_show_vmstat),
    FOLDER("net", proc_network_folder),
    FOLDER("sys", proc_settings_folder),
};

static const struct proc_entry process_entry = {.mode = S_IFDIR | 0555,
                                                .folder = &proc_process_folder};

const struct proc_folder proc_root_folder = {root_entries, COUNT(root_entries),
                                             NUMBERS_ARE_PROCESSES, &process_entry};
