// SPDX-License-Identifier: MIT
// sources: kernel/sched/seat.c kernel/sched/share.c kernel/sched/share_queue.c kernel/sched/heap.c kernel/sched/leftist_tree.c
/*
 * Strategies by which a tenant got more of the CPUs than its share, found by a random search over such rules while the core had not
 * yet what is against them. Its threads change where they may run, sleep, wake, yield and have time charged, at the worst moment.
 */
#include "tests/unit/seat_machine.h"

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])
#define RULES           6
#define ROUNDS          60000u
#define ALL             4u /* threads of a strategy, at most */

/* `of` is a thread; of a phase, its length in rounds, and `at` which of them it is. */
enum moment { EVERY, STARTS, STOPS, TURN_ENDS, HAS_RUN_A_ROUND };
enum act { MASK, SLEEP, WAKE, COUNT, YIELD };

struct rule {
    enum moment moment;
    uint32_t of, at;
    enum act act;
    uint32_t thread, argument;
};

struct strategy {
    uint32_t cpus, weight, masks[ALL], threads;
    uint32_t victim_weight, victim_mask;
    struct rule rules[RULES];
    uint32_t rule_count;
    double victim_least; /* of one CPU */
};

static const struct strategy strategies[] = {
    /* What one is ahead of is a floor; the others have come by it. */
    {.cpus = 1,
     .weight = 100,
     .masks = {1},
     .threads = 1,
     .victim_weight = 300,
     .rules = {{EVERY, 31, 1, MASK, 0, 1},
               {STARTS, 0, 0, MASK, 0, ANYWHERE},
               {HAS_RUN_A_ROUND, 0, 0, YIELD, 0, 0},
               {STARTS, 0, 0, YIELD, 0, 0}},
     .rule_count = 4,
     .victim_least = 0.74},
    /* Chosen by a seat, it has none any more when it pays, and the debt goes where nobody else wants to run. */
    {.cpus = 2,
     .weight = 1,
     .masks = {1},
     .threads = 1,
     .victim_weight = 10000,
     .victim_mask = 2,
     .rules = {{TURN_ENDS, 0, 0, SLEEP, 0, 7},
               {STARTS, 0, 0, MASK, 0, 2},
               {STARTS, 0, 0, MASK, 0, ANYWHERE}},
     .rule_count = 3,
     .victim_least = 0.99},
    /* It is so far ahead that it seems to have slept until the clocks wrapped. */
    {.cpus = 2,
     .weight = 1,
     .masks = {1, ANYWHERE, 1},
     .threads = 3,
     .victim_weight = 10000,
     .victim_mask = 2,
     .rules = {{TURN_ENDS, 0, 0, SLEEP, 2, 6},
               {STOPS, 0, 0, SLEEP, 1, 4},
               {EVERY, 5, 0, MASK, 2, 3},
               {HAS_RUN_A_ROUND, 0, 0, WAKE, 1, 0},
               {TURN_ENDS, 1, 0, SLEEP, 1, 33},
               {STARTS, 1, 0, YIELD, 0, 0}},
     .rule_count = 6,
     .victim_least = 0.99},
};

static uint64_t wakes_at[ALL];

static int cpu_of(const struct thread *thread) {
    for (uint32_t cpu = 0; cpu < queue.cpu_count; cpu++)
        if (machine[cpu].current == thread)
            return (int)cpu;
    return -1;
}

static bool is_now(const struct rule *rule, const bool *ran_before) {
    const struct thread *thread = &threads[rule->of];
    int cpu = rule->moment == EVERY ? -1 : cpu_of(thread);

    switch (rule->moment) {
    case EVERY:
        return rounds % rule->of == rule->at;
    case STARTS:
        return thread->runs && !ran_before[rule->of];
    case STOPS:
        return !thread->runs && ran_before[rule->of];
    case TURN_ENDS:
        return cpu >= 0 && machine[cpu].turn_ends == rounds + 1;
    default:
        return cpu >= 0 && rounds - machine[cpu].counted == 1;
    }
}

static void sleep_for(uint32_t n, uint32_t for_rounds) {
    int cpu = cpu_of(&threads[n]);

    if (cpu < 0 && !threads[n].ready)
        return;
    wakes_at[n] = rounds + 1 + for_rounds;
    if (cpu >= 0)
        put_back((uint32_t)cpu);
    set_ready(n, false);
    if (cpu >= 0)
        choose((uint32_t)cpu);
}

static void change_mask(uint32_t n, uint32_t mask) {
    int cpu = cpu_of(&threads[n]);

    set_mask(n, mask);
    if (cpu >= 0 && mask != ANYWHERE && !(mask & 1u << cpu))
        choose((uint32_t)cpu);
}

static void act(const struct rule *rule) {
    int cpu = cpu_of(&threads[rule->thread]);

    if (rule->act == MASK)
        change_mask(rule->thread, rule->argument);
    else if (rule->act == SLEEP)
        sleep_for(rule->thread, rule->argument);
    else if (rule->act == WAKE && cpu < 0 && !threads[rule->thread].ready)
        set_ready(rule->thread, true);
    else if (rule->act == YIELD && cpu >= 0)
        choose((uint32_t)cpu);
    else if (rule->act == COUNT)
        (void)ran(0);
}

static void wake_who_has_slept(uint32_t count_of_threads) {
    for (uint32_t n = 0; n < count_of_threads; n++)
        if (!threads[n].ready && !threads[n].runs && wakes_at[n] <= rounds)
            set_ready(n, true);
}

static void play(const struct strategy *strategy) {
    bool ran_before[ALL] = {false}, ran_then[ALL];

    for (uint32_t round = 0; round < ROUNDS; round++) {
        wake_who_has_slept(strategy->threads);
        choose_all();
        for (uint32_t n = 0; n < strategy->threads; n++) {
            ran_then[n] = ran_before[n];
            ran_before[n] = threads[n].runs;
        }
        for (uint32_t n = 0; n < strategy->rule_count; n++)
            if (is_now(&strategy->rules[n], ran_then))
                act(&strategy->rules[n]);
        end_round();
    }
}

/* Rounds of a quarter of a millisecond, turns of 5 ms. */
static double victim_gets(const struct strategy *strategy) {
    begin(strategy->cpus);
    round_length = MILLISECOND / 4;
    turn = 20;
    memset(wakes_at, 0, sizeof wakes_at);
    uint32_t attacker = add_tenant(0, strategy->weight, NO_CAP),
             victim = add_tenant(0, strategy->victim_weight, NO_CAP);
    for (uint32_t n = 0; n < strategy->threads; n++)
        add_thread(attacker, strategy->masks[n]);
    add_thread(victim, strategy->victim_mask);
    play(strategy);
    return (double)ran(victim) / ROUNDS;
}

static void no_strategy_takes_from_others(void **state) {
    (void)state;
    for (uint32_t n = 0; n < COUNT_OF(strategies); n++) {
        double gets = victim_gets(&strategies[n]);
        if (gets < strategies[n].victim_least)
            fail_msg("strategy %u: the victim gets %.3f of a CPU", n, gets);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_strategy_takes_from_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
