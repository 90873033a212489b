// SPDX-License-Identifier: MIT
// sources: kernel/domain/driver_budget.c kernel/domain/driver_unpaid.c
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

/* Runs and looks when it is asked to; the time at which a cause comes, or `end`. */
static uint64_t blamed_at(uint64_t now, uint64_t end) {
    while (now < end) {
        uint64_t next = UINT64_MAX;
        if (budget_check(&driver, now, &next) != NULL)
            return now;
        assert_true(next > now);
        budget_charge(&driver, next, next - now, PAID_BY_TENANT);
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

static void one_late_charge_condemns_nobody(void **state) {
    (void)state;
    uint64_t next;
    fresh(0);
    budget_charge(&driver, 30 * SECOND, 30 * SECOND, PAID_BY_NOBODY);
    assert_null(budget_check(&driver, 30 * SECOND, &next));
    budget_charge(&driver, 60 * SECOND, 30 * SECOND, PAID_BY_NOBODY);
    assert_null(budget_check(&driver, 60 * SECOND, &next));
    assert_true(budget_left(&driver, 60 * SECOND + SECOND / 2, PAID_BY_NOBODY) > 0);
    assert_null(patience_check(&driver, 1, 0, 60 * SECOND, &next));
    assert_null(patience_check(&driver, 1, 0, 900 * SECOND, &next));
}

static void activations_without_end_are_found(void **state) {
    (void)state;
    uint64_t now = 0, next;
    const char *cause = NULL;
    fresh(now);
    for (; cause == NULL && now < 10 * SECOND; now += 10 * MILLISECOND) {
        budget_charge(&driver, now, 9 * MILLISECOND, PAID_BY_IDLING);
        budget_begin(&driver, now); /* DRIVER_WAIT came back at once */
        cause = budget_check(&driver, now, &next);
    }
    assert_in_range(now, SECOND, 2 * SECOND);
    fresh(now);
    for (uint32_t n = 0; n < 1000; n++, now += 10 * MILLISECOND) {
        budget_charge(&driver, now, 9 * MILLISECOND, PAID_BY_IDLING);
        budget_begin(&driver, now);
        if (n % 50 == 0)
            budget_progress(&driver);
        assert_null(budget_check(&driver, now, &next));
    }
}

/* `awake` and `asleep` in turn, without a request; when it was blamed, or 60 s. */
static uint64_t blamed_in_turns(uint64_t awake, uint64_t asleep) {
    uint64_t now = 1, next;
    const char *cause = NULL;
    for (fresh(now); cause == NULL && now < 60 * SECOND; now += asleep) {
        budget_begin(&driver, now);
        now += awake;
        budget_charge(&driver, now, awake, PAID_BY_IDLING);
        cause = budget_check(&driver, now, &next);
        budget_end(&driver, now);
    }
    return now;
}

static void rest_pays_in_proportion(void **state) {
    (void)state;
    assert_in_range(blamed_in_turns(10000, 0), SECOND, 2 * SECOND);
    assert_in_range(blamed_in_turns(MILLISECOND, MILLISECOND / 10), SECOND, 2 * SECOND);
    assert_in_range(blamed_in_turns(12 * MILLISECOND, 1100000), SECOND, 2 * SECOND);
    assert_in_range(blamed_in_turns(MILLISECOND, MILLISECOND), 2 * SECOND, 4 * SECOND);
    assert_true(blamed_in_turns(MILLISECOND, 5 * MILLISECOND) >= 60 * SECOND);
}

/* What a driver gets of ten seconds beside tenants that could run all the time, if it always wants to. It takes
 * a request in every `pause`; 0: none. */
static uint64_t taken_from_tenants(uint64_t turn, uint64_t pause) {
    uint64_t now = 1, got = 0, requested = 0;
    enum payment payment = pause ? PAID_BY_TENANT : PAID_BY_NOBODY;
    for (fresh(now); now < 10 * SECOND;) {
        uint64_t left = budget_left(&driver, now, payment);
        if (left == 0) {
            assert_true(budget_renewal(&driver) > now);
            now = budget_renewal(&driver);
            continue;
        }
        left = left < turn ? left : turn;
        now += left + 1000;
        got += left + 1000;
        budget_charge(&driver, now, left + 1000, payment);
        if (pause && now - requested >= pause) {
            budget_progress(&driver);
            requested = now;
        }
    }
    return got;
}

static void what_nobody_pays_for_is_bounded(void **state) {
    (void)state;
    for (uint64_t turn = 1000; turn < SECOND; turn *= 7) {
        assert_in_range(taken_from_tenants(turn, 0), 380 * MILLISECOND, 420 * MILLISECOND);
        assert_in_range(taken_from_tenants(turn, SECOND), 800 * MILLISECOND, 1000 * MILLISECOND);
    }
}

static void idle_time_is_free(void **state) {
    (void)state;
    fresh(1);
    budget_charge(&driver, SECOND, SECOND, PAID_BY_IDLING);
    assert_true(budget_left(&driver, SECOND, PAID_BY_NOBODY) > 0);
    budget_charge(&driver, SECOND, SECOND, PAID_BY_NOBODY);
    assert_true(budget_left(&driver, SECOND, PAID_BY_NOBODY) == 0);
    unpaid_crash(&driver.unpaid, SECOND);
    assert_true(budget_left(&driver, SECOND, PAID_BY_NOBODY) > 0);
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
    while (patience_check(&driver, sent, 0, now, &next) == NULL && now < 60 * SECOND) {
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
        assert_null(patience_check(&driver, 1 + now / SECOND, 0, now, &next));
    for (uint64_t now = 0; now < 60 * SECOND; now += MILLISECOND)
        assert_null(patience_check(&driver, 0, 0, now, &next));
}

static uint64_t blamed_when_overtaken_by(uint32_t count) {
    uint64_t now = 0, next = UINT64_MAX;
    fresh(0);
    while (patience_check(&driver, 1, count, now, &next) == NULL && now < 60 * SECOND)
        now += 5 * MILLISECOND;
    return now;
}

static void an_overtaken_request_is_lost(void **state) {
    (void)state;
    assert_in_range(blamed_when_overtaken_by(127), 5 * SECOND, 6 * SECOND);
    assert_in_range(blamed_when_overtaken_by(128), 100 * MILLISECOND, 150 * MILLISECOND);
}

static void wakes_without_sleep_are_counted(void **state) {
    (void)state;
    uint64_t next;
    fresh(0);
    for (uint32_t n = 0; n < 2000; n++)
        budget_begin(&driver, 0);
    assert_null(budget_check(&driver, 0, &next));
    budget_end(&driver, 0);
    for (uint32_t n = 0; n < 2047; n++)
        budget_begin(&driver, 0);
    assert_null(budget_check(&driver, 0, &next));
    budget_begin(&driver, 0);
    assert_non_null(budget_check(&driver, 0, &next));
    budget_progress(&driver);
    assert_null(budget_check(&driver, 0, &next));
}

static void a_console_that_was_interrupted_is_urgent(void **state) {
    struct driver driver = {.manifest.class = DEVICE_CONSOLE};

    (void)state;
    assert_false(budget_is_urgent(&driver));
    driver.irq_told = 1;
    assert_true(budget_is_urgent(&driver));
    budget_begin(&driver, SECOND);
    budget_charge(&driver, SECOND, 100000, PAID_BY_TENANT);
    assert_false(budget_is_urgent(&driver));
    budget_begin(&driver, SECOND);
    assert_true(budget_is_urgent(&driver));
    driver.manifest.class = DEVICE_BLOCK;
    assert_false(budget_is_urgent(&driver));
}

static void a_network_card_that_was_interrupted_is_patient(void **state) {
    (void)state;
    uint64_t now = 7 * SECOND;
    fresh(now);
    assert_int_equal(budget_patience(&driver), 0);
    driver.manifest.class = DEVICE_NETWORK;
    uint64_t end = budget_patience(&driver);
    assert_in_range(end, now + 1, now + MILLISECOND / 2);
    budget_begin(&driver,
                 now + MILLISECOND /
                           10); /* it goes on: what has come first waits no longer for that */
    assert_int_equal(budget_patience(&driver), end);
    budget_end(&driver, now + MILLISECOND);
    budget_begin(&driver, now + 2 * MILLISECOND);
    assert_int_equal(budget_patience(&driver), end + 2 * MILLISECOND);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spinning_driver_is_found),
        cmocka_unit_test(one_late_charge_condemns_nobody),
        cmocka_unit_test(activations_without_end_are_found),
        cmocka_unit_test(rest_pays_in_proportion),
        cmocka_unit_test(what_nobody_pays_for_is_bounded),
        cmocka_unit_test(idle_time_is_free),
        cmocka_unit_test(fruitless_interrupts_are_held_back),
        cmocka_unit_test(a_swallowed_request_is_found),
        cmocka_unit_test(wakes_without_sleep_are_counted),
        cmocka_unit_test(an_overtaken_request_is_lost),
        cmocka_unit_test(each_request_has_its_own_patience),
        cmocka_unit_test(a_console_that_was_interrupted_is_urgent),
        cmocka_unit_test(a_network_card_that_was_interrupted_is_patient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
