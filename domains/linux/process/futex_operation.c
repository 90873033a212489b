// SPDX-License-Identifier: MIT
/*
 * The changes and tests of FUTEX_WAKE_OP, as futex(2) lists them. A shift by more than a word has
 * bits counts modulo 32.
 */
#include "domains/linux/process/futex_operation.h"

#include "domains/linux/errno.h"

enum { CHANGE_SET, CHANGE_ADD, CHANGE_OR, CHANGE_AND_NOT, CHANGE_XOR };
enum { TEST_EQUAL, TEST_NOT_EQUAL, TEST_LESS, TEST_NOT_LESS, TEST_NOT_MORE, TEST_MORE };

#define OPERAND_IS_SHIFT 0x80000000u

/* The 12 bits from `lowest` on, with their sign. */
static int32_t signed_field(uint32_t operation, uint32_t lowest) {
    return (int32_t)(operation >> lowest << 20) >> 20;
}

static uint32_t operand_of(uint32_t operation) {
    int32_t operand = signed_field(operation, 12);

    return (operation & OPERAND_IS_SHIFT) != 0 ? 1u << (operand & 31) : (uint32_t)operand;
}

int futex_operation_change(uint32_t operation, uint32_t old, uint32_t *changed) {
    uint32_t operand = operand_of(operation);

    switch (operation >> 28 & 7) {
    case CHANGE_SET:
        *changed = operand;
        return 0;
    case CHANGE_ADD:
        *changed = old + operand;
        return 0;
    case CHANGE_OR:
        *changed = old | operand;
        return 0;
    case CHANGE_AND_NOT:
        *changed = old & ~operand;
        return 0;
    case CHANGE_XOR:
        *changed = old ^ operand;
        return 0;
    default:
        return -ENOSYS;
    }
}

int futex_operation_test(uint32_t operation, uint32_t old) {
    int32_t value = (int32_t)old, than = signed_field(operation, 0);

    switch (operation >> 24 & 15) {
    case TEST_EQUAL:
        return value == than;
    case TEST_NOT_EQUAL:
        return value != than;
    case TEST_LESS:
        return value < than;
    case TEST_NOT_LESS:
        return value >= than;
    case TEST_NOT_MORE:
        return value <= than;
    case TEST_MORE:
        return value > than;
    default:
        return -ENOSYS;
    }
}
