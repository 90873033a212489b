// SPDX-License-Identifier: MIT
/*
 * Copies between the manager and the app that runs on this thread: range check, then the copy
 * without the lock.
 */
#include "domains/linux/memory/user.h"

#include "domains/lib/lock.h"
#include "domains/lib/memory.h"
#include "domains/linux/defence.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user_copy.h"

#include "kernel/abi/layout.h"

static bool is_app_range(uint32_t address, size_t bytes) {
    return !DEFENCE_USER_RANGE || (address <= APP_LIMIT && bytes <= APP_LIMIT - address);
}

static size_t copy_unlocked(void *to, const void *from, size_t bytes) {
    bool locked = manager_lock_is_mine();
    if (locked)
        manager_unlock();
    size_t left = user_copy(to, from, bytes);
    if (locked)
        manager_lock();
    return left;
}

int copy_in(void *to, uint32_t user_from, size_t bytes) {
    if (!is_app_range(user_from, bytes))
        return -EFAULT;
    return copy_unlocked(to, (const void *)user_from, bytes) == 0 ? 0 : -EFAULT;
}

size_t copy_in_up_to(void *to, uint32_t user_from, size_t bytes) {
    return is_app_range(user_from, bytes)
               ? bytes - copy_unlocked(to, (const void *)user_from, bytes)
               : 0;
}

size_t copy_out_up_to(uint32_t user_to, const void *from, size_t bytes) {
    return is_app_range(user_to, bytes) ? bytes - copy_unlocked((void *)user_to, from, bytes) : 0;
}

int copy_out(uint32_t user_to, const void *from, size_t bytes) {
    if (!is_app_range(user_to, bytes))
        return -EFAULT;
    return copy_unlocked((void *)user_to, from, bytes) == 0 ? 0 : -EFAULT;
}

int clear_out(uint32_t user_to, size_t bytes) {
    if (!is_app_range(user_to, bytes))
        return -EFAULT;
    bool locked = manager_lock_is_mine();
    if (locked)
        manager_unlock();
    size_t left = user_clear((void *)user_to, bytes);
    if (locked)
        manager_lock();
    return left == 0 ? 0 : -EFAULT;
}

int exchange_out(uint32_t user_word, uint32_t *expected, uint32_t value) {
    if (!is_app_range(user_word, sizeof value))
        return -EFAULT;
    bool locked = manager_lock_is_mine();
    if (locked)
        manager_unlock();
    size_t left = user_compare_exchange((uint32_t *)user_word, expected, value);
    if (locked)
        manager_lock();
    return left == 0 ? 0 : -EFAULT;
}

/* How much of a string to fetch at once: never across a page, which might not be there. */
static size_t string_piece(uint32_t address, size_t room) {
    enum { PIECE = 128 };
    size_t piece = PAGE_SIZE - address % PAGE_SIZE;
    if (piece > PIECE)
        piece = PIECE;
    return piece < room ? piece : room;
}

int copy_in_string(char *to, uint32_t user_from, size_t room) {
    size_t length = 0;
    while (length < room) {
        uint32_t address = user_from + (uint32_t)length;
        size_t piece = string_piece(address, room - length);
        if (copy_in(to + length, address, piece) != 0)
            return -EFAULT;
        const char *end = memchr(to + length, '\0', piece);
        if (end != NULL)
            return (int)(end - to);
        length += piece;
    }
    return -ENAMETOOLONG;
}
