// SPDX-License-Identifier: MIT
/*
 * Calls about the machine, which for a tenant is its quota: sysinfo, reboot, getrandom, membarrier,
 * syslog.
 */
#include "domains/lib/clock.h"
#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/lib/log.h"
#include "domains/lib/memory.h"
#include "domains/linux/device/random.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/signal/signal.h"

#include "kernel/abi/layout.h"

struct app_system_information {
    int32_t uptime;
    uint32_t loads[3];
    uint32_t memory_total, memory_free, memory_shared, memory_buffers, swap_total, swap_free;
    uint16_t processes, unused;
    uint32_t high_total, high_free, unit;
    uint8_t padding[8];
};

_Static_assert(sizeof(struct app_system_information) == 64, "as in Linux's struct sysinfo");

SYSTEM_CALL_1(sysinfo, result) {
    const struct app_system_information shown = {
        .uptime = (int32_t)divide_u64(clock_nanoseconds(), (uint32_t)NANOSECONDS, NULL),
        .memory_total = frames_total(),
        .memory_free = frames_free(),
        .processes = (uint16_t)thread_total,
        .unit = PAGE_SIZE,
    };
    return copy_out(result, &shown, sizeof(shown));
}

/* ---- reboot ---------------------------------------------------------------------------------- */

#define REBOOT_MAGIC     0xFEE1DEADu
#define REBOOT_RESTART   0x01234567u
#define REBOOT_HALT      0xCDEF0123u
#define REBOOT_POWER_OFF 0x4321FEDCu
#define REBOOT_CAD_ON    0x89ABCDEFu
#define REBOOT_CAD_OFF   0x00000000u

static bool is_second_magic(uint32_t magic) {
    return magic == 672274793 || magic == 85072278 || magic == 369367448 || magic == 537993216;
}

static _Noreturn void end(enum manager_exit how, const char *why) {
    manager_exit(how, why, (uint32_t)strlen(why));
}

/* The tenant ends, and with the operator's tenant the machine. */
SYSTEM_CALL_3(reboot, magic, second_magic, command) {
    if (current_process()->euid != 0)
        return -EPERM;
    if (magic != REBOOT_MAGIC || !is_second_magic(second_magic))
        return -EINVAL;
    switch (command) {
    case REBOOT_RESTART:
        end(MANAGER_REBOOT, "restarted by its own reboot()");
    case REBOOT_HALT:
    case REBOOT_POWER_OFF:
        if (information()->is_operator)
            control_call(CONTROL_POWER_OFF, 0, 0, 0, 0);
        end(MANAGER_HALT, "halted by its own reboot()");
    case REBOOT_CAD_ON:
    case REBOOT_CAD_OFF:
        return 0;
    default:
        return -EINVAL;
    }
}

/* ---- Random bytes ---------------------------------------------------------------------------- */

#define GRND_KNOWN  7u
#define RANDOM_ONCE 256u

SYSTEM_CALL_3(getrandom, address, bytes, flags) {
    char piece[RANDOM_ONCE];
    uint32_t done = 0;
    if (flags & ~GRND_KNOWN)
        return -EINVAL;
    if (bytes > INT32_MAX)
        bytes = INT32_MAX;
    while (done < bytes) {
        uint32_t count = bytes - done < RANDOM_ONCE ? bytes - done : RANDOM_ONCE;
        random_bytes(piece, count);
        if (copy_out(address + done, piece, count) != 0)
            return -EFAULT;
        done += count;
        if (done >= RANDOM_ONCE && signal_pending())
            break;
    }
    return (int32_t)done;
}

/* ---- Others ---------------------------------------------------------------------------------- */

enum {
    MEMBARRIER_QUERY,
    MEMBARRIER_GLOBAL,
    MEMBARRIER_PRIVATE_EXPEDITED = 8,
    MEMBARRIER_REGISTER_PRIVATE_EXPEDITED = 16
};

/* A switch of threads is a barrier; what runs meanwhile, on other CPUs, the core interrupts. */
SYSTEM_CALL_2(membarrier, command, flags) {
    struct process *process = current_process();
    if (flags != 0)
        return -EINVAL;
    switch (command) {
    case MEMBARRIER_QUERY:
        return MEMBARRIER_GLOBAL | MEMBARRIER_PRIVATE_EXPEDITED |
               MEMBARRIER_REGISTER_PRIVATE_EXPEDITED;
    case MEMBARRIER_PRIVATE_EXPEDITED:
        if (!process->expects_barriers)
            return -EPERM;
        core_thread_barrier();
        return 0;
    case MEMBARRIER_GLOBAL:
        core_thread_barrier();
        return 0;
    case MEMBARRIER_REGISTER_PRIVATE_EXPEDITED:
        process->expects_barriers = true;
        return 0;
    default:
        return -EINVAL;
    }
}

enum {
    SYSLOG_CLOSE,
    SYSLOG_OPEN,
    SYSLOG_READ_ALL = 3,
    SYSLOG_CONSOLE_OFF = 6,
    SYSLOG_CONSOLE_ON,
    SYSLOG_CONSOLE_LEVEL,
    SYSLOG_SIZE_UNREAD,
    SYSLOG_SIZE_BUFFER
};

/* The log is the core's, read by the operator; a tenant's own view of it is empty. */
SYSTEM_CALL_1(syslog, type) {
    switch (type) {
    case SYSLOG_CLOSE:
    case SYSLOG_OPEN:
    case SYSLOG_READ_ALL:
    case SYSLOG_CONSOLE_OFF:
    case SYSLOG_CONSOLE_ON:
    case SYSLOG_CONSOLE_LEVEL:
    case SYSLOG_SIZE_UNREAD:
    case SYSLOG_SIZE_BUFFER:
        return 0;
    default:
        return -EPERM;
    }
}
