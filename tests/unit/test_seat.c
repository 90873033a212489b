// SPDX-License-Identifier: MIT
// sources: kernel/sched/seat.c kernel/sched/share.c kernel/sched/share_queue.c kernel/sched/heap.c kernel/sched/leftist_tree.c
/*
 * Seats: what tenants get of a machine whose threads may run on some CPUs only, or change where they may.
 */
#include "tests/unit/seat_machine.h"

#define SECOND 1000 /* rounds */

static uint32_t random_below(uint32_t end) {
    static uint32_t state = 7;

    state = state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)state * end >> 32);
}

static void assert_part(uint64_t part, uint64_t whole, double wanted, double within) {
    double is = (double)part / (double)whole;

    if (is < wanted - within || is > wanted + within)
        fail_msg("%.3f, wanted %.3f", is, wanted);
}

/* ---- Who shares a CPU ---- */

/* Red lags far behind on one CPU, blue leads on the other one; green comes there. */
static void who_lags_or_leads_elsewhere_is_nothing_here(void **state) {
    (void)state;
    begin(2);
    uint32_t red = add_tenant(0, 10, NO_CAP), blue = add_tenant(0, 1000, NO_CAP),
             green = add_tenant(0, 1000, NO_CAP);
    add_thread(red, 1);
    add_thread(blue, 2);
    run(5 * SECOND);
    assert_int_equal(ran(red) + ran(blue), 10 * SECOND);
    add_thread(green, 2);
    uint64_t before = ran(blue);
    run(5 * SECOND);
    assert_part(ran(green), 5 * SECOND, 0.5, 0.01);
    assert_part(ran(blue) - before, 5 * SECOND, 0.5, 0.01);
}

static void weights_hold_at_a_cpu(void **state) {
    (void)state;
    begin(2);
    uint32_t little = add_tenant(0, 100, NO_CAP), much = add_tenant(0, 300, NO_CAP);
    add_thread(little, 2);
    add_thread(much, 2);
    run(10 * SECOND);
    assert_part(ran(little), 10 * SECOND, 0.25, 0.01);
    assert_part(ran(much), 10 * SECOND, 0.75, 0.01);
}

/* Two who may run anywhere have at each of two CPUs the weight of one. */
static void those_who_may_run_anywhere_are_one_there(void **state) {
    (void)state;
    begin(2);
    uint32_t confined = add_tenant(0, 100, NO_CAP);
    add_thread(confined, 2);
    for (uint32_t n = 0; n < 2; n++) {
        uint32_t other = add_tenant(0, 100, NO_CAP);
        for (uint32_t i = 0; i < 2; i++)
            add_thread(other, ANYWHERE);
    }
    run(10 * SECOND);
    assert_part(ran(confined), 10 * SECOND, 0.5, 0.01);
    assert_part(ran(1), 10 * SECOND, 0.75, 0.02);
    assert_part(ran(2), 10 * SECOND, 0.75, 0.02);
}

/* ---- Nobody has more for where his threads may run ---- */

/* What a tenant gets of CPUs * 20 seconds beside one of the same weight, whose threads are CPUs + 1 that may run anywhere. */
static double part_beside_equal(uint32_t cpus, const uint32_t *masks, uint32_t count) {
    begin(cpus);
    uint32_t odd = add_tenant(0, 100, NO_CAP), plain = add_tenant(0, 100, NO_CAP);
    for (uint32_t n = 0; n < cpus + 1; n++)
        add_thread(plain, ANYWHERE);
    for (uint32_t n = 0; n < count; n++)
        add_thread(odd, masks[n]);
    run(20 * SECOND);
    return (double)ran(odd) / (double)(cpus * 20 * SECOND);
}

