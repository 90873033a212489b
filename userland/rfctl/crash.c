// SPDX-License-Identifier: MIT
/*
 * rfctl crash: one fault of a driver, or one every so often for a while, of each named kind in turn. Each is due at its own
 * time, so one that comes late does not put off the others; what the driver cannot take, as it has not come to the last one
 * or is not back, is left out and counted.
 */
#include "userland/lib/control.h"
#include "userland/lib/size.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/describe.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define KINDS_MOST    32u
#define EVERY_MOST    60000 /* milliseconds */
#define SECONDS_MOST  1000000
#define MILLISECONDS  1000000ull
#define A_SECOND      1000000000ull
#define LIST_DIVIDERS ","

static const char *const names[CRASH_KIND_COUNT] = {
    [CRASH_NULL] = "null",
    [CRASH_WILD_WRITE] = "wild-write",
    [CRASH_WILD_READ] = "wild-read",
    [CRASH_JUMP] = "jump",
    [CRASH_STACK] = "stack",
    [CRASH_LOOP] = "loop",
    [CRASH_PRIVILEGED] = "privileged",
    [CRASH_PORT] = "port",
    [CRASH_DIVIDE] = "divide",
    [CRASH_BAD_COMPLETION] = "bad-completion",
    [CRASH_HANG] = "hang",
};

struct plan {
    struct driver_status driver;
    uint32_t kinds[KINDS_MOST], kind_count;
    uint64_t every, seconds; /* every: milliseconds; 0: one crash alone */
};

static uint32_t find_kind(const char *name) {
    uint32_t kind = 1;
    while (kind < CRASH_KIND_COUNT && strcmp(names[kind], name) != 0)
        kind++;
    return kind;
}

static bool read_kinds(char *list, struct plan *plan) {
    for (char *name = strtok(list, LIST_DIVIDERS); name; name = strtok(NULL, LIST_DIVIDERS)) {
        uint32_t kind = find_kind(name);
        if (kind == CRASH_KIND_COUNT)
            return !fail("crash: no kind '%s'; `rfctl crash --help` lists them", name);
        if (plan->kind_count == KINDS_MOST)
            return !fail("crash: more than %u kinds", KINDS_MOST);
        plan->kinds[plan->kind_count++] = kind;
    }
    return plan->kind_count > 0 || !fail("crash: no kind at all");
}

static bool read_times(char **words, struct plan *plan) {
    if (!number_parse(words[0], 1, EVERY_MOST, &plan->every))
        return !fail("crash: '%s' is no number of milliseconds from 1 to %d", words[0], EVERY_MOST);
    if (!number_parse(words[1], 1, SECONDS_MOST, &plan->seconds))
        return !fail("crash: '%s' is no number of seconds from 1 to %d", words[1], SECONDS_MOST);
    return true;
}

static enum status make(const struct plan *plan, uint32_t number) {
    return control_numbers(CONTROL_DRIVER_CRASH, plan->driver.driver,
                           plan->kinds[number % plan->kind_count]);
}

static int crash_once(const struct plan *plan) {
    char text[DRIVER_TEXT];
    enum status status = make(plan, 0);
    if (status == STATUS_OK)
        return 0;
    driver_text(text, &plan->driver);
    if (plan->driver.state != DRIVER_RUNNING)
        return fail("crash: %s is %s", text, driver_state_text(plan->driver.state));
    if (status == STATUS_BUSY)
        return fail("crash: %s has not come to its last one yet", text);
    return fail("crash: %s: %s", text, status_text(status));
}

static void sleep_until(uint64_t nanoseconds) {
    struct timespec time = {.tv_sec = (time_t)(nanoseconds / A_SECOND),
                            .tv_nsec = (long)(nanoseconds % A_SECOND)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static int crash_often(const struct plan *plan) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t start = (uint64_t)now.tv_sec * A_SECOND + (uint64_t)now.tv_nsec;
    uint32_t due = (uint32_t)(plan->seconds * 1000 / plan->every), made = 0;
    for (uint32_t number = 0; number < due; number++) {
        sleep_until(start + number * plan->every * MILLISECONDS);
        made += make(plan, number) == STATUS_OK;
    }
    printf("%u crashes, %u left out\n", made, due - made);
    return made > 0 ? 0 : fail("crash: none was taken");
}

static int run_crash(int count, char **words) {
    struct plan plan = {.every = 0};
    if (!check_words(&crash_command, count, words, 2, 4))
        return 2;
    if (count == 3)
        return fail("crash: for how many seconds?");
    if (!read_kinds(words[1], &plan) || (count == 4 && !read_times(&words[2], &plan)) ||
        !need_driver(words[0], &plan.driver))
        return 1;
    if (plan.every > 0)
        return crash_often(&plan);
    return plan.kind_count == 1 ? crash_once(&plan)
                                : fail("crash: several kinds, but no time for them");
}

const struct command crash_command = {
    "crash", "DEVICE KIND[,KIND]... [MILLISECONDS SECONDS]",
    "make a driver really execute a fault, in ring 1\n\n"
    "  null            write through a null pointer\n"
    "  wild-write      write over the core, other drivers and tenants\n"
    "  wild-read       read there\n"
    "  jump            jump out of its code\n"
    "  stack           lose its stack\n"
    "  loop            never come back\n"
    "  privileged      execute an instruction of ring 0\n"
    "  port            use a port that is not its own\n"
    "  divide          divide by zero\n"
    "  bad-completion  complete a request that it was not given\n"
    "  hang            keep its requests and never complete them\n\n"
    "With MILLISECONDS one every so often, of each kind in turn, for SECONDS; one that comes "
    "before\n"
    "the driver is back from the last is left out.",
    run_crash};
