// SPDX-License-Identifier: MIT
/*
 * set_thread_area and get_thread_area. The core cuts what it is given at the fence; what the app
 * reads back is what it has set.
 */
#include "domains/linux/process/tls.h"
#include "domains/linux/entry/call.h"

#include "domains/lib/gate.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/thread.h"

#define ENTRY_ANY 0xFFFFFFFFu

static int slot_of(uint32_t entry, uint32_t *slot) {
    *slot = entry - TLS_FIRST_INDEX;
    return *slot < TLS_SLOT_COUNT ? 0 : -EINVAL;
}

int tls_read(uint32_t user_description, uint32_t *slot, uint64_t *descriptor) {
    struct user_descriptor description;
    if (copy_in(&description, user_description, sizeof(description)) != 0)
        return -EFAULT;
    int error = slot_of(description.entry, slot);
    if (error == 0 && !tls_encode(&description, descriptor))
        error = -EINVAL;
    return error;
}

static int free_slot(const struct thread *thread, uint32_t *slot) {
    for (*slot = 0; *slot < TLS_SLOT_COUNT; ++*slot)
        if (thread->tls[*slot] == 0)
            return 0;
    return -ESRCH;
}

SYSTEM_CALL_1(set_thread_area, user_description) {
    struct thread *thread = current_thread();
    struct user_descriptor description;
    uint32_t slot;
    uint64_t descriptor;
    if (copy_in(&description, user_description, sizeof(description)) != 0)
        return -EFAULT;
    bool choose = description.entry == ENTRY_ANY;
    int error = choose ? free_slot(thread, &slot) : slot_of(description.entry, &slot);
    if (error == 0 && !tls_encode(&description, &descriptor))
        error = -EINVAL;
    if (error != 0)
        return error;
    description.entry = TLS_FIRST_INDEX + slot;
    if (choose && copy_out(user_description, &description.entry, sizeof(description.entry)) != 0)
        return -EFAULT;
    if (core_thread_set_tls(slot, descriptor) != STATUS_OK)
        return -EINVAL;
    thread->tls[slot] = descriptor;
    return 0;
}

SYSTEM_CALL_1(get_thread_area, user_description) {
    struct user_descriptor description;
    uint32_t slot;
    if (copy_in(&description, user_description, sizeof(description)) != 0)
        return -EFAULT;
    int error = slot_of(description.entry, &slot);
    if (error != 0)
        return error;
    tls_decode(current_thread()->tls[slot], &description);
    return copy_out(user_description, &description, sizeof(description));
}

SYSTEM_CALL_1(set_tid_address, address) {
    current_thread()->clear_tid = address;
    return current_thread()->tid;
}