static void many_places_are_no_more_weight(void **state) {
    static const uint32_t everywhere[] = {1, 2, 4, ANYWHERE, ANYWHERE, ANYWHERE},
                          wide[] = {7, 7, 7, 7}, pairs[] = {3, 5, 6, 3, 5, 6},
                          plain[] = {0, 0, 0, 0};

    (void)state;
    assert_true(part_beside_equal(3, everywhere, 6) < 0.51);
    assert_true(part_beside_equal(3, wide, 4) < 0.51);
    assert_true(part_beside_equal(3, wide, 1) < 0.34);
    assert_true(part_beside_equal(3, pairs, 6) < 0.51);
    assert_true(part_beside_equal(3, everywhere, 6) > 0.45);
    assert_true(part_beside_equal(3, wide, 4) > 0.45);
    assert_true(part_beside_equal(3, plain, 4) > 0.49);
}

/* One with a hundredth of the weight of the other, whose threads change all the time where they may run, or only when they have
 * run, or sleep in between. */
static void who_changes_places_sheds_no_debt(void **state) {
    (void)state;
    for (uint32_t kind = 0; kind < 4; kind++) {
        begin(2);
        uint32_t flips = add_tenant(0, 100, NO_CAP), plain = add_tenant(0, 9900, NO_CAP);
        for (uint32_t n = 0; n < 3; n++)
            add_thread(plain, ANYWHERE);
        uint32_t first = add_thread(flips, 1), second = add_thread(flips, 2);
        for (uint32_t n = 0; n < 100 * SECOND; n++) {
            uint64_t ran_before = threads[first].ran;
            run(1);
            if (kind == 0 || threads[first].ran != ran_before) {
                set_mask(first, (threads[first].mask + 1) % 4);
                set_mask(second, kind == 1 ? random_below(4) : ANYWHERE);
            }
            if (kind >= 2 && !threads[second].runs)
                set_ready(second, kind == 3 && !threads[first].runs);
        }
        assert_true(ran(flips) < 2 * 100 * SECOND * 0.0125);
    }
}

/* For twenty seconds it waits at a CPU that somebody has reserved, then it may run anywhere. */
static void waiting_at_one_cpu_is_no_credit_elsewhere(void **state) {
    (void)state;
    begin(2);
    uint32_t waits = add_tenant(0, 100, NO_CAP), works = add_tenant(0, 100, NO_CAP),
             reserved = add_tenant(100, 100, NO_CAP);
    uint32_t one = add_thread(waits, 2);
    add_thread(works, ANYWHERE);
    add_thread(reserved, 2);
    run(20 * SECOND);
    assert_int_equal(ran(waits), 0);
    uint64_t before = ran(works);
    set_mask(one, ANYWHERE);
    run(SECOND);
    assert_part(ran(waits), SECOND, 0.5, 0.03);
    assert_part(ran(works) - before, SECOND, 0.5, 0.03);
}

/* One of its threads has a CPU that nobody else wants, which counts at the other one too: but its other thread is not forgotten. */
static void who_has_a_cpu_alone_gets_a_turn_at_another_one(void **state) {
    (void)state;
    begin(2);
    uint32_t has_two = add_tenant(0, 50, NO_CAP), has_one = add_tenant(0, 100, NO_CAP);
    add_thread(has_two, 1);
    uint32_t second = add_thread(has_two, 2);
    add_thread(has_one, 2);
    run(20 * SECOND);
    assert_true(threads[second].ran > 20 * SECOND / 300);
    assert_true(ran(has_one) > 0.95 * 20 * SECOND);
}

/* ---- Reservations and caps are the tenant's, wherever it runs ---- */

static void reservations_and_caps_hold_at_seats(void **state) {
    (void)state;
    begin(2);
    uint32_t reserved = add_tenant(40, 1, NO_CAP), capped = add_tenant(0, 10000, 30),
             plain = add_tenant(0, 100, NO_CAP);
    add_thread(reserved, 2);
    add_thread(capped, 2);
    add_thread(plain, 2);
    run(20 * SECOND);
    assert_part(ran(reserved), 20 * SECOND, 0.40, 0.01);
    assert_part(ran(capped), 20 * SECOND, 0.30, 0.02);
    assert_part(ran(plain), 20 * SECOND, 0.30, 0.02);
}

/* ---- What a tenant can make of it that means harm ---- */

/* How long the victim's thread waits until it has run twice, in rounds. */
static uint64_t wait_of(uint32_t thread, uint64_t most) {
    uint64_t before = threads[thread].ran, waited = 0;

    for (; threads[thread].ran < before + 2 && waited < most; waited++)
        run(1);
    return waited;
}

