// SPDX-License-Identifier: MIT
/*
 * See seat.h. A place is a bit: a CPU's, or SHARE_ANYWHERE. Its clock is the tenant's virtual time there, and the floor by which
 * that is judged.
 */
#include "kernel/sched/seat.h"

#include <stddef.h>

#define SEAT_OF(node) HEAP_OWNER(node, struct seat, place)
#define CHARGE_MOST   1000000000ull /* a clock that jumps holds up nobody for long */

static bool is_before(uint64_t one, uint64_t other) {
    return (int64_t)(one - other) < 0;
} /* they wrap */

static uint64_t *clock_of(struct share *share, uint32_t place) {
    return place == SHARE_ANYWHERE ? &share->virtual_time
                                   : &share->seats[share_first(place)].virtual_time;
}

static uint64_t floor_of(const struct share_queue *queue, uint32_t place) {
    return place == SHARE_ANYWHERE ? queue->floor : queue->seats[share_first(place)].floor;
}

/* ---- In the trees ---- */

static uint64_t key_of(const struct share *share, uint32_t cpu) {
    return share->standing == SHARE_RESERVED ? share_turn(share) : share->seats[cpu].virtual_time;
}

static void enter(struct share_queue *queue, struct share *share, uint32_t cpus) {
    bool is_reserved = share->standing == SHARE_RESERVED;

    for (; cpus; cpus &= cpus - 1, queue->standing++) {
        uint32_t cpu = share_first(cpus);
        struct cpu_seats *seats = &queue->seats[cpu];

        seats->reserved_count += is_reserved;
        leftist_add(is_reserved ? &seats->reserved : &seats->weighted, &share->seats[cpu].place,
                    key_of(share, cpu));
    }
}

static void leave(struct share_queue *queue, struct share *share, uint32_t cpus) {
    bool is_reserved = share->standing == SHARE_RESERVED;

    for (; cpus; cpus &= cpus - 1, queue->standing--) {
        uint32_t cpu = share_first(cpus);
        struct cpu_seats *seats = &queue->seats[cpu];

        seats->reserved_count -= is_reserved;
        leftist_remove(is_reserved ? &seats->reserved : &seats->weighted, &share->seats[cpu].place);
    }
}

void seats_enter(struct share_queue *queue, struct share *share) {
    if (share_is_let(share))
        enter(queue, share, share->cpus);
}

void seats_leave(struct share_queue *queue, struct share *share) {
    if (share_is_let(share))
        leave(queue, share, share->cpus);
}

void seats_change(struct share_queue *queue, struct share *share) {
    uint32_t changed = 0;

    for (uint32_t cpus = share->cpus; cpus; cpus &= cpus - 1)
        if (share->seats[share_first(cpus)].place.key != key_of(share, share_first(cpus)))
            changed |= cpus & -cpus;
    leave(queue, share, changed);
    enter(queue, share, changed);
}

/* ---- Which places are in use ---- */

static uint64_t ahead_at(const struct share_queue *queue, struct share *share, uint32_t place) {
    uint64_t floor = floor_of(queue, place);

    return share_resume(*clock_of(share, place), floor) - floor;
}

static uint64_t furthest_ahead(const struct share_queue *queue, struct share *share,
                               uint32_t bits) {
    uint64_t furthest = 0;

    for (; bits; bits &= bits - 1) {
        uint64_t ahead = ahead_at(queue, share, bits & -bits);
        if (furthest < ahead)
            furthest = ahead;
    }
    return furthest;
}

/* Nobody is behind the floor of a place where he has not waited. */
static void resume(const struct share_queue *queue, struct share *share, uint32_t bits) {
    for (; bits; bits &= bits - 1)
        *clock_of(share, bits & -bits) =
            floor_of(queue, bits & -bits) + ahead_at(queue, share, bits & -bits);
}

void seats_wake(const struct share_queue *queue, struct share *share) {
    resume(queue, share, share->in_use);
}

/* What the next one there is at, who may have come by the floor already. */
static uint64_t next_at(const struct share_queue *queue, uint32_t place) {
    const struct heap_node *common = heap_first(&queue->weighted);
    const struct cpu_seats *seats = &queue->seats[place == SHARE_ANYWHERE ? 0 : share_first(place)];
    uint64_t next = floor_of(queue, place);

    if (place == SHARE_ANYWHERE)
        return common ? share_later(next, common->key) : next;
    if (seats->weighted && common)
        return share_later(next, is_before(seats->weighted->key, seats->common_virtual_time)
                                     ? seats->weighted->key
                                     : seats->common_virtual_time);
    if (seats->weighted)
        return share_later(next, seats->weighted->key);
    return common ? share_later(next, seats->common_virtual_time) : next;
}

