// SPDX-License-Identifier: MIT
// sources: kernel/domain/driver_budget.c
/*
 * A driver that spins, never sleeps, or sits on a request is found out in time; one that was merely not
 * looked at for a while is not.
 */
#include "kernel/domain/driver_manifest.h"
#include "kernel/domain/driver_restart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define MILLISECOND 1000000ull
#define SECOND      1000000000ull

static struct driver driver;

static void fresh(uint64_t now) {
    driver = (struct driver){0};
    budget_begin(&driver, now);
}

/* Looks when it is asked to; the time at which a cause comes, or `end`. */
static uint64_t blamed_at(uint64_t now, uint64_t end) {
    while (now < end) {
        uint64_t next = UINT64_MAX;
        if (budget_check(&driver, now, &next) != NULL)
            return now;
        assert_true(next > now);
        now = next;
    }
    return end;
}

static void a_spinning_driver_is_found(void **state) {
    (void)state;
    fresh(1000);
    assert_in_range(blamed_at(1000, 10 * SECOND), 50 * MILLISECOND, 66 * MILLISECOND);
    fresh(1000);
    driver.manifest.budget_microseconds = 4000;
    assert_in_range(blamed_at(1000, 10 * SECOND), 4 * MILLISECOND, 6 * MILLISECOND);
}

static void one_late_look_condemns_nobody(void **state) {
    (void)state;
    uint64_t next;
    fresh(0);
    assert_null(budget_check(&driver, 30 * SECOND, &next));
    assert_null(budget_check(&driver, 60 * SECOND, &next));
    assert_null(patience_check(&driver, 1, 60 * SECOND, &next));
    assert_null(patience_check(&driver, 1, 900 * SECOND, &next));
}

static void activations_without_end_are_found(void **state) {
    (void)state;
    uint64_t now = 0, next;
    const char *cause = NULL;
    fresh(now);
    for (; cause == NULL && now < 10 * SECOND; now += 10 * MILLISECOND) {
        budget_begin(&driver, now); /* DRIVER_WAIT came back at once */
        cause = budget_check(&driver, now + 9 * MILLISECOND, &next);
    }
    assert_in_range(now, SECOND, 2 * SECOND);
    fresh(now);
    for (uint32_t n = 0; n < 1000; n++, now += 10 * MILLISECOND) {
        budget_begin(&driver, now);
        if (n % 50 == 0)
            budget_progress(&driver);
        assert_null(budget_check(&driver, now + 9 * MILLISECOND, &next));
    }
}

/* DRIVER_WAIT with a deadline in the past, in a loop: nobody ever looks while it is long awake. */
static void short_activations_without_sleep_are_found(void **state) {
    (void)state;
    uint64_t now = 0, looked = 0, next;
    const char *cause = NULL;
    fresh(now);
    for (; cause == NULL && now < 10 * SECOND; now += MILLISECOND / 100) {
        budget_begin(&driver, now);
        if (now - looked < 13 * MILLISECOND)
            continue;
        looked = now;
        cause = budget_check(&driver, now, &next);
    }
    assert_in_range(now, SECOND, 2 * SECOND);
}

/* A line that stays up: it sleeps each time, but only until its interrupt is let in again. */
static void a_nap_is_no_rest(void **state) {
    (void)state;
    uint64_t now = 1, next;
    const char *cause = NULL;
    fresh(now);
    for (; cause == NULL && now < 10 * SECOND; now += MILLISECOND) {
        budget_end(&driver, now - MILLISECOND / 10);
        budget_begin(&driver, now);
        cause = budget_check(&driver, now + MILLISECOND / 2, &next);
    }
    assert_in_range(now, SECOND, 2 * SECOND);
    fresh(now);
    for (uint32_t n = 0; n < 10000; n++, now += 2 * MILLISECOND) {
        budget_end(&driver, now - MILLISECOND);
        budget_begin(&driver, now);
        assert_null(budget_check(&driver, now + MILLISECOND / 2, &next));
    }
}

static void fruitless_interrupts_are_held_back(void **state) {
    (void)state;
    uint32_t at_once = 0;
    fresh(1);
    while (!budget_wants_pause(&driver))
        at_once++;
    assert_in_range(at_once, 128, 1000);
    for (uint32_t n = 0; n < 1000; n++)
        assert_true(budget_wants_pause(&driver));
    budget_progress(&driver);
    assert_false(budget_wants_pause(&driver));
}

static void a_swallowed_request_is_found(void **state) {
    (void)state;
    uint64_t now = 7, next = UINT64_MAX, sent = 7;
    fresh(now);
    while (patience_check(&driver, sent, now, &next) == NULL && now < 60 * SECOND) {
        assert_true(next > now);
        now = next;
        next = UINT64_MAX;
    }
    assert_in_range(now, 5 * SECOND, 6 * SECOND);
}

static void each_request_has_its_own_patience(void **state) {
    (void)state;
    uint64_t next = UINT64_MAX;
    fresh(0);
    for (uint64_t now = 0; now < 60 * SECOND; now += MILLISECOND)
        assert_null(patience_check(&driver, 1 + now / SECOND, now, &next));
    for (uint64_t now = 0; now < 60 * SECOND; now += MILLISECOND)
        assert_null(patience_check(&driver, 0, now, &next));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spinning_driver_is_found),
        cmocka_unit_test(one_late_look_condemns_nobody),
        cmocka_unit_test(activations_without_end_are_found),
        cmocka_unit_test(short_activations_without_sleep_are_found),
        cmocka_unit_test(a_nap_is_no_rest),
        cmocka_unit_test(fruitless_interrupts_are_held_back),
        cmocka_unit_test(a_swallowed_request_is_found),
        cmocka_unit_test(each_request_has_its_own_patience),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