/* Red's thread may run on both CPUs, and always runs on the first: that is no credit at the other one. */
static void a_place_where_nobody_waits_is_no_credit(void **state) {
    (void)state;
    begin(2);
    uint32_t red = add_tenant(0, 100, NO_CAP), victim = add_tenant(0, 100, NO_CAP);
    add_thread(red, 3);
    uint32_t confined = add_thread(victim, 2);
    run(20 * SECOND);
    add_thread(red, 2);
    assert_true(wait_of(confined, 60 * SECOND) < 20);
}

/* The same for a tenant with seats whose only thread may run anywhere, beside one with many. */
static void who_runs_anywhere_alone_has_no_credit_there(void **state) {
    (void)state;
    begin(3);
    uint32_t red = add_tenant(0, 100, NO_CAP), victim = add_tenant(0, 100, NO_CAP);
    set_ready(add_thread(red, 1), false);
    add_thread(red, ANYWHERE);
    for (uint32_t n = 0; n < 4; n++)
        add_thread(victim, ANYWHERE);
    run(60 * SECOND);
    uint64_t before = ran(victim);
    for (uint32_t n = 0; n < 3; n++)
        add_thread(red, ANYWHERE);
    run(5 * SECOND);
    assert_part(ran(victim) - before, 15 * SECOND, 0.5, 0.05);
}

/* Red runs at a seat alone, and ends; then nobody has seats, and two are busy that may run anywhere. One is confined beside them. */
static void clocks_of_a_cpu_agree_when_seats_are_opened_again(void **state) {
    (void)state;
    begin(2);
    uint32_t red = add_tenant(0, 100, NO_CAP), victim = add_tenant(0, 100, NO_CAP);
    uint32_t confined = add_thread(red, 2);
    run(20 * SECOND);
    put_back(1);
    set_ready(confined, false);
    seats_close(&queue, &shares[red]);
    threads[confined].mask = ANYWHERE;
    for (uint32_t n = 0; n < 2; n++) {
        uint32_t plain = add_tenant(0, 100, NO_CAP);
        for (uint32_t i = 0; i < 3; i++)
            add_thread(plain, ANYWHERE);
    }
    run(SECOND);
    assert_true(wait_of(add_thread(victim, 2), 60 * SECOND) < 20);
}

/* Red has a ten thousandth of the weight. One thread is confined to the victim's CPU until it has run there, and then its tenant's
 * seats are closed; the debt goes to the other CPU, where nobody else wants to run. */
static void who_closes_seats_sheds_no_debt(void **state) {
    (void)state;
    begin(2);
    uint32_t red = add_tenant(0, 1, NO_CAP), victim = add_tenant(0, 10000, NO_CAP);
    add_thread(victim, 2);
    for (uint32_t n = 0; n < 3; n++)
        add_thread(red, ANYWHERE);
    uint32_t flips = add_thread(red, 2);
    for (uint32_t n = 0; n < 10 * SECOND; n++) {
        uint64_t before = threads[flips].ran;
        run(1);
        if (threads[flips].ran > before)
            set_mask(flips, ANYWHERE);
        else if (!threads[flips].runs)
            set_mask(flips, 2);
    }
    assert_true(ran(victim) > 0.95 * 10 * SECOND);
}

/* The victim is confined and waits for a disk most of the time, whose driver works for it; another one is confined to the same CPU. */
static void work_of_others_is_paid_where_one_runs(void **state) {
    (void)state;
    begin(2);
    uint32_t victim = add_tenant(0, 100, NO_CAP), other = add_tenant(0, 100, NO_CAP);
    uint32_t reads = add_thread(victim, 2);
    add_thread(other, 2);
    uint64_t waited = 0;
    for (uint32_t n = 0; n < 2000; n++) {
        while (threads[reads].runs)
            put_back(1);
        set_ready(reads, false);
        share_queue_charge(&queue, &shares[victim], now, MILLISECOND / 10, 1);
        run(20);
        set_ready(reads, true);
        uint64_t before = threads[reads].ran;
        for (waited = 0; threads[reads].ran == before && waited < SECOND; waited++)
            run(1);
    }
    assert_true(waited < 20);
}

