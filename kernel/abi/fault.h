// SPDX-License-Identifier: MIT
/*
 * The fault campaign's call, CONTROL_FAULT, and what it speaks. Only a kernel built with -DTEST_FAULTS has it.
 *
 *   FAULT_INJECT     one mutation into the running copy of a driver or a manager; a watch is set on it
 *   FAULT_LOOK       what has become of it
 *   FAULT_WITHDRAW   puts back what stood there, for a mutation that nobody has met
 *
 * One mutation is watched at a time; those before it stay where they are until the domain starts afresh.
 */
#ifndef KERNEL_ABI_FAULT_H
#define KERNEL_ABI_FAULT_H

#include <stdint.h>

#define FAULT_BYTES 16 /* an instruction has 15 at most */
#define FAULT_CAUSE 96

enum fault_call { FAULT_INJECT, FAULT_LOOK, FAULT_WITHDRAW };

enum fault_domain { FAULT_IN_DRIVER, FAULT_IN_TENANT };

enum fault_place {
    FAULT_TEXT,    /* `length` bytes of code at `address` become `bytes`; met: executed */
    FAULT_STATE,   /* the word at `address` becomes (word ^ change) + addend; met: read */
    FAULT_REQUEST, /* the same in the next request that the driver fetches, at `address` in it */
    FAULT_COMPLETION, /* the same in the registers of its next completion, at 4 * (0: id, 1: status, 2: bytes) */
    FAULT_SILENCE, /* its next completion does not reach the core, and the driver does not know */
    FAULT_PLACE_COUNT
};

struct fault_order {
    uint32_t call;           /* enum fault_call */
    uint32_t domain, number; /* enum fault_domain; which driver or tenant */
    uint32_t place;          /* enum fault_place */
    uint32_t at_start; /* 1: into the next fresh copy of a driver, before its first instruction */
    uint32_t address;  /* an offset in the driver's slot, or a linear address of the manager */
    uint32_t length;
    uint32_t change, addend;
    uint8_t bytes[FAULT_BYTES];
};

struct fault_outcome {
    uint32_t is_injected, overwritten; /* overwritten: written before anybody has read it */
    uint32_t is_running; /* the domain runs, and a driver has completed something since its start */
    uint32_t failures;   /* crashes or deaths since the injection */
    uint32_t replayed;   /* requests, over all of them */
    uint32_t replays_left; /* requests of before a crash, or of bad data, that are not completed */
    uint32_t served;      /* requests completed since the injection, counted anew when it was met */
    uint64_t oldest_sent; /* of the requests that a driver has now; 0: it has none */
    uint64_t injected_at, met_at, failed_at, recovered_at; /* nanoseconds since boot; 0: not yet */
    char cause[FAULT_CAUSE]; /* of the first failure, in the core's words */
};

struct fault_block {              /* the call's one buffer */
    struct fault_order order;     /* in */
    struct fault_outcome outcome; /* out */
};

#endif
