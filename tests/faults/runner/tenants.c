// SPDX-License-Identifier: MIT
/*
 * Each workload is an `rfctl exec` with a pipe behind it, read without waiting.
 */
#define _GNU_SOURCE /* pipe2 */
#include "tests/faults/runner/runner.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TENANTS_MOST 4
#define LINE_BYTES   120

struct tenant {
    const char *name;
    int output; /* -1: it has ended */
    bool is_ready;
    char line[LINE_BYTES];
    uint32_t used;
};

static struct tenant tenants[TENANTS_MOST];
static uint32_t tenant_count;

static void execute(const char *const words[], int output) {
    if (fork() != 0)
        return;
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    execvp(words[0], (char *const *)words);
    _exit(127);
}

static void start(struct tenant *tenant, const char *program, const char *name, const char *pause) {
    int ends[2];
    const char *const words[] = {"rfctl", "exec", "-T", name, "--", program, name, pause, NULL};
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        exit(1);
    fcntl(ends[1], F_SETFL, 0);
    execute(words, ends[1]);
    close(ends[1]);
    *tenant = (struct tenant){.name = name, .output = ends[0]};
}

static void end_line(struct tenant *tenant) {
    tenant->line[tenant->used] = '\0';
    tenant->used = 0;
    if (strcmp(tenant->line, "ready") == 0)
        tenant->is_ready = true;
    printf("tenant|%s|%s\n", tenant->name, tenant->line);
    fflush(stdout);
}

static void take(struct tenant *tenant, char byte) {
    if (byte == '\n')
        end_line(tenant);
    else if (tenant->used < LINE_BYTES - 1)
        tenant->line[tenant->used++] = byte;
}

static void relay(struct tenant *tenant) {
    char bytes[512];
    ssize_t count;
    while (tenant->output >= 0 && (count = read(tenant->output, bytes, sizeof bytes)) >= 0) {
        for (ssize_t n = 0; n < count; n++)
            take(tenant, bytes[n]);
        if (count > 0)
            continue;
        close(tenant->output);
        tenant->output = -1;
        printf("tenant|%s|gone\n", tenant->name);
    }
}

void tenants_relay(void) {
    for (uint32_t n = 0; n < tenant_count; n++)
        relay(&tenants[n]);
}

static uint32_t count_ready(bool or_gone) {
    uint32_t count = 0;
    for (uint32_t n = 0; n < tenant_count; n++)
        count += tenants[n].is_ready || (or_gone && tenants[n].output < 0);
    return count;
}

bool tenants_start(const char *program, const char *const names[], uint32_t count,
                   const char *pause) {
    for (tenant_count = 0; tenant_count < count; tenant_count++)
        start(&tenants[tenant_count], program, names[tenant_count], pause);
    while (count_ready(true) < count) {
        sleep_microseconds(1000);
        tenants_relay();
    }
    return count_ready(false) == count;
}

static void stop(const char *name) {
    const char *const words[] = {"rfctl",        "exec",  "-T",    name, "--",
                                 "/bin/busybox", "touch", "/stop", NULL};
    execute(words, STDOUT_FILENO);
}

static bool some_are_left(void) {
    for (uint32_t n = 0; n < tenant_count; n++)
        if (tenants[n].output >= 0)
            return true;
    return false;
}

void tenants_stop(void) {
    for (uint32_t n = 0; n < tenant_count; n++)
        stop(tenants[n].name);
    while (some_are_left()) {
        sleep_microseconds(1000);
        tenants_relay();
    }
    while (wait(NULL) > 0)
        ;
}
