// SPDX-License-Identifier: MIT
// sources: kernel/io/schedule.c kernel/io/limit.c kernel/io/cost.c kernel/sched/heap.c
/*
 * Properties of the IO schedule, on a made-up device that does one request after another, each for as long as it costs.
 */
#include "kernel/io/cost.h"
#include "kernel/io/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND      1000000000ull
#define MILLISECOND 1000000ull
#define CLIENTS     40
#define REFERENCE   500000u /* 2,000 reads a second */

struct client {
    struct flow flow;
    uint32_t cost, bytes;  /* of each of its requests; cost 0: random */
    uint64_t works, rests; /* by turns, for so long; 0: works all the time */
    uint64_t served, cost_served, bytes_served;
};

static struct heap_node *places[4][CLIENTS + 1];
static struct schedule schedule;
static struct client clients[CLIENTS];
static uint32_t count;
static uint64_t now, idle;
static uint32_t slowness; /* how many times longer a request takes than it should cost */

static void start(void) {
    memset(clients, 0, sizeof clients);
    schedule = (struct schedule){.due = {places[0], 0},
                                 .ready = {places[1], 0},
                                 .held = {places[2], 0},
                                 .anticipated = {places[3], 0}};
    schedule.reference = REFERENCE;
    count = 0;
    idle = 0;
    slowness = 1;
    now = 100 * SECOND;
}

static struct client *add(uint32_t reservation, uint32_t weight, uint64_t operations,
                          uint64_t burst) {
    struct client *client = &clients[count++];
    client->flow.reservation = reservation;
    client->flow.weight = weight;
    client->cost = REFERENCE;
    client->bytes = 4096;
    limit_set(&client->flow.limit, now, operations, 0, burst);
    return client;
}

static void look_who_wants(void) {
    for (uint32_t n = 0; n < count; n++) {
        struct client *client = &clients[n];
        uint64_t round = client->works + client->rests;
        if (round == 0 || now % round < client->works)
            schedule_wants(&schedule, &client->flow, now);
        else
            schedule_rests(&schedule, &client->flow, now);
    }
}

/* The client that does one request after another, and thinks in between; the others are never done. */
static struct client *thinker;
static uint64_t thinks, wants_at;
static uint64_t thinks_long; /* the same, each tenth time; 0: never */

static void look_at_thinker(void) {
    if (now >= wants_at)
        schedule_wants(&schedule, &thinker->flow, now);
    else
        schedule_rests(&schedule, &thinker->flow, now);
    for (uint32_t n = 0; n < count; n++)
        if (&clients[n] != thinker)
            schedule_wants(&schedule, &clients[n].flow, now);
}

static void serve_beside_thinker(void) {
    look_at_thinker();
    struct flow *flow = schedule_next(&schedule, now);
    uint64_t until =
        schedule_is_due(&schedule, flow, now) ? 0 : schedule_anticipates(&schedule, now, REFERENCE);
    if (until != 0) {
        assert_true(until > now && until <= now + 5 * REFERENCE / 2);
        uint64_t next = wants_at > now && wants_at < until ? wants_at : until;
        idle += next - now;
        now = next;
        return;
    }
    struct client *client = (struct client *)(void *)flow;
    schedule_charge(&schedule, flow, now, REFERENCE, client->bytes);
    client->served++;
    now += REFERENCE;
    if (client != thinker)
        return;
    wants_at = now + (thinks_long && client->served % 10 == 0 ? thinks_long : thinks);
    look_at_thinker();
    schedule_answered(&schedule, flow, now);
}

/* What the heaps should say, by looking at everybody. */
static void check_choice(const struct flow *chosen) {
    bool chosen_is_due =
        chosen != NULL && chosen->reservation != 0 && chosen->due <= now - schedule.behind;
    for (uint32_t n = 0; n < count; n++) {
        const struct flow *flow = &clients[n].flow;
        bool due = flow->state == FLOW_READY && flow->reservation != 0 &&
                   flow->due <= now - schedule.behind;
        assert_false(flow->state == FLOW_READY && chosen == NULL);
        assert_false(flow->state == FLOW_HELD && limit_ready_at(&flow->limit) <= now);
        assert_false(due && (!chosen_is_due || chosen->due > flow->due));
        if (flow->state == FLOW_READY && !chosen_is_due)
            assert_true(chosen->share <= flow->share);
    }
}

static struct client *serve_one(void) {
    look_who_wants();
    struct flow *flow = schedule_next(&schedule, now);
    check_choice(flow);
    if (flow == NULL) {
        now += 100000;
        idle += 100000;
        return NULL;
    }
    struct client *client = (struct client *)(void *)flow;
    uint32_t cost = client->cost != 0 ? client->cost : 1000 + (uint32_t)rand() % 2000000;
    schedule_charge(&schedule, flow, now, cost, client->bytes);
    client->served++;
    client->cost_served += cost;
    client->bytes_served += client->bytes;
    now += (uint64_t)cost * slowness;
    return client;
}

