// SPDX-License-Identifier: MIT
/*
 * The probe: from CPL 1 and 2, through every segment register, one byte past a limit: read, write, straddle,
 * push, jump, run into. QEMU's TCG lets most of them land; a CPU that misses a single one counts as not
 * enforcing.
 *
 * Four temporary GDT entries: flat code and data of the ring, and the same cut in the middle of a page, so
 * that beyond the limit there is mapped memory and only the limit can say no.
 */
#include "kernel/fence/probe.h"

#include "kernel/cpu/descriptor.h"
#include "kernel/cpu/tables.h"
#include "kernel/defence.h"
#include "kernel/layout.h"
#include "kernel/log/log.h"

#define INDEX_FLAT_CODE          (SELECTOR_PROBE >> 3)
#define INDEX_FLAT_DATA          (INDEX_FLAT_CODE + 1)
#define INDEX_CUT_CODE           (INDEX_FLAT_CODE + 2)
#define INDEX_CUT_DATA           (INDEX_FLAT_CODE + 3)
#define SELECTOR_OF(index, ring) (((index) << 3) | (ring))
#define VECTOR_BREAKPOINT        3

uint32_t probe_enter(uint32_t cs, uint32_t eip, uint32_t ss, uint32_t eax, uint32_t ebx);
_Noreturn void probe_return(uint32_t vector);

#define SNIPPETS(register)                                                                         \
    extern const char probe_##register##_read[], probe_##register##_write[],                       \
        probe_##register##_straddle[];
SNIPPETS(ds)
SNIPPETS(es)
SNIPPETS(fs)
SNIPPETS(gs)
SNIPPETS(ss)
extern const char probe_push[], probe_inside[], probe_jump[], probe_run_into[], probe_code_limit[];

static const char *const data_snippets[] = {
    probe_ds_read,     probe_es_read,     probe_fs_read,     probe_gs_read,
    probe_ss_read,     probe_ds_write,    probe_es_write,    probe_fs_write,
    probe_gs_write,    probe_ss_write,    probe_ds_straddle, probe_es_straddle,
    probe_fs_straddle, probe_gs_straddle, probe_ss_straddle, probe_push,
};

static uint8_t target[64] __attribute__((aligned(64)));
static bool running;

bool probe_is_running(void) {
    return running;
}
void probe_answer(const struct trap_frame *frame) {
    probe_return(frame->vector);
}

static void build_segments(uint32_t ring) {
    uint32_t data_limit = (uint32_t)target + sizeof target / 2 - 1;
    uint32_t code_limit = (uint32_t)probe_code_limit - 1 - ENTRY_AREA;

    gdt_set_entry(INDEX_FLAT_CODE, segment_descriptor(0, 0xFFFFF, ACCESS_CODE(ring), FLAGS_PAGES));
    gdt_set_entry(INDEX_FLAT_DATA, segment_descriptor(0, 0xFFFFF, ACCESS_DATA(ring), FLAGS_PAGES));
    /* A byte-exact limit holds 20 bits, so the cut segments start near their target. */
    gdt_set_entry(INDEX_CUT_CODE,
                  segment_descriptor(ENTRY_AREA, code_limit, ACCESS_CODE(ring), FLAGS_32BIT));
    gdt_set_entry(INDEX_CUT_DATA,
                  segment_descriptor((uint32_t)target, data_limit - (uint32_t)target,
                                     ACCESS_DATA(ring), FLAGS_32BIT));
}

static bool data_landed(uint32_t ring, const char *snippet, uint32_t offset) {
    return probe_enter(SELECTOR_OF(INDEX_FLAT_CODE, ring), (uint32_t)snippet,
                       SELECTOR_OF(INDEX_FLAT_DATA, ring), SELECTOR_OF(INDEX_CUT_DATA, ring),
                       offset) == VECTOR_BREAKPOINT;
}

static bool code_landed(uint32_t ring, const char *snippet) {
    return probe_enter(SELECTOR_OF(INDEX_CUT_CODE, ring), (uint32_t)snippet - ENTRY_AREA,
                       SELECTOR_OF(INDEX_FLAT_DATA, ring), 0, 0) == VECTOR_BREAKPOINT;
}

static void count(struct probe_result *result, bool landed) {
    result->checks++;
    if (landed)
        result->missed++;
}

static void probe_ring(uint32_t ring, struct probe_result *result) {
    uint32_t first_past = sizeof target / 2;

    build_segments(ring);
    if (!data_landed(ring, probe_inside, first_past))
        panic("fence probe: an access inside a segment faulted at CPL %u", ring);
    for (uint32_t i = 0; i < sizeof data_snippets / sizeof data_snippets[0]; i++)
        count(result, data_landed(ring, data_snippets[i], first_past));
    count(result, code_landed(ring, probe_jump));
    count(result, code_landed(ring, probe_run_into));
}

void probe_run(struct probe_result *result) {
    running = true;
    probe_ring(1, result);
    probe_ring(2, result);
    running = false;
    for (uint32_t index = INDEX_FLAT_CODE;
         DEFENCE_PROBE_SEGMENTS_CLEARED && index <= INDEX_CUT_DATA; index++)
        gdt_set_entry(index, 0);
}