/* Red has a ten thousandth of the weight and a thread that never rests at a CPU; a driver works for it half of the time. */
static void work_of_others_goes_by_weight_too(void **state) {
    (void)state;
    begin(2);
    uint32_t red = add_tenant(0, 1, NO_CAP), victim = add_tenant(0, 10000, NO_CAP), first = 0;
    add_thread(red, 1);
    for (uint32_t n = 0; n < 3; n++)
        add_thread(victim, ANYWHERE);
    for (uint32_t n = 0; n < SECOND; n++) {
        run(1);
        struct share *chosen = choose_one(1);
        if (!share_queue_precedes(&queue, &shares[red], chosen, 1, now))
            continue;
        first++;
        share_queue_charge(&queue, &shares[red], now, MILLISECOND / 2, 1);
    }
    assert_true(first < SECOND / 10);
}

/* ---- Random lives ---- */

/* Whoever waits for a second while others of no more weight run where he may is forgotten. */
static void nobody_is_forgotten(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 30; round++) {
        begin(1 + random_below(4));
        for (uint32_t n = 0; n < 6; n++)
            add_tenant(0, 100, NO_CAP);
        for (uint32_t n = 0; n < 18; n++)
            add_thread(random_below(6), random_below(1u << queue.cpu_count));
        for (uint32_t n = 0; n < 3000; n++) {
            uint32_t one = random_below(18);
            run(1);
            if (!threads[one].runs && random_below(4) == 0)
                set_ready(one, !threads[one].ready);
            if (random_below(4) == 0)
                set_mask(one, random_below(1u << queue.cpu_count));
            for (uint32_t i = 0; i < thread_count; i++)
                assert_true(!threads[i].ready || rounds - threads[i].waits_since < SECOND);
        }
    }
}

static void everything_at_random(void **state) {
    (void)state;
    for (uint32_t round = 0; round < 30; round++) {
        begin(1 + random_below(SHARE_CPUS));
        for (uint32_t n = 0; n < 8; n++)
            add_tenant(random_below(2) ? random_below(20) : 0, 1 + random_below(10000),
                       random_below(3) ? NO_CAP : 10 + random_below(30));
        for (uint32_t n = 0; n < 24; n++)
            add_thread(random_below(8), random_below(1u << queue.cpu_count));
        for (uint32_t n = 0; n < 3000; n++) {
            uint32_t one = random_below(24);
            run(1);
            if (!threads[one].runs)
                set_ready(one, random_below(2));
            if (random_below(3) == 0)
                set_mask(one, random_below(1u << queue.cpu_count));
            if (random_below(5) == 0)
                share_queue_charge(&queue, &shares[random_below(8)], now, random_below(MILLISECOND),
                                   random_below(queue.cpu_count));
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_lags_or_leads_elsewhere_is_nothing_here),
        cmocka_unit_test(weights_hold_at_a_cpu),
        cmocka_unit_test(those_who_may_run_anywhere_are_one_there),
        cmocka_unit_test(many_places_are_no_more_weight),
        cmocka_unit_test(who_changes_places_sheds_no_debt),
        cmocka_unit_test(waiting_at_one_cpu_is_no_credit_elsewhere),
        cmocka_unit_test(who_has_a_cpu_alone_gets_a_turn_at_another_one),
        cmocka_unit_test(reservations_and_caps_hold_at_seats),
        cmocka_unit_test(a_place_where_nobody_waits_is_no_credit),
        cmocka_unit_test(who_runs_anywhere_alone_has_no_credit_there),
        cmocka_unit_test(clocks_of_a_cpu_agree_when_seats_are_opened_again),
        cmocka_unit_test(who_closes_seats_sheds_no_debt),
        cmocka_unit_test(work_of_others_is_paid_where_one_runs),
        cmocka_unit_test(work_of_others_goes_by_weight_too),
        cmocka_unit_test(nobody_is_forgotten),
        cmocka_unit_test(everything_at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