static void serve_for(uint64_t span) {
    for (uint64_t end = now + span; now < end;)
        serve_one();
}

static void assert_near(double is, double should, double within) {
    if (is < should * (1 - within) || is > should * (1 + within))
        fail_msg("%f instead of %f", is, should);
}

/* ---- Reservations ---- */

static void reservations_are_met(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 8; round++) {
        start();
        uint32_t left = 2000;
        for (uint32_t n = 0; n < 12; n++) {
            uint32_t reservation = (uint32_t)rand() % (left / 3 + 1);
            left -= reservation;
            add(reservation, 1 + (uint32_t)rand() % 10000, 0, 0)->cost = n % 3 ? REFERENCE : 0;
        }
        serve_for(60 * SECOND);
        for (uint32_t n = 0; n < count; n++)
            assert_true(clients[n].cost_served / (double)REFERENCE >=
                        clients[n].flow.reservation * 60 * 0.99 - 5);
        assert_int_equal(idle, 0);
    }
}

/* In every second, not only on average. */
static void a_reservation_holds_in_every_second(void **state) {
    (void)state;
    start();
    struct client *victim = add(200, 1, 0, 0);
    for (uint32_t n = 0; n < 8; n++)
        add(0, 10000, 0, 0)->cost = 4 * REFERENCE;
    for (uint32_t second = 0; second < 30; second++) {
        uint64_t before = victim->served;
        serve_for(SECOND);
        assert_in_range(victim->served - before, 199, 204);
    }
}

/* Who asks at its rate and no faster waits for one request at most, whoever else is there. */
static void a_reserved_request_waits_for_one_other(void **state) {
    (void)state;
    start();
    struct client *victim = add(200, 1, 0, 0);
    for (uint32_t n = 1; n < 9; n++)
        add(0, 10000, 0, 0)->cost = 4 * REFERENCE;
    for (uint32_t n = 0; n < 2000; n++) {
        uint64_t asked = now + (uint64_t)rand() % MILLISECOND;
        victim->works = 0, victim->rests = 1;
        while (now < asked)
            serve_one();
        victim->works = 1, victim->rests = 0;
        while (serve_one() != victim)
            ;
        assert_true(now - asked <= 4 * REFERENCE + victim->cost);
        victim->works = 0, victim->rests = 1;
        for (uint64_t next = asked + 5 * MILLISECOND; now < next;)
            serve_one();
    }
}

static void what_is_behind_shares_by_reservation(void **state) {
    (void)state;
    start();
    add(250, 1, 0, 0);
    add(750, 1, 0, 0);
    struct client *other = add(0, 1, 0, 0);
    slowness = 4;
    serve_for(600 * SECOND);
    assert_near((double)clients[1].served / (double)clients[0].served, 3, 0.01);
    slowness = 1;
    serve_for(2 * SECOND); /* they were late by a second and no more */
    uint64_t before = other->served;
    serve_for(SECOND);
    assert_in_range(other->served - before, 330, 340);
}

/* ---- Weights ---- */

static void what_is_left_goes_by_weight(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 8; round++) {
        start();
        uint32_t reserved = 0, weights = 0;
        for (uint32_t n = 0; n < 6; n++) {
            uint32_t reservation = (uint32_t)rand() % 300, weight = 100 + (uint32_t)rand() % 1000;
            add(reservation, weight, 0, 0)->cost = REFERENCE / (1 + (uint32_t)rand() % 4);
            reserved += reservation, weights += weight;
        }
        serve_for(200 * SECOND);
        for (uint32_t n = 0; n < count; n++) {
            double should = clients[n].flow.reservation +
                            (2000.0 - reserved) * clients[n].flow.weight / weights;
            assert_near(clients[n].cost_served / (double)REFERENCE / 200, should, 0.01);
        }
    }
}

static void nobody_starves(void **state) {
    (void)state;
    start();
    struct client *small = add(0, 1, 0, 0);
    for (uint32_t n = 1; n < CLIENTS; n++)
        add(0, 10000, 0, 0);
    serve_for(500 * SECOND);
    assert_near((double)small->served, 500.0 * 2000 / (39 * 10000 + 1), 0.5);
}

static void rest_earns_nothing(void **state) {
    (void)state;
    start();
    struct client *sleeper = add(100, 100, 0, 0), *other = add(100, 100, 0, 0);
    sleeper->works = 0, sleeper->rests = 1;
    serve_for(100 * SECOND);
    assert_int_equal(sleeper->served, 0);
    sleeper->works = 1, sleeper->rests = 0;
    uint64_t before = other->served;
    serve_for(SECOND);
    assert_in_range(sleeper->served, 998, 1003);
    assert_in_range(other->served - before, 997, 1002);
}

