// SPDX-License-Identifier: MIT
/*
 * signalfd(2): pending signals as a file. Whoever reads takes signals of its own, whoever made the file: of the
 * reading thread first, then of its process. A signal that is not blocked may be delivered before anybody reads it.
 *
 *   sent ──> pending ──> process->signalled grows ──> readers and pollers look again
 */
#include "domains/lib/heap.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"
#include "domains/linux/signal/default.h"
#include "domains/linux/signal/restart.h"
#include "domains/linux/signal/state.h"
#include "kernel/abi/gate.h"

#define NO_DESCRIPTOR 0xFFFFFFFFu /* make one */

/* struct signalfd_siginfo. */
struct record {
    uint32_t signal;
    int32_t error, code;
    uint32_t pid, uid;
    int32_t descriptor;
    uint32_t timer, band, overrun, trap;
    int32_t status, value;
    uint64_t pointer, app_time, manager_time, address;
    uint8_t padding[48];
};
_Static_assert(sizeof(struct record) == SIGNAL_INFORMATION_BYTES, "as Linux has it");

static signal_set set_of(const struct file *file) {
    return *(const signal_set *)file->private;
}

/* ---- What came with a signal, by its kind (signalfd(2), sigaction(2)) ---- */

static bool is_fault(int signal) {
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
           signal == SIGTRAP;
}

static void fill_value(struct record *record, uint32_t value) {
    record->value = (int32_t)value;
    record->pointer = value;
}

static struct record record_of(const struct signal_information *information) {
    const uint32_t *fields = information->fields;
    struct record record = {.signal = (uint32_t)information->signal,
                            .error = information->error,
                            .code = information->code};
    bool is_of_kernel = information->code > 0 && information->code < SI_KERNEL;
    if (information->code == SI_TIMER) {
        record.timer = fields[0];
        record.overrun = fields[1];
        fill_value(&record, fields[2]);
    } else if (is_of_kernel && is_fault(information->signal)) {
        record.address = fields[0];
    } else {
        record.pid = fields[0];
        record.uid = fields[1];
        if (is_of_kernel && information->signal == SIGCHLD) {
            record.status = (int32_t)fields[2];
            record.app_time = fields[3];
            record.manager_time = fields[4];
        } else if (information->code < 0) {
            fill_value(&record, fields[2]);
        }
    }
    return record;
}

/* ---- The file ---- */

/* One signal of the set: 0, or -EAGAIN, or why the wait has ended. */
static int take(struct file *file, bool waits, struct signal_information *information) {
    struct process *process = current_process();
    while (signals_take_one(set_of(file), information) == 0) {
        if (!waits)
            return -EAGAIN;
        if (wait_on(&process->signalled, DEADLINE_NEVER) == WAIT_INTERRUPTED)
            return -ERESTARTSYS;
    }
    signals_recalculate(current_thread());
    return 0;
}

static int read(struct file *file, struct transfer *to, uint64_t *offset) {
    int done = 0;
    (void)offset;
    if (to->total < sizeof(struct record))
        return -EINVAL;
    while (to->total >= sizeof(struct record)) {
        struct signal_information information;
        bool waits = done == 0 && (file->flags & O_NONBLOCK) == 0;
        int error = take(file, waits, &information);
        if (error != 0)
            return done != 0 ? done : error;
        struct record record = record_of(&information);
        if (transfer_put(to, &record, sizeof record) != sizeof record)
            return done != 0 ? done : -EFAULT;
        done += (int)sizeof record;
    }
    return done;
}

static uint32_t poll(struct file *file) {
    signal_set pending = current_thread()->pending.set | current_process()->pending.set;
    return pending & set_of(file) ? POLLIN : 0;
}

static uint32_t changes(struct file *file) {
    (void)file;
    return current_process()->signalled.sequence;
}

static void release(struct file *file) {
    heap_free(file->private);
}

static const struct file_operations operations = {
    .read = read, .poll = poll, .changes = changes, .release = release};

/* ---- The calls ---- */

static int32_t make(signal_set set, uint32_t flags) {
    signal_set *kept = heap_allocate(sizeof *kept);
    if (kept == NULL)
        return -ENOMEM;
    *kept = set;
    struct file *file =
        file_make_anonymous("anon_inode", 0600, O_RDWR | (flags & O_NONBLOCK), &operations, kept);
    if (file == NULL) {
        heap_free(kept);
        return -ENOMEM;
    }
    return install_or_release(file, flags);
}

/* Those who wait look again, with the new set. */
static int32_t change(uint32_t descriptor, signal_set set) {
    struct file *file = descriptor_file(descriptor);
    if (file == NULL)
        return -EBADF;
    bool is_one = file->operations == &operations;
    if (is_one) {
        *(signal_set *)file->private = set;
        poll_wake(&current_process()->signalled);
    }
    file_release(file);
    return is_one ? (int32_t)descriptor : -EINVAL;
}

FILE_CALL_4(signalfd4, descriptor, wanted, bytes, flags) {
    signal_set set;
    if ((flags & ~(uint32_t)(O_NONBLOCK | O_CLOEXEC)) != 0 || bytes != sizeof set)
        return -EINVAL;
    if (copy_in(&set, wanted, sizeof set) != 0)
        return -EFAULT;
    set &= ~SIGNALS_UNBLOCKABLE;
    return descriptor == NO_DESCRIPTOR ? make(set, flags) : change(descriptor, set);
}

FILE_CALL_3(signalfd, descriptor, wanted, bytes) {
    return sys_signalfd4(descriptor, wanted, bytes, 0, 0, 0);
}
