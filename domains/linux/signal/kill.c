// SPDX-License-Identifier: MIT
/*
 * kill and its relatives: who may send what to whom.
 */
#include "domains/lib/memory.h"
#include "domains/linux/entry/call.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/signal/state.h"

#define INIT_PID 1

static bool may_signal(const struct process *target, int signal) {
    const struct process *self = current_process();
    if (self->euid == 0 || self->euid == target->suid || self->euid == target->uid ||
        self->uid == target->suid || self->uid == target->uid)
        return true;
    return signal == SIGCONT && self->session == target->session;
}

/* Signal 0 only asks whether it could be sent. */
static int send_one(struct process *target, const struct signal_information *information) {
    if (!may_signal(target, information->signal))
        return -EPERM;
    return information->signal == 0 ? 0 : signal_send_process(target, information);
}

/* To a group, or for -1 to all but init and the caller. 0 if it went to anyone. */
static int send_many(int32_t group, const struct signal_information *information) {
    int result = -ESRCH;
    struct process *next;
    for (struct process *process = process_list; process != NULL; process = next) {
        next = process->next;
        bool meant = group == -1 ? process->pid != INIT_PID && process != current_process()
                                 : process->process_group == group;
        if (!meant)
            continue;
        int sent = send_one(process, information);
        if (sent == 0 || result == -ESRCH)
            result = sent;
    }
    return result;
}

SYSTEM_CALL_2(kill, id, signal) {
    int32_t pid = (int32_t)id;
    if (signal > SIGNAL_COUNT)
        return -EINVAL;
    const struct signal_information information = signal_from_current((int)signal, SI_USER);
    if (pid == INT32_MIN)
        return -ESRCH;
    if (pid == 0)
        return send_many(current_process()->process_group, &information);
    if (pid < 0)
        return send_many(pid == -1 ? -1 : -pid, &information);
    struct process *target = process_find(pid);
    return target == NULL ? -ESRCH : send_one(target, &information);
}

static int32_t send_thread(int32_t group, int32_t tid,
                           const struct signal_information *information) {
    if (information->signal < 0 || information->signal > SIGNAL_COUNT || tid <= 0)
        return -EINVAL;
    struct thread *thread = thread_find(tid);
    if (thread == NULL || (group != 0 && thread->process->pid != group))
        return -ESRCH;
    if (!may_signal(thread->process, information->signal))
        return -EPERM;
    return information->signal == 0 ? 0 : signal_send_thread(thread, information);
}

SYSTEM_CALL_2(tkill, tid, signal) {
    const struct signal_information information = signal_from_current((int)signal, SI_TKILL);
    return send_thread(0, (int32_t)tid, &information);
}

SYSTEM_CALL_3(tgkill, group, tid, signal) {
    const struct signal_information information = signal_from_current((int)signal, SI_TKILL);
    return (int32_t)group <= 0 ? -EINVAL : send_thread((int32_t)group, (int32_t)tid, &information);
}

/* The app fills siginfo itself, but may not pose as the kernel or as kill to others. */
static int read_information(struct signal_information *information, uint32_t signal,
                            uint32_t address, int32_t target) {
    int32_t words[3 + INFORMATION_FIELDS];
    if (signal > SIGNAL_COUNT)
        return -EINVAL;
    if (copy_in(words, address, sizeof(words)) != 0)
        return -EFAULT;
    if ((words[2] >= 0 || words[2] == SI_TKILL) && target != current_process()->pid)
        return -EPERM;
    *information =
        (struct signal_information){.signal = (int)signal, .error = words[1], .code = words[2]};
    memcpy(information->fields, words + 3, sizeof(information->fields));
    return 0;
}

SYSTEM_CALL_3(rt_sigqueueinfo, pid, signal, address) {
    struct signal_information information;
    int error = read_information(&information, signal, address, (int32_t)pid);
    if (error != 0)
        return error;
    struct process *target = process_find((int32_t)pid);
    return target == NULL ? -ESRCH : send_one(target, &information);
}

SYSTEM_CALL_4(rt_tgsigqueueinfo, group, tid, signal, address) {
    struct signal_information information;
    int error = read_information(&information, signal, address, (int32_t)group);
    if (error != 0)
        return error;
    return send_thread((int32_t)group, (int32_t)tid, &information);
}
