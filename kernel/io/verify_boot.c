// SPDX-License-Identifier: MIT
/*
 * verify=on at boot: the memory for the sums is taken whole, from what is neither reserved nor used.
 */
#include "kernel/command_line.h"
#include "kernel/cpu/registers.h"
#include "kernel/io/checksum.h"
#include "kernel/io/verify.h"
#include "kernel/layout.h"
#include "kernel/log/log.h"
#include "kernel/mem/object.h"
#include "kernel/mem/table.h"

#define MEBIBYTES_DEFAULT 1u
#define MEBIBYTES_MOST    ((CORE_SUMS_LIMIT - CORE_SUMS) >> 20)
#define FRAMES_A_MEBIBYTE 256u
#define CPUID1_ECX_CRC    (1u << 20) /* SSE4.2; the instruction needs no SSE state */

static bool is_asked_for(const char *command_line) {
    char word[4];
    return command_line_value(command_line, "verify", word, sizeof word) && word[0] == 'o' &&
           word[1] == 'n' && word[2] == '\0';
}

void verify_initialise(const char *command_line) {
    uint32_t mebibytes = command_line_number(command_line, "verify_memory", MEBIBYTES_DEFAULT);
    if (!is_asked_for(command_line))
        return;
    if (mebibytes == 0 || mebibytes > MEBIBYTES_MOST)
        mebibytes = MEBIBYTES_DEFAULT;
    uint32_t frames = mebibytes * FRAMES_A_MEBIBYTE;
    frame_t first = frame_take_contiguous(frames, ACCOUNT_CORE, FRAME_CORE);
    if (first == NO_FRAME_T)
        panic("verify=on: no %u MiB for checksums", mebibytes);
    core_map(CORE_SUMS, first, frames, PTE_PRESENT | PTE_WRITE | PTE_NX);
    checksum_initialise(read_cpuid(1, 0).ecx & CPUID1_ECX_CRC);
    log_line("verify: on, %u MiB for the checksums of %u MiB", mebibytes,
             verify_use((void *)CORE_SUMS, frames * PAGE_SIZE));
}