/* Of clients that come and go, those that are always there and weigh the same get the same. */
static void comers_and_goers_change_nothing_between_others(void **state) {
    (void)state;
    start();
    add(0, 300, 0, 0);
    add(0, 300, 0, 0);
    for (uint32_t n = 2; n < 20; n++) {
        struct client *client = add((uint32_t)rand() % 50, 1 + (uint32_t)rand() % 1000, 0, 0);
        client->works = 1 + (uint64_t)rand() % (50 * MILLISECOND);
        client->rests = (uint64_t)rand() % (50 * MILLISECOND);
        client->cost = 0;
    }
    serve_for(100 * SECOND);
    assert_near((double)clients[0].served, (double)clients[1].served, 0.01);
    assert_int_equal(idle, 0);
}

/* ---- Limits ---- */

#define SERVED 40000

static void no_window_is_over_its_limit(void **state) {
    (void)state;
    static uint64_t at[SERVED];
    static const uint64_t bursts[] = {0, 100 * MILLISECOND, SECOND};
    for (uint32_t round = 0; round < sizeof bursts / sizeof *bursts; round++) {
        uint32_t served = 0, limit = 150;
        start();
        struct client *client = add(100, 10000, limit, bursts[round]);
        client->works = 700 * MILLISECOND, client->rests = 900 * MILLISECOND;
        add(0, 100, 0, 0);
        while (now < 130 * SECOND && served < SERVED)
            if (serve_one() == client)
                at[served++] = now - client->cost;
        assert_true(served > 30 * limit / 3);
        for (uint32_t first = 0; first < served; first++)
            for (uint32_t last = first; last < served; last++)
                assert_true((last - first) * SECOND <=
                            limit * (at[last] - at[first] + bursts[round]) + SECOND);
    }
}

static void a_limit_is_reached_and_the_rest_is_the_others(void **state) {
    (void)state;
    start();
    struct client *limited = add(0, 10000, 300, 10 * MILLISECOND), *other = add(0, 1, 0, 0);
    serve_for(60 * SECOND);
    assert_in_range(limited->served, 60 * 300 - 60, 60 * 300 + 4);
    assert_int_equal(idle, 0);
    assert_in_range(other->served, 60 * 1700 - 4, 60 * 1700 + 62);
}

static void all_are_held_and_the_device_rests(void **state) {
    (void)state;
    start();
    add(0, 1, 100, 0);
    add(0, 1, 100, 0);
    serve_for(10 * SECOND);
    assert_true(idle > 8 * SECOND);
    assert_true(schedule_held_until(&schedule) <= now + SECOND / 100);
    assert_near((double)clients[0].served, 1000, 0.02);
}

/* ---- Clocks ---- */

static void a_clock_that_jumps_earns_nothing(void **state) {
    (void)state;
    start();
    struct client *reserved = add(100, 1, 0, 0), *limited = add(0, 100, 200, 100 * MILLISECOND);
    struct client *other = add(0, 100, 0, 0);
    serve_for(10 * SECOND);
    now += 3600 * SECOND;
    uint64_t before[] = {reserved->served, limited->served, other->served};
    serve_for(SECOND);
    assert_in_range(limited->served - before[1], 200, 222);
    assert_in_range(reserved->served - before[0], 100, 230); /* late by a second at most */
    assert_true(other->served - before[2] > 1500);
}

static void settings_may_change_at_any_time(void **state) {
    (void)state;
    start();
    struct client *one = add(0, 100, 0, 0), *two = add(0, 100, 0, 0);
    serve_for(10 * SECOND);
    one->flow.reservation = 1000;
    two->flow.weight = 300;
    schedule_flow_changed(&schedule, &one->flow, now);
    schedule_flow_changed(&schedule, &two->flow, now);
    uint64_t before = one->served;
    serve_for(10 * SECOND);
    assert_near((double)(one->served - before), 10 * (1000 + 250), 0.01);
    one->flow.reservation = 0;
    schedule_flow_changed(&schedule, &one->flow, now);
    before = one->served;
    serve_for(10 * SECOND);
    assert_near((double)(one->served - before), 10 * 500, 0.01);
}

