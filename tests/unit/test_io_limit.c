// SPDX-License-Identifier: MIT
// sources: kernel/io/limit.c
/*
 * Properties of a limit, on random arrivals: in no stretch of time does more go through than the
 * rate, the burst and one request allow; and a backlogged tenant gets its rate.
 */
#include "kernel/io/limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define SECOND   1000000000ull
#define BURST    (SECOND / 10)
#define REQUESTS 4000

struct sent {
    uint64_t at;
    uint32_t bytes;
};

static struct sent log[REQUESTS];

/* Sends REQUESTS requests as early as the limit lets them, with random pauses of up to `pause`. */
static void send_all(struct limit *limit, uint64_t pause) {
    uint64_t now = 12345;
    for (size_t n = 0; n < REQUESTS; n++) {
        now += pause == 0 ? 0 : (uint64_t)rand() % pause;
        if (limit_ready_at(limit) > now)
            now = limit_ready_at(limit);
        log[n] = (struct sent){now, 512u * (1 + (uint32_t)rand() % 128)};
        limit_charge(limit, now, log[n].bytes);
    }
}

static void check_windows(uint64_t operations, uint64_t bytes) {
    for (size_t first = 0; first < REQUESTS; first += 7) {
        uint64_t moved = 0;
        for (size_t last = first; last < REQUESTS; last++) {
            uint64_t span = log[last].at - log[first].at + BURST;
            moved += log[last].bytes;
            if (operations != 0)
                assert_true((last - first) * SECOND <= operations * span + SECOND);
            if (bytes != 0) /* the last request may go beyond */
                assert_true((moved - log[last].bytes) * 1.0 <= bytes * 1.0 * span / SECOND + 1.0);
        }
    }
}

static void never_exceeded(void **state) {
    (void)state;
    static const uint64_t rates[][2] = {
        {100, 0}, {0, 1000000}, {2000, 50000000}, {3, 4096}, {50000, 1}};
    for (size_t n = 0; n < sizeof rates / sizeof *rates; n++) {
        for (uint64_t pause = 0; pause <= 40000000; pause += 20000000) {
            struct limit limit = {0};
            limit_set(&limit, 0, rates[n][0], rates[n][1], BURST);
            send_all(&limit, pause);
            check_windows(rates[n][0], rates[n][1]);
        }
    }
}

static void backlog_gets_its_rate(void **state) {
    (void)state;
    struct limit limit = {0};
    limit_set(&limit, 0, 500, 0, BURST);
    send_all(&limit, 0);
    uint64_t span = log[REQUESTS - 1].at - log[0].at;
    assert_true(span <= REQUESTS * SECOND / 500);
    assert_true(span >= (REQUESTS - 51) * SECOND / 500);
}

static void sleep_earns_one_burst_only(void **state) {
    (void)state;
    struct limit limit = {0};
    limit_set(&limit, 0, 1000, 0, BURST);
    uint64_t now = 1000 * SECOND;
    unsigned at_once = 0;
    while (limit_ready_at(&limit) <= now && at_once < 1000) {
        limit_charge(&limit, now, 512);
        at_once++;
    }
    assert_in_range(at_once, 100, 101);
}

static void no_limit_is_no_limit(void **state) {
    (void)state;
    struct limit limit = {0};
    for (unsigned n = 0; n < 100000; n++) {
        assert_true(limit_ready_at(&limit) <= 5);
        limit_charge(&limit, 5, 65536);
    }
}

static void a_new_rate_is_not_paid_for_the_old_one(void **state) {
    (void)state;
    struct limit limit = {0};
    limit_set(&limit, 0, 0, 1, BURST);
    limit_charge(&limit, 0, 65536);
    assert_true(limit_ready_at(&limit) > 60000 * SECOND);
    limit_set(&limit, SECOND, 0, 1000000, BURST);
    assert_true(limit_ready_at(&limit) <= SECOND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(never_exceeded),
        cmocka_unit_test(backlog_gets_its_rate),
        cmocka_unit_test(sleep_earns_one_burst_only),
        cmocka_unit_test(no_limit_is_no_limit),
        cmocka_unit_test(a_new_rate_is_not_paid_for_the_old_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
