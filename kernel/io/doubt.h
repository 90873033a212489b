// SPDX-License-Identifier: MIT
/*
 * Whether a driver is believed that says something bad. The first bad answer to a request may be the driver's own fault:
 * it is started afresh, and the request is put to the fresh copy. The second answer is believed.
 *
 *   bad answer ──may doubt──> asked again ──good──> refuted: the next one is doubted at once
 *       └──not now──> believed     ├──bad──> confirmed: DOUBT_PAUSE without doubts, twice as long each time
 *                                  └──bad, but put right (repair.h)──> as it was: there may be more to put right
 *
 * So a device that really fails costs its driver a few restarts, and not one for each request: nobody can have a driver
 * restarted again and again by reading from a bad place. Pure logic.
 */
#ifndef KERNEL_IO_DOUBT_H
#define KERNEL_IO_DOUBT_H

#include <stdbool.h>
#include <stdint.h>

#define DOUBT_PAUSE      10000000ull
#define DOUBT_PAUSE_MOST 1000000000ull

/* Each is met once by a request at most. */
enum doubt_kind { DOUBT_OF_ERRORS, DOUBT_OF_DATA, DOUBT_OF_REPAIRS, DOUBT_KINDS };

struct doubt {
    uint64_t pause, until;
};

static inline bool doubt_may(const struct doubt *doubt, uint64_t now) {
    return now >= doubt->until;
}

static inline void doubt_refuted(struct doubt *doubt) {
    *doubt = (struct doubt){0};
}

static inline void doubt_confirmed(struct doubt *doubt, uint64_t now) {
    uint64_t longer = doubt->pause == 0 ? DOUBT_PAUSE : doubt->pause * 2;
    doubt->pause = longer < DOUBT_PAUSE_MOST ? longer : DOUBT_PAUSE_MOST;
    doubt->until = now + doubt->pause;
}

#endif