static void everything_at_random(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 30; round++) {
        start();
        for (uint32_t n = 0; n < CLIENTS; n++) {
            struct client *client = add(
                (uint32_t)rand() % 3 ? 0 : (uint32_t)rand() % 100, 1 + (uint32_t)rand() % 10000,
                (uint32_t)rand() % 2 ? 0 : 1 + (uint32_t)rand() % 500, (uint64_t)rand() % SECOND);
            client->cost = 0;
            client->works = (uint64_t)rand() % SECOND;
            client->rests = (uint64_t)rand() % SECOND;
        }
        for (uint32_t n = 0; n < 5000; n++) {
            serve_one(); /* checks each choice */
            if (rand() % 500 == 0)
                now += (uint64_t)rand() * 1000;
        }
    }
}

/* ---- Thinking ---- */

static void think_for(uint64_t span, uint64_t time) {
    thinks = time;
    for (uint64_t end = now + span; now < end;)
        serve_beside_thinker();
}

/* Thinker of `reservation` beside three that are never done; what it gets in a second. */
static double thinker_gets(uint32_t reservation, uint64_t time) {
    start();
    thinker = add(reservation, 100, 0, 0);
    for (uint32_t n = 0; n < 3; n++)
        add(0, 10000, 0, 0);
    wants_at = now;
    think_for(SECOND, time); /* it is learnt how long it thinks */
    uint64_t before = thinker->served;
    idle = 0;
    think_for(10 * SECOND, time);
    return (double)(thinker->served - before) / 10;
}

static void who_thinks_keeps_its_reservation(void **state) {
    (void)state;
    for (uint64_t time = 0; time <= 200000; time += 20000) {
        double alone = (double)SECOND / (double)(REFERENCE + time);
        uint32_t reservation = (uint32_t)(alone * 0.98);
        assert_near(thinker_gets(reservation, time), reservation, 0.01);
    }
}

/* Even who now and then thinks for longer than a request takes. */
static void a_long_thought_costs_nothing(void **state) {
    (void)state;
    thinks_long = 7 * REFERENCE / 5;
    double alone = (double)SECOND / (double)(REFERENCE + 60000 * 0.9 + (double)thinks_long / 10);
    uint32_t reservation = (uint32_t)(alone * 0.98);
    assert_near(thinker_gets(reservation, 60000), reservation, 0.01);
    thinks_long = 0;
}

/* Waiting takes time from the others: no more than the thinking itself, and none for those who reserved less. */
static void the_others_get_what_is_left(void **state) {
    (void)state;
    double gets = thinker_gets(1000, 100000);
    assert_near(gets, 1000, 0.01);
    assert_true(idle <= 1000 * 10 * 100000ull);
    thinker_gets(200, 100000);
    double others = 0;
    for (uint32_t n = 1; n < count; n++)
        others += (double)clients[n].served / 11;
    assert_true(others > 0.95 * (2000 - 200));
}

/* Nor does who thinks for as long as a request takes, and has reserved what he can do so, keep the others from the device. */
static void who_thinks_long_leaves_the_others_something(void **state) {
    (void)state;
    thinker_gets(1001, REFERENCE);
    double others = 0;
    for (uint32_t n = 1; n < count; n++)
        others += (double)clients[n].served / 11;
    assert_true(others > 0.3 * 2000);
}

/* Who thinks for longer than a request takes is not waited for. */
static void nobody_waits_long(void **state) {
    (void)state;
    thinker_gets(500, 4 * REFERENCE);
    assert_int_equal(idle, 0);
}

/* And who stops is waited for once. */
static void nobody_waits_twice(void **state) {
    (void)state;
    thinker_gets(1500, 50000);
    idle = 0;
    wants_at = UINT64_MAX;
    thinks = SECOND;
    think_for(SECOND, SECOND);
    assert_true(idle <= 5 * REFERENCE / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reservations_are_met),
        cmocka_unit_test(a_reservation_holds_in_every_second),
        cmocka_unit_test(a_reserved_request_waits_for_one_other),
        cmocka_unit_test(what_is_behind_shares_by_reservation),
        cmocka_unit_test(what_is_left_goes_by_weight),
        cmocka_unit_test(nobody_starves),
        cmocka_unit_test(rest_earns_nothing),
        cmocka_unit_test(comers_and_goers_change_nothing_between_others),
        cmocka_unit_test(no_window_is_over_its_limit),
        cmocka_unit_test(a_limit_is_reached_and_the_rest_is_the_others),
        cmocka_unit_test(all_are_held_and_the_device_rests),
        cmocka_unit_test(a_clock_that_jumps_earns_nothing),
        cmocka_unit_test(settings_may_change_at_any_time),
        cmocka_unit_test(everything_at_random),
        cmocka_unit_test(who_thinks_keeps_its_reservation),
        cmocka_unit_test(a_long_thought_costs_nothing),
        cmocka_unit_test(the_others_get_what_is_left),
        cmocka_unit_test(who_thinks_long_leaves_the_others_something),
        cmocka_unit_test(nobody_waits_long),
        cmocka_unit_test(nobody_waits_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
