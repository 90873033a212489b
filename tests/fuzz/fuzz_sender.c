// SPDX-License-Identifier: MIT
// sources: kernel/network/sender.c
/*
 * The first bytes of a frame that a tenant sends. What passes as honest must say, by the plainest reading, that it comes
 * from the tenant.
 */
#include "kernel/network/sender.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t own_interface[8] = {0x00, 'R', 'F', 0xFF, 0xFE, 1, 2, 3};

static void check_honest(const uint8_t *frame, uint32_t bytes,
                         const struct network_identity *identity) {
    static const uint8_t zero[16];
    uint32_t type = (uint32_t)frame[12] << 8 | frame[13];
    PROMISE(memcmp(frame + 6, identity->hardware, 6) == 0);
    PROMISE(type == 0x0800 || type == 0x0806 || type == 0x86DD);
    if (type == 0x86DD) {
        PROMISE(bytes >= 54);
        PROMISE(memcmp(frame + 30, own_interface, 8) == 0 || memcmp(frame + 22, zero, 16) == 0);
        PROMISE(frame[20] != 58 || frame[54] != 135 || memcmp(frame + 22, zero, 16) != 0 ||
                memcmp(frame + 70, own_interface, 8) == 0);
        PROMISE(frame[20] != 58 || (frame[54] != 134 && frame[54] != 137));
    }
    if (type == 0x0806)
        PROMISE(bytes >= 42 && memcmp(frame + 22, identity->hardware, 6) == 0);
    static const uint8_t asks[] = {0, 68, 0, 67};
    bool is_dhcp = type == 0x0800 && frame[14] == 0x45 && frame[23] == 17 &&
                   (frame[20] & 0x1F) == 0 && frame[21] == 0 && memcmp(frame + 34, asks, 4) == 0;
    if (is_dhcp)
        PROMISE(bytes >= 76 && memcmp(frame + 70, identity->hardware, 6) == 0);
    if (type != 0x0800 || identity->address == 0)
        return;
    uint32_t source = (uint32_t)frame[26] << 24 | (uint32_t)frame[27] << 16 |
                      (uint32_t)frame[28] << 8 | frame[29];
    PROMISE(source == identity->address || (source == 0 && frame[23] == 17));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, data + size};
    struct network_identity identity = {.hardware = {0x02, 'R', 'F', 1, 2, 3}};
    uint32_t flags = take8(&input), bytes = (uint32_t)(input.end - input.at);
    uint32_t looked_at = bytes < HEADER_BYTES ? bytes : HEADER_BYTES;
    uint8_t *frame = malloc(looked_at + 1);
    identity.address = flags & 1 ? 0x0A000214 : 0;
    take(&input, frame, looked_at);
    if (flags & 2 && looked_at >= 12) /* else nothing would get past it */
        memcpy(frame + 6, identity.hardware, 6);
    if (flags & 4 && looked_at >= 38)
        memcpy(frame + 30, own_interface, 8);
    uint8_t *exact = malloc(looked_at); /* its end is watched */
    memcpy(exact, frame, looked_at);
    if (sender_is_honest(exact, bytes, &identity))
        check_honest(exact, bytes, &identity);
    free(exact);
    free(frame);
    return 0;
}