/* What was left since another place came into use is passed on now. Whoever moves goes behind the next one there by what he is
 * ahead: a floor is what that one was at when it was chosen last, and each move would gain the difference. */
static void begin_use(const struct share_queue *queue, struct share *share, uint32_t begun,
                      uint32_t in_use) {
    uint32_t others = (in_use | share->left) & ~begun;
    uint64_t ahead = furthest_ahead(queue, share, others);

    resume(queue, share, begun);
    share->left = 0;
    for (; begun && others; begun &= begun - 1) {
        uint64_t *clock = clock_of(share, begun & -begun), floor = floor_of(queue, begun & -begun);
        *clock = share_later(*clock, next_at(queue, begun & -begun) + ahead);
        if (*clock - floor > SHARE_AHEAD_MOST)
            *clock = floor + SHARE_AHEAD_MOST;
    }
}

static void place_anywhere(struct share_queue *queue, struct share *share, bool anywhere) {
    if (anywhere && !share->anywhere)
        share_queue_enter_common(queue, share);
    else if (!anywhere && share->anywhere)
        share_queue_leave_common(queue, share);
    share->anywhere = anywhere;
}

static void place_at(struct share_queue *queue, struct share *share, uint32_t cpus) {
    if (share_is_let(share)) {
        leave(queue, share, share->cpus & ~cpus);
        enter(queue, share, cpus & ~share->cpus);
    }
    share->cpus = cpus;
}

static uint32_t places_where_it_stands(const struct share *share) {
    return share->cpus | (share->anywhere ? SHARE_ANYWHERE : 0);
}

void seats_place(struct share_queue *queue, struct share *share, bool anywhere, uint32_t cpus,
                 uint32_t in_use) {
    uint32_t begun = in_use & ~share->in_use, stood = places_where_it_stands(share);
    uint32_t stands = cpus | (anywhere ? SHARE_ANYWHERE : 0);

    place_anywhere(queue, share, anywhere && share->anywhere);
    place_at(queue, share, cpus & share->cpus);
    share->left |= share->in_use & ~in_use;
    if (begun)
        begin_use(queue, share, begun, in_use);
    resume(queue, share, stands & ~stood);
    share->in_use = in_use;
    share_queue_weigh(queue, share);
    place_anywhere(queue, share, anywhere);
    place_at(queue, share, cpus);
}

static uint32_t all_cpus(const struct share_queue *queue) {
    return (1u << queue->cpu_count) - 1;
}

void seats_open(struct share_queue *queue, struct share *share, struct seat *seats) {
    for (uint32_t cpu = 0; cpu < queue->cpu_count; cpu++)
        seats[cpu] = (struct seat){.virtual_time = queue->seats[cpu].floor, .share = share};
    share->seats = seats;
    if (queue->seated++ == 0)
        seats_welcome_common(queue);
}

bool seats_are_paid(const struct share_queue *queue, struct share *share) {
    return furthest_ahead(queue, share, all_cpus(queue)) == 0;
}

void seats_close(struct share_queue *queue, struct share *share) {
    place_at(queue, share, 0);
    if (share->anywhere)
        share_queue_leave_common(queue, share);
    begin_use(queue, share, SHARE_ANYWHERE, all_cpus(queue));
    share->seats = NULL;
    share->in_use = share->chosen_at = SHARE_ANYWHERE;
    share->left = 0;
    share->anywhere = true;
    share_queue_weigh(queue, share);
    share_queue_enter_common(queue, share);
    queue->seated--;
}

/* ---- Who pays ---- */

/* Of all who may run anywhere: what one of them has used of a CPU, by the weight that they have together there. */
static void charge_common(struct share_queue *queue, const struct share *share, uint64_t moved,
                          uint32_t cpu) {
    uint64_t nanoseconds = moved / share->inverse_weight;
    uint32_t weight = queue->common_weight;

    if (nanoseconds > CHARGE_MOST)
        nanoseconds = CHARGE_MOST;
    queue->seats[cpu].common_virtual_time +=
        (nanoseconds * queue->cpu_count << SHARE_INVERSE_BITS) /
        (weight > share->weight ? weight : share->weight);
}

static uint64_t most_ahead(const struct share *share) {
    return SHARE_PERIOD * share->inverse_weight;
}

static uint64_t *elsewhere_of(struct share *share, uint32_t place) {
    return place == SHARE_ANYWHERE ? &share->elsewhere
                                   : &share->seats[share_first(place)].elsewhere;
}

