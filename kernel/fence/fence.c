// SPDX-License-Identifier: MIT
/*
 * The choice of the fence. `auto` takes segments where the probe saw every limit enforced, else paging. What was
 * not seen is never claimed.
 */
#include "kernel/fence/fence.h"

#include "kernel/command_line.h"
#include "kernel/fence/probe.h"
#include "kernel/log/log.h"

#include <stddef.h>

static struct {
    uint32_t kind; /* enum fence_kind */
    uint32_t requested;
    struct probe_result probe;
    const char *reason;
} fence;

bool fence_uses_segments(void) {
    return fence.kind & FENCE_SEGMENT;
}
bool fence_uses_paging(void) {
    return fence.kind & FENCE_PAGING;
}

bool fence_holds_with(const struct probe_result *probe) {
    return !fence_uses_segments() || probe->missed <= fence.probe.missed;
}

static const char *kind_name(uint32_t kind) {
    static const char *const names[] = {"none", "segment", "paging", "both"};

    return names[kind & 3];
}

void fence_choose(const char *command_line) {
    char request[16];
    bool asked = command_line_value(command_line, "fence", request, sizeof request);

    probe_run(&fence.probe);
    log_line("fence: probe from rings 1 and 2: %u checks, %u not enforced", fence.probe.checks,
             fence.probe.missed);
    fence.kind = fence_decide(asked ? request : NULL, fence.probe.missed == 0, &fence.reason);
    if (fence.kind == 0)
        panic("fence=%s refused: %s", request, fence.reason);
    fence.requested = asked && request[0] != 'a' ? fence.kind : 0;
    log_line("fence: %s (%s)", kind_name(fence.kind), fence.reason);
}

void fence_fill_status(struct machine_status *status) {
    status->fence = fence.kind;
    status->fence_requested = fence.requested;
    status->limits_enforced = fence.probe.missed == 0;
    status->probe_checks = fence.probe.checks;
    status->probe_missed = fence.probe.missed;
    format_text(status->fence_reason, sizeof status->fence_reason, "%s", fence.reason);
}
