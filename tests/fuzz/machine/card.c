// SPDX-License-Identifier: MIT
/* See card.h. */
#include "tests/fuzz/machine/card.h"

#include "kernel/domain/driver.h"
#include "kernel/domain/tenant.h"
#include "kernel/io/binding.h"
#include "kernel/network/uplink.h"
#include "tests/fuzz/machine/boot.h"
#include "tests/fuzz/machine/honest.h"
#include "tests/fuzz/machine/memory.h"

#define HEADER 14u
#define TO_ALL 7u

void card_address(uint32_t number, uint8_t hardware[NETWORK_ADDRESS]) {
    memset(hardware, number == TO_ALL ? 0xFF : 0, NETWORK_ADDRESS);
    if (number != TO_ALL) {
        hardware[0] = 2;
        hardware[5] = (uint8_t)(number + 1);
    }
}

void card_sends(const struct driver *driver, const struct driver_request *request) {
    const struct tenant *sender = driver->device->slots[request->id].sender;
    uint64_t at = request->segments[0].bus_address;
    uint8_t header[HEADER];

    memory_read((frame_t)(at >> PAGE_SHIFT), at % PAGE_SIZE, header, sizeof header);
    if (sender != NULL)
        PROMISE(memcmp(header + NETWORK_ADDRESS, sender->configuration.network.identity.hardware,
                       NETWORK_ADDRESS) == 0);
}

void card_receives(const struct driver *driver, struct input *input) {
    uint32_t id = take8(input) % UPLINK_RECEIVES, bytes = HEADER + take8(input) * 5;
    uint32_t at = id * NETWORK_BUFFER_BYTES;
    uint8_t header[HEADER] = {0};

    card_address(take8(input) % (TO_ALL + 1), header);
    if (driver->device->slots[id].state != SLOT_SENT)
        return;
    memory_write(driver->device->shadow + at / PAGE_SIZE, at % PAGE_SIZE, header, sizeof header);
    call_gate(driver_gate, &(struct call){DRIVER_COMPLETE, {id, STATUS_OK, bytes}});
}
