// SPDX-License-Identifier: MIT
/*
 * prctl and its like: small attributes of a process.
 */
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/signal/signal.h"

enum {
    PR_SET_PDEATHSIG = 1,
    PR_GET_PDEATHSIG = 2,
    PR_GET_DUMPABLE = 3,
    PR_SET_DUMPABLE = 4,
    PR_GET_KEEPCAPS = 7,
    PR_SET_NAME = 15,
    PR_GET_NAME = 16,
    PR_GET_TIMERSLACK = 30,
    PR_SET_TIMERSLACK = 29,
    PR_SET_CHILD_SUBREAPER = 36,
    PR_GET_CHILD_SUBREAPER = 37,
    PR_SET_NO_NEW_PRIVS = 38,
    PR_GET_NO_NEW_PRIVS = 39
};

#define TIMER_SLACK 50000

static int32_t set_name(uint32_t address) {
    char name[PROCESS_NAME] = {0};
    int length = copy_in_string(name, address, sizeof(name) - 1);
    if (length == -EFAULT)
        return -EFAULT;
    name[sizeof(name) - 1] = '\0';
    thread_rename(current_thread(), name);
    return 0;
}

static int32_t get_name(uint32_t address) {
    char name[PROCESS_NAME] = {0};
    text_copy(name, current_thread()->name, sizeof(name));
    return copy_out(address, name, sizeof(name));
}

static int32_t show(uint32_t address, int32_t value) {
    return copy_out(address, &value, sizeof(value));
}

SYSTEM_CALL_2(prctl, option, value) {
    struct process *process = current_process();
    switch (option) {
    case PR_SET_NAME:
        return set_name(value);
    case PR_GET_NAME:
        return get_name(value);
    case PR_SET_PDEATHSIG:
        if (value > SIGNAL_COUNT)
            return -EINVAL;
        process->parent_death_signal = (int32_t)value;
        return 0;
    case PR_GET_PDEATHSIG:
        return show(value, process->parent_death_signal);
    case PR_SET_DUMPABLE:
        if (value > 1)
            return -EINVAL;
        process->not_dumpable = value == 0;
        return 0;
    case PR_GET_DUMPABLE:
        return !process->not_dumpable;
    case PR_SET_CHILD_SUBREAPER:
        process->subreaper = value != 0;
        return 0;
    case PR_GET_CHILD_SUBREAPER:
        return show(value, process->subreaper);
    case PR_SET_NO_NEW_PRIVS:
        if (value != 1)
            return -EINVAL;
        process->no_new_privileges = true;
        return 0;
    case PR_GET_NO_NEW_PRIVS:
        return process->no_new_privileges;
    case PR_GET_TIMERSLACK:
        return TIMER_SLACK;
    case PR_SET_TIMERSLACK:
    case PR_GET_KEEPCAPS:
        return 0;
    default:
        return -EINVAL;
    }
}

#define PERSONALITY_ASK   0xFFFFFFFFu
#define ADDR_NO_RANDOMIZE 0x0040000u /* as it is anyway */

/* Only Linux itself can be asked for. */
SYSTEM_CALL_1(personality, wanted) {
    struct process *process = current_process();
    uint32_t before = process->personality;
    if (wanted == PERSONALITY_ASK)
        return (int32_t)before;
    if ((wanted & ~ADDR_NO_RANDOMIZE) != 0)
        return -EINVAL;
    process->personality = wanted;
    return (int32_t)before;
}
