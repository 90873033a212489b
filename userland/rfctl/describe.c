// SPDX-License-Identifier: MIT
/*
 * JSON keys are the words of the machine description where both say the same; sizes are bytes,
 * times are nanoseconds.
 */
#include "userland/rfctl/describe.h"

#include "kernel/abi/layout.h"

#include "userland/lib/address.h"

#include <cJSON.h>
#include <stdio.h>

#define WORD(words, value)                                                                         \
    ((value) < sizeof(words) / sizeof *(words) && (words)[value] ? (words)[value] : "unknown")

const char *tenant_state_text(uint32_t state) {
    static const char *const words[] = {"free", "running", "dying", "dead"};
    return WORD(words, state);
}

const char *driver_state_text(uint32_t state) {
    static const char *const words[] = {"absent",    "starting", "running",
                                        "resetting", "backoff",  "failed"};
    return WORD(words, state);
}

const char *driver_text(char text[DRIVER_TEXT], const struct driver_status *status) {
    if (status->device[0])
        snprintf(text, DRIVER_TEXT, "%s (%s)", status->device, status->name);
    else
        snprintf(text, DRIVER_TEXT, "%s", status->name);
    return text;
}

const char *device_class_text(uint32_t class) {
    static const char *const words[] = {"block", "console", "network"};
    return WORD(words, class);
}

const char *fence_text(uint32_t fence) {
    static const char *const words[] = {
        [0] = "auto",
        [FENCE_SEGMENT] = "segment",
        [FENCE_PAGING] = "paging",
        [FENCE_BOTH] = "both",
    };
    return WORD(words, fence);
}