/* At a place where it did not run: a period of its own at most since it ran there last, so that it is not forgotten there. */
static void charge_elsewhere(struct share *share, uint64_t moved, uint32_t place) {
    uint64_t *counted = elsewhere_of(share, place), most = most_ahead(share);
    uint64_t left = *counted < most ? most - *counted : 0;

    if (moved > left)
        moved = left;
    *counted += moved;
    *clock_of(share, place) += moved;
}

static void charge_places(struct share *share, uint64_t moved, uint32_t place) {
    uint32_t others = (share->in_use | share->left) & ~place;

    *clock_of(share, place) += moved;
    for (; others; others &= others - 1)
        charge_elsewhere(share, moved, others & -others);
}

/* On a CPU where nobody else wants to run that is no debt for long. */
static void charge_work(struct share_queue *queue, struct share *share, uint64_t moved,
                        uint32_t cpu) {
    struct cpu_seats *seats = &queue->seats[cpu];
    uint64_t *clock = share->seats ? &share->seats[cpu].virtual_time : &seats->common_virtual_time;

    if (share->seats == NULL) {
        charge_common(queue, share, moved, cpu);
    } else {
        resume(queue, share, 1u << cpu & ~share->in_use);
        charge_places(share, moved, 1u << cpu);
    }
    if (is_before(seats->floor + most_ahead(share), *clock))
        *clock = seats->floor + most_ahead(share);
}

void seats_charge(struct share_queue *queue, struct share *share, uint64_t before, uint32_t cpu,
                  uint32_t place) {
    uint64_t moved = share->virtual_time - before;

    if (moved == 0)
        return;
    if (share->seats)
        share->virtual_time = before;
    if (place == 0) {
        charge_work(queue, share, moved, cpu);
        return;
    }
    if (place == SHARE_ANYWHERE || share->seats == NULL)
        charge_common(queue, share, moved, cpu);
    if (share->seats == NULL)
        return;
    *elsewhere_of(share, place) = 0;
    charge_places(share, moved, place);
}

/* ---- The choice ---- */

static struct share *sit(struct leftist_node *first, uint32_t cpu) {
    struct share *share = SEAT_OF(first)->share;

    share->chosen_at = 1u << cpu;
    return share;
}

static struct share *sit_by_weight(struct cpu_seats *seats, uint32_t cpu) {
    seats->floor = share_later(seats->floor, seats->weighted->key);
    return sit(seats->weighted, cpu);
}

struct share *seats_choose(struct share_queue *queue, uint32_t cpu) {
    struct cpu_seats *seats = &queue->seats[cpu];
    const struct heap_node *common = heap_first(&queue->reserved);

    if (seats->reserved && (common == NULL || is_before(seats->reserved->key, common->key)))
        return sit(seats->reserved, cpu);
    if (common)
        return NULL;
    common = heap_first(&queue->weighted);
    if (seats->weighted &&
        (common == NULL || is_before(seats->weighted->key, seats->common_virtual_time)))
        return sit_by_weight(seats, cpu);
    if (common)
        seats->floor = share_later(seats->floor, seats->common_virtual_time);
    return NULL;
}

struct share *seats_choose_first(struct share_queue *queue, uint32_t cpu,
                                 enum share_standing standing) {
    struct cpu_seats *seats = &queue->seats[cpu];

    if (standing == SHARE_RESERVED)
        return seats->reserved ? sit(seats->reserved, cpu) : NULL;
    if (seats->weighted == NULL)
        return NULL;
    seats->common_virtual_time = share_later(seats->common_virtual_time, seats->weighted->key);
    return sit_by_weight(seats, cpu);
}

void seats_welcome_common(struct share_queue *queue) {
    for (uint32_t cpu = 0; cpu < queue->cpu_count; cpu++) {
        struct cpu_seats *seats = &queue->seats[cpu];

        seats->common_virtual_time = share_later(seats->common_virtual_time, seats->floor);
    }
}

bool seats_precede(const struct share_queue *queue, struct share *share, const struct share *chosen,
                   uint32_t cpu) {
    const struct cpu_seats *seats = &queue->seats[cpu];
    uint64_t one = seats->common_virtual_time, other = seats->common_virtual_time;

    if (share->seats)
        one = seats->floor + ahead_at(queue, share, 1u << cpu);
    if (chosen->chosen_at != SHARE_ANYWHERE)
        other = chosen->seats[cpu].virtual_time;
    return !is_before(other, one);
}
