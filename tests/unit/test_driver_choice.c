// SPDX-License-Identifier: MIT
// sources: kernel/sched/driver_choice.c kernel/sched/share_queue.c kernel/sched/share.c kernel/sched/heap.c kernel/sched/seat.c kernel/sched/leftist_tree.c
/*
 * Two drivers and three tenants: a card's, which lets reserved work go for a while, and a disk's, which a tenant may wait for.
 * Each call of budget_left() is a driver that was compared.
 */
#include "kernel/sched/driver_choice.h"

#include "kernel/abi/gate.h"
#include "kernel/dev/interrupt.h"
#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/io/device.h"
#include "kernel/sched/ready.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOW      1000000000ull
#define PATIENCE (NOW + 200000)

enum { LITTLE, MUCH, BY_WEIGHT, TENANTS };

static struct heap_node *nodes[3][TENANTS + 1];
struct ready ready;
static struct tenant people[TENANTS];
static struct driver card, disk;
static struct thread card_thread, disk_thread;
static struct tenant *waits_for_disk;
static uint32_t compared;
static uint64_t left;
static bool is_shared;

struct tenant *io_next_waiting(const struct driver *driver, uint32_t *at) {
    return driver == &disk && (*at)++ == 0 ? waits_for_disk : NULL;
}
bool interrupt_is_shared(const struct driver *driver) {
    return driver == &card && is_shared;
}
bool budget_is_urgent(const struct driver *driver) {
    (void)driver;
    return false;
}
uint64_t budget_left(struct driver *driver, uint64_t now, enum payment payment) {
    (void)driver, (void)now, (void)payment;
    compared++;
    return left;
}
uint64_t budget_renewal(const struct driver *driver) {
    (void)driver;
    return NOW + 1000;
}
uint64_t budget_patience(const struct driver *driver) {
    return driver == &card ? PATIENCE : 0;
}

static void becomes_ready(struct thread *thread) {
    thread_queue_append(&ready.drivers, thread);
    driver_choice_is_open();
}

/* The card's driver is ready, and all tenants; who has more reserved time has used nothing of it yet, like the other. */
static int begin(void **state) {
    static const uint32_t reservations[TENANTS] = {10, 50, 0};

    (void)state;
    ready = (struct ready){.tenants = {.reserved = {nodes[0], 0},
                                       .weighted = {nodes[1], 0},
                                       .renewals = {nodes[2], 0}}};
    for (uint32_t n = 0; n < TENANTS; n++) {
        people[n] = (struct tenant){0};
        share_initialise(&people[n].share, reservations[n], 100, 100);
        share_queue_add(&ready.tenants, &people[n].share, NOW);
    }
    card_thread = (struct thread){.driver = &card};
    disk_thread = (struct thread){.driver = &disk};
    waits_for_disk = NULL;
    is_shared = false;
    left = 1000000;
    becomes_ready(&card_thread);
    compared = 0;
    return 0;
}

static struct thread *choose(const struct tenant *tenant, uint64_t now, uint64_t *alarm) {
    *alarm = DEADLINE_NEVER;
    return driver_choice(tenant, 0, now, alarm);
}

static void a_card_lets_reserved_work_go_until_its_patience_ends(void **state) {
    uint64_t alarm;

    (void)state;
    assert_null(choose(&people[LITTLE], NOW, &alarm));
    assert_int_equal(alarm, PATIENCE);
    assert_null(choose(&people[MUCH], PATIENCE - 1, &alarm));
    assert_ptr_equal(choose(&people[LITTLE], PATIENCE, &alarm), &card_thread);
}

static void meanwhile_it_is_compared_once(void **state) {
    uint64_t alarm;

    (void)state;
    for (uint32_t n = 0; n < 10; n++) {
        assert_null(choose(&people[n % 2], NOW + n, &alarm));
        assert_int_equal(alarm, PATIENCE);
    }
    assert_int_equal(compared, 1);
}

static void it_goes_before_who_has_none_and_before_nobody(void **state) {
    uint64_t alarm;

    (void)state;
    assert_null(choose(&people[LITTLE], NOW, &alarm));
    assert_ptr_equal(choose(&people[BY_WEIGHT], NOW, &alarm), &card_thread);
    assert_ptr_equal(choose(NULL, NOW, &alarm), &card_thread);
}

static void another_one_that_becomes_ready_is_compared(void **state) {
    uint64_t alarm;

    (void)state;
    assert_null(choose(&people[LITTLE], NOW, &alarm));
    waits_for_disk = &people[MUCH];
    share_queue_charge(&ready.tenants, &people[LITTLE].share, NOW, 1000000, 0);
    becomes_ready(&disk_thread);
    assert_ptr_equal(choose(&people[LITTLE], NOW, &alarm), &disk_thread);
}

/* A disk's driver waits for nobody's patience: who waits for it may change at any time. */
static void a_disk_is_compared_each_time(void **state) {
    uint64_t alarm;

    (void)state;
    waits_for_disk = &people[BY_WEIGHT];
    becomes_ready(&disk_thread);
    assert_null(choose(&people[LITTLE], NOW, &alarm));
    assert_null(choose(&people[LITTLE], NOW, &alarm));
    assert_int_equal(compared, 4);
}

static void one_on_a_shared_line_goes_at_once(void **state) {
    uint64_t alarm;

    (void)state;
    is_shared = true;
    assert_ptr_equal(choose(&people[LITTLE], NOW, &alarm), &card_thread);
}

static void one_with_nothing_left_waits_for_its_renewal(void **state) {
    uint64_t alarm;

    (void)state;
    left = 0;
    assert_null(choose(&people[BY_WEIGHT], NOW, &alarm));
    assert_int_equal(alarm, NOW + 1000);
}

static void nobody_is_chosen_of_none(void **state) {
    uint64_t alarm;

    (void)state;
    ready.drivers = (struct thread_queue){NULL, NULL};
    assert_null(choose(NULL, NOW, &alarm));
    assert_int_equal(alarm, DEADLINE_NEVER);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_card_lets_reserved_work_go_until_its_patience_ends, begin),
        cmocka_unit_test_setup(meanwhile_it_is_compared_once, begin),
        cmocka_unit_test_setup(it_goes_before_who_has_none_and_before_nobody, begin),
        cmocka_unit_test_setup(another_one_that_becomes_ready_is_compared, begin),
        cmocka_unit_test_setup(a_disk_is_compared_each_time, begin),
        cmocka_unit_test_setup(one_on_a_shared_line_goes_at_once, begin),
        cmocka_unit_test_setup(one_with_nothing_left_waits_for_its_renewal, begin),
        cmocka_unit_test_setup(nobody_is_chosen_of_none, begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
