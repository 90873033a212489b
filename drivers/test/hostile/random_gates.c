// SPDX-License-Identifier: MIT
/*
 * A life of random gate calls from ring 1: any call of the driver's gate, with arguments that are numbers, limits
 * and offsets in and out of the slot, and with hostile flags.
 *
 * Requests that it fetches it completes; what the core must take for a crash, and what would
 * sleep for long, is left out until the life's end. Then it dies of a completion that nobody asked for.
 */
#include "drivers/lib/clock.h"
#include "drivers/lib/gate.h"
#include "drivers/lib/information.h"
#include "drivers/lib/log.h"
#include "drivers/test/hostile/attack.h"

#include <stdbool.h>

#define SEEDS       64u /* that the operator can name; a later copy makes other calls */
#define LIFE_CALLS  (1u << 16)
#define CALLS_AWAKE 256u /* then it rests, or it would be taken for one that spins */
#define REST        MICROSECONDS(1100)
#define LOG_ONE_IN  512u
#define SCRATCH     8192u
#define FLAGS       0x254500u /* TF, DF, NT, AC, ID, and RF, which popf leaves alone */

static uint8_t scratch[SCRATCH] __attribute__((aligned(4096)));
static uint32_t state;
static uint32_t in_flight; /* bit per request id */
static uint32_t request_bytes[DRIVER_DEPTH];

static uint32_t any(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static uint32_t any_below(uint32_t limit) {
    return (uint32_t)((uint64_t)any() * limit >> 32);
}

static uint32_t argument(void) {
    static const uint32_t limits[] = {
        0,        1,        2,        4,        160,      161,        0xFFF,      0x1000,
        0x1F0000, 0x1FFFFF, 0x200000, 0x2FFFFF, 0x300000, 0x380000,   0x3FDFFF,   0x3FE000,
        0x3FF000, 0x3FFFFF, 0x400000, 0x600000, 1u << 31, 0xFFFFF000, 0xFFFFFFFC, 0xFFFFFFFF,
    };

    switch (any_below(5)) {
    case 0:
        return any_below(256);
    case 1:
        return limits[any_below(sizeof limits / sizeof limits[0])];
    case 2:
        return any();
    case 3:
        return (uint32_t)scratch + SCRATCH - any_below(64);
    default:
        return (uint32_t)scratch + any_below(SCRATCH);
    }
}

struct random_call {
    uint32_t number, first, second, third;
};

static uint32_t call_with_flags(const struct random_call *call, uint32_t flags) {
    uint32_t status = call->number, third = call->third;

    __asm__ volatile("pushfl\n\t"
                     "xorl %[flags], (%%esp)\n\t"
                     "popfl\n\t"
                     "lcall %[gate], $0\n\t"
                     "cld"
                     : "+a"(status), "+d"(third)
                     : [flags] "r"(flags), [gate] "i"(SELECTOR_GATE_DRIVER), "b"(call->first),
                       "c"(call->second)
                     : "memory", "cc");
    return status;
}

static void note_request(const struct driver_request *request) {
    in_flight |= 1u << request->id;
    request_bytes[request->id] = request->bytes;
}

/* An answer that an honest driver could give. No error: that would be put to a fresh copy. */
static bool plan_completion(struct random_call *call) {
    uint32_t id = any_below(DRIVER_DEPTH);

    if (!(in_flight & 1u << id))
        return false;
    in_flight &= ~(1u << id);
    call->first = id;
    call->second = STATUS_OK;
    call->third = request_bytes[id];
    return true;
}

/* False: not this time. */
static bool plan(struct random_call *call) {
    uint64_t soon = clock_now() + any_below(MICROSECONDS(20));

    *call = (struct random_call){any_below(64) ? any_below(DRIVER_CALL_COUNT) : any(), argument(),
                                 argument(), argument()};
    switch (call->number) {
    case DRIVER_WAIT:
        call->first = (uint32_t)soon;
        call->second = (uint32_t)(soon >> 32);
        return any_below(16) == 0;
    case DRIVER_FETCH:
        call->first = (uint32_t)scratch;
        return true;
    case DRIVER_COMPLETE:
        return plan_completion(call);
    case DRIVER_PCI_READ:
    case DRIVER_PCI_WRITE:
        call->first = any_below(4) ? any_below(256) : call->first;
        call->second = any_below(4) ? 1u << any_below(3) : call->second;
        return true;
    case DRIVER_LOG:
        return any_below(LOG_ONE_IN) == 0;
    default:
        return true;
    }
}

void random_gates(uint32_t seed) {
    struct random_call call;

    state = (seed + driver_information()->restarts * SEEDS) * 2654435761u | 1;
    for (uint32_t n = 1; n <= LIFE_CALLS; n++) {
        if (plan(&call)) {
            uint32_t status = call_with_flags(&call, any_below(4) == 0 ? any() & FLAGS : 0);
            if (call.number == DRIVER_FETCH && status == STATUS_OK)
                note_request((const struct driver_request *)scratch);
        }
        if (n % CALLS_AWAKE == 0)
            gate_wait(clock_now() + REST);
    }
    driver_log("random gates: life %u ends after %u calls", seed, LIFE_CALLS);
    gate_complete(DRIVER_DEPTH, STATUS_OK, 0);
}
