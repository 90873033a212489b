// SPDX-License-Identifier: MIT
/*
 * The rule of the mitigations, apart from the hardware, so that the host tests read it too. Bits as in the Intel
 * SDM volume 4 and the AMD APM volume 3, appendix E.
 *
 * Not used though a CPU may offer it: IBRS that must be written at every entry (it does not tell rings 0 to 2
 * apart, and would lie on the gates' way), SSBD (a domain's own matter), and the L1D flush (no entry of a page
 * table that is not present holds an address, so L1TF has nothing to go by).
 */
#include "kernel/cpu/mitigation.h"

#include "kernel/log/log.h"

#include <stddef.h>

#define LEAF1_EDX_SIBLINGS       (1u << 28) /* the package may have more than one logical CPU */
#define LEAF7_EDX_MD_CLEAR       (1u << 10)
#define LEAF7_EDX_IBRS_IBPB      (1u << 26)
#define LEAF7_EDX_STIBP          (1u << 27)
#define AMD8_EBX_IBPB            (1u << 12)
#define AMD8_EBX_STIBP           (1u << 15)
#define AMD21_EAX_AUTOMATIC_IBRS (1u << 8)
#define CAPABILITIES_IBRS_ALL    (1ull << 1)
#define CAPABILITIES_FB_CLEAR    (1ull << 17)
#define CAPABILITIES_RFDS_CLEAR  (1ull << 28)
#define CAPABILITIES_VERW_CLEARS (CAPABILITIES_FB_CLEAR | CAPABILITIES_RFDS_CLEAR)

static bool is(const char *text, const char *word) {
    while (*text && *text == *word) {
        text++;
        word++;
    }
    return *text == *word;
}

bool mitigation_switch(const char *value, bool *wanted) {
    *wanted = value == NULL || is(value, "on");
    return *wanted || is(value, "off");
}

uint32_t mitigation_decide(const struct mitigation_facts *facts, bool wanted) {
    bool intel_control = facts->leaf7_edx & LEAF7_EDX_IBRS_IBPB;
    uint32_t mitigations = 0;

    if (!wanted)
        return MITIGATION_ASKED_OFF;
    if (intel_control || facts->leaf80000008_ebx & AMD8_EBX_IBPB)
        mitigations |= MITIGATION_PREDICTOR_BARRIER;
    if (facts->leaf7_edx & LEAF7_EDX_MD_CLEAR ||
        facts->arch_capabilities & CAPABILITIES_VERW_CLEARS)
        mitigations |= MITIGATION_BUFFER_CLEAR;
    if (intel_control && facts->arch_capabilities & CAPABILITIES_IBRS_ALL)
        mitigations |= MITIGATION_ENHANCED_IBRS;
    if (facts->leaf80000021_eax & AMD21_EAX_AUTOMATIC_IBRS)
        mitigations |= MITIGATION_AUTOMATIC_IBRS;
    if (facts->leaf1_edx & LEAF1_EDX_SIBLINGS &&
        (facts->leaf7_edx & LEAF7_EDX_STIBP || facts->leaf80000008_ebx & AMD8_EBX_STIBP))
        mitigations |= MITIGATION_STIBP;
    return mitigations;
}

void mitigation_describe(char *text, uint32_t room, uint32_t mitigations) {
    static const struct {
        uint32_t mitigation;
        const char *words;
    } parts[] = {
        {MITIGATION_PREDICTOR_BARRIER, "IBPB on domain switch"},
        {MITIGATION_BUFFER_CLEAR, "VERW on domain switch"},
        {MITIGATION_ENHANCED_IBRS, "enhanced IBRS"},
        {MITIGATION_AUTOMATIC_IBRS, "automatic IBRS"},
        {MITIGATION_STIBP, "STIBP"},
    };
    const char *before = "";
    uint32_t used = 0;

    if (mitigations == 0 || mitigations == MITIGATION_ASKED_OFF) {
        format_text(text, room, "%s",
                    mitigations ? "off (asked for)" : "none (this CPU offers none)");
        return;
    }
    for (uint32_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!(mitigations & parts[i].mitigation))
            continue;
        used += format_text(text + used, room - used, "%s%s", before, parts[i].words);
        before = ", ";
    }
    format_text(text + used, room - used, " (unverified: run on no CPU with predictors yet)");
}
