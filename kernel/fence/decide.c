// SPDX-License-Identifier: MIT
/*
 * The rule of the fence, apart from the hardware, so that the host tests read it too.
 */
#include "kernel/fence/fence.h"

#include <stddef.h>

static bool is(const char *text, const char *word) {
    while (*text && *text == *word) {
        text++;
        word++;
    }
    return *text == *word;
}

uint32_t fence_decide(const char *request, bool limits_enforced, const char **reason) {
    if (request == NULL || is(request, "auto")) {
        *reason = limits_enforced ? "auto: this CPU enforces segment limits"
                                  : "auto: this CPU does not enforce segment limits";
        return limits_enforced ? FENCE_SEGMENT : FENCE_PAGING;
    }
    if (is(request, "paging")) {
        *reason = "asked for; segment limits are left flat";
        return FENCE_PAGING;
    }
    if (is(request, "both") && limits_enforced) {
        *reason = "asked for; this CPU enforces segment limits";
        return FENCE_BOTH;
    }
    if (is(request, "both")) {
        *reason = "asked for; this CPU does not enforce segment limits, so paging alone holds";
        return FENCE_BOTH;
    }
    if (is(request, "segment") && limits_enforced) {
        *reason = "asked for; this CPU enforces segment limits";
        return FENCE_SEGMENT;
    }
    *reason = is(request, "segment")
                  ? "this CPU does not enforce segment limits, so nothing would hold"
                  : "the choices are auto, segment, paging, both";
    return 0;
}
