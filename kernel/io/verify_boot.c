// SPDX-License-Identifier: MIT
/*
 * verify=on at boot: the memory for sums and copies is taken whole, from what is neither reserved nor used.
 */
#include "kernel/command_line.h"
#include "kernel/cpu/registers.h"
#include "kernel/io/checksum.h"
#include "kernel/io/verify.h"
#include "kernel/layout.h"
#include "kernel/log/log.h"
#include "kernel/mem/object.h"
#include "kernel/mem/table.h"

#define SUMS_DEFAULT      1u /* MiB */
#define SUMS_MOST         ((CORE_SUMS_LIMIT - CORE_SUMS) >> 20)
#define COPIES_DEFAULT    2u
#define COPIES_MOST       ((CORE_COPIES_LIMIT - CORE_COPIES) >> 20)
#define FRAMES_A_MEBIBYTE 256u
#define CPUID1_ECX_CRC    (1u << 20) /* SSE4.2; the instruction needs no SSE state */

static bool is_asked_for(const char *command_line) {
    char word[4];
    return command_line_value(command_line, "verify", word, sizeof word) && word[0] == 'o' &&
           word[1] == 'n' && word[2] == '\0';
}

static void take_memory(uint32_t address, uint32_t mebibytes) {
    uint32_t frames = mebibytes * FRAMES_A_MEBIBYTE;
    frame_t first = frame_take_contiguous(frames, ACCOUNT_CORE, FRAME_CORE);
    if (first == NO_FRAME_T)
        panic("verify=on: no %u MiB for checksums and copies", mebibytes);
    core_map(address, first, frames, PTE_PRESENT | PTE_WRITE | PTE_NX);
}

static uint32_t asked_for(const char *command_line, const char *name, uint32_t least, uint32_t most,
                          uint32_t otherwise) {
    uint32_t mebibytes = command_line_number(command_line, name, otherwise);
    if (mebibytes < least || mebibytes > most)
        panic("%s=%u refused: it may be from %u to %u", name, mebibytes, least, most);
    return mebibytes;
}

static void use_sums(const char *command_line) {
    uint32_t mebibytes = asked_for(command_line, "verify_memory", 1, SUMS_MOST, SUMS_DEFAULT);
    take_memory(CORE_SUMS, mebibytes);
    log_line("verify: on, %u MiB for the checksums of %u MiB", mebibytes,
             verify_use((void *)CORE_SUMS, mebibytes << 20));
}

static void use_copies(const char *command_line) {
    uint32_t mebibytes = asked_for(command_line, "verify_copies", 0, COPIES_MOST, COPIES_DEFAULT);
    if (mebibytes == 0)
        return;
    take_memory(CORE_COPIES, mebibytes);
    log_line("verify: %u MiB for copies of the %u blocks that were written last", mebibytes,
             verify_use_for_copies((void *)CORE_COPIES, mebibytes << 20));
}

void verify_initialise(const char *command_line) {
    if (!is_asked_for(command_line))
        return;
    checksum_initialise(read_cpuid(1, 0).ecx & CPUID1_ECX_CRC);
    use_sums(command_line);
    use_copies(command_line);
}