uint64_t latency_below(const uint32_t buckets[LATENCY_BUCKETS], unsigned permille) {
    uint64_t total = 0, seen = 0;
    for (int i = 0; i < LATENCY_BUCKETS; i++)
        total += buckets[i];
    for (int i = 0; i < LATENCY_BUCKETS && total; i++) {
        seen += buckets[i];
        if (seen * 1000 >= total * permille)
            return (2ull << i) * 1000;
    }
    return 0;
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void number(cJSON *object, const char *key, uint64_t value) {
    cJSON_AddNumberToObject(object, key, (double)value);
}

static void add_latency(cJSON *object, const uint32_t buckets[LATENCY_BUCKETS]) {
    cJSON *list = cJSON_AddArrayToObject(object, "latency");
    for (int i = 0; i < LATENCY_BUCKETS; i++)
        if (buckets[i]) {
            cJSON *bucket = cJSON_CreateObject();
            number(bucket, "below_microseconds", 2ull << i);
            number(bucket, "requests", buckets[i]);
            cJSON_AddItemToArray(list, bucket);
        }
}

static void add_counters(cJSON *network, const char *direction,
                         const struct network_counters *counters) {
    cJSON *object = cJSON_AddObjectToObject(network, direction);
    number(object, "frames", counters->frames);
    number(object, "bytes", counters->bytes);
    number(object, "dropped", counters->dropped);
    number(object, "refused", counters->refused);
}

cJSON *network_json(const struct tenant_status *status) {
    const struct network_grant *grant = &status->configuration.network;
    char text[ADDRESS_TEXT];
    cJSON *network = cJSON_CreateObject();
    cJSON_AddStringToObject(network, "tenant", status->configuration.name);
    cJSON_AddStringToObject(network, "device", grant->device);
    cJSON_AddStringToObject(network, "address",
                            grant->identity.address ? address_format(text, grant->identity.address)
                                                    : "dhcp");
    cJSON_AddStringToObject(network, "hardware", hardware_format(text, grant->identity.hardware));
    number(network, "weight", grant->weight);
    number(network, "send_packets", grant->send_packets);
    number(network, "send_reservation", grant->send_reservation);
    number(network, "send_bandwidth", grant->send_bytes);
    number(network, "receive_packets", grant->receive_packets);
    number(network, "receive_bandwidth", grant->receive_bytes);
    add_counters(network, "sent", &status->network.sent);
    add_counters(network, "received", &status->network.received);
    number(network, "throttled", status->network.throttled_nanoseconds);
    return network;
}

static void add_disk(cJSON *list, const struct tenant_status *status, int index) {
    const struct disk_grant *grant = &status->configuration.disks[index];
    cJSON *disk = cJSON_CreateObject();
    cJSON_AddStringToObject(disk, "name", grant->name);
    cJSON_AddStringToObject(disk, "device", grant->device);
    number(disk, "offset", grant->offset);
    number(disk, "size", grant->bytes);
    number(disk, "reservation", grant->reservation);
    number(disk, "weight", grant->weight);
    number(disk, "iops", grant->operations_per_second);
    number(disk, "bandwidth", grant->bytes_per_second);
    number(disk, "burst", grant->burst_milliseconds);
    number(disk, "reads", status->disk[index].reads);
    number(disk, "writes", status->disk[index].writes);
    number(disk, "bytes_read", status->disk[index].bytes_read);
    number(disk, "bytes_written", status->disk[index].bytes_written);
    number(disk, "throttled", status->disk[index].throttled_nanoseconds);
    add_latency(disk, status->disk[index].latency);
    cJSON_AddItemToArray(list, disk);
}

static void add_memory(cJSON *object, const struct memory_status *status) {
    cJSON *memory = cJSON_AddObjectToObject(object, "memory");
    number(memory, "reserved", (uint64_t)status->reserved * PAGE_SIZE);
    number(memory, "frames", status->reserved);
    number(memory, "bound", status->bound);
    number(memory, "page_tables", status->page_tables);
    number(memory, "objects", status->objects);
    number(memory, "peak", status->peak);
    number(memory, "image_pages", status->image_pages);
}

static void add_cpu(cJSON *object, const struct tenant_status *status) {
    const struct tenant_configuration *configuration = &status->configuration;
    cJSON *cpu = cJSON_AddObjectToObject(object, "cpu");
    number(cpu, "reservation", configuration->cpu_reservation);
    number(cpu, "weight", configuration->cpu_weight);
    number(cpu, "cap", configuration->cpu_cap);
    number(cpu, "used", status->cpu_nanoseconds);
    number(cpu, "throttled", status->throttled_nanoseconds);
    number(cpu, "wakeups", status->wakeups);
}

cJSON *tenant_json(const struct tenant_status *status) {
    const struct tenant_configuration *configuration = &status->configuration;
    cJSON *object = cJSON_CreateObject();
    number(object, "id", status->tenant);
    cJSON_AddStringToObject(object, "name", configuration->name);
    cJSON_AddStringToObject(object, "state", tenant_state_text(status->state));
    cJSON_AddStringToObject(object, "manager", configuration->manager);
    cJSON_AddStringToObject(object, "image", configuration->image);
    cJSON_AddStringToObject(object, "restart", configuration->restart ? "always" : "never");
    number(object, "restarts", status->restarts);
    number(object, "started", status->started_nanoseconds);
    number(object, "threads", status->threads);
    number(object, "spaces", status->spaces);
    number(object, "channels", status->channels);
    add_memory(object, &status->memory);
    add_cpu(object, status);
    if (configuration->network.device[0])
        cJSON_AddItemToObject(object, "network", network_json(status));
    cJSON *disks = cJSON_AddArrayToObject(object, "disks");
    for (int i = 0; i < CONFIGURATION_DISKS; i++)
        if (configuration->disks[i].device[0])
            add_disk(disks, status, i);
    cJSON_AddStringToObject(object, "last_death", status->last_death);
    return object;
}

cJSON *driver_json(const struct driver_status *status) {
    char pci[24] = "";
    if (status->pci_address != 0xFFFFFFFF)
        snprintf(pci, sizeof pci, "%02x:%02x.%u", status->pci_address >> 16,
                 status->pci_address >> 8 & 0xFF, status->pci_address & 0xFF);
    cJSON *object = cJSON_CreateObject();
    number(object, "id", status->driver);
    cJSON_AddStringToObject(object, "device", status->device);
    cJSON_AddStringToObject(object, "driver", status->name);
    cJSON_AddStringToObject(object, "class", device_class_text(status->class));
    cJSON_AddStringToObject(object, "state", driver_state_text(status->state));
    number(object, "size", status->bytes);
    number(object, "slot", status->slot_address);
    cJSON_AddStringToObject(object, "pci", pci);
    cJSON_AddBoolToObject(object, "dma_unfenced", status->dma_unfenced != 0);
    number(object, "in_flight", status->in_flight);
    number(object, "queued", status->queued);
    number(object, "served", status->served);
    number(object, "depth", status->depth);
    number(object, "capacity", status->capacity);
    number(object, "reserved", status->reserved);
    number(object, "bytes_moved", status->bytes_moved);
    number(object, "interrupts", status->interrupts);
    number(object, "restarts", status->restarts);
    number(object, "last_crash_at", status->last_crash_nanoseconds);
    number(object, "last_outage", status->last_outage_nanoseconds);
    cJSON_AddStringToObject(object, "last_crash", status->last_crash);
    add_latency(object, status->latency);
    return object;
}
