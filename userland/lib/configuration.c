// SPDX-License-Identifier: MIT
/*
 * One table says for each key what kind of value it takes, where it goes in the configuration, and
 * which control key changes it while the tenant runs.
 */
#include "userland/lib/configuration.h"

#include "kernel/abi/layout.h"
#include "userland/lib/address.h"
#include "userland/lib/size.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum kind { WORD, NUMBER32, SIZE64, FRAMES, RESTART, SWITCH, ADDRESS, OWN_ADDRESS, HARDWARE };

#define NOT_WHILE_RUNNING TENANT_KEY_COUNT
#define FIRST_CARD        "net0"
#define FIELD(member)                                                                              \
    offsetof(struct tenant_configuration, member),                                                 \
        sizeof(((struct tenant_configuration *)0)->member)

static const struct key {
    const char *name;
    enum kind kind;
    size_t offset, bytes;
    uint64_t least, most;
    enum tenant_key running;
} keys[] = {
    {"memory", FRAMES, FIELD(frames), PAGE_SIZE, 3ull << 30, TENANT_FRAMES},
    {"image", WORD, FIELD(image), 0, 0, NOT_WHILE_RUNNING},
    {"manager", WORD, FIELD(manager), 0, 0, NOT_WHILE_RUNNING},
    {"cpu.reservation", NUMBER32, FIELD(cpu_reservation), 0, CPU_PERCENT_MAX,
     TENANT_CPU_RESERVATION},
    {"cpu.weight", NUMBER32, FIELD(cpu_weight), 1, WEIGHT_MAX, TENANT_CPU_WEIGHT},
    {"cpu.cap", NUMBER32, FIELD(cpu_cap), 1, CPU_PERCENT_MAX, TENANT_CPU_CAP},
    {"restart", RESTART, FIELD(restart), 0, 1, TENANT_RESTART_POLICY},
    {"disk.device", WORD, FIELD(disks[0].device), 0, 0, NOT_WHILE_RUNNING},
    {"disk.offset", SIZE64, FIELD(disks[0].offset), 0, 1ull << 44, NOT_WHILE_RUNNING},
    {"disk.size", SIZE64, FIELD(disks[0].bytes), PAGE_SIZE, 1ull << 44, NOT_WHILE_RUNNING},
    {"disk.reservation", NUMBER32, FIELD(disks[0].reservation), 0, DISK_RESERVATION_MAX,
     TENANT_DISK_RESERVATION},
    {"disk.weight", NUMBER32, FIELD(disks[0].weight), 1, WEIGHT_MAX, TENANT_DISK_WEIGHT},
    {"disk.iops", NUMBER32, FIELD(disks[0].operations_per_second), 0, 10000000,
     TENANT_DISK_OPERATIONS},
    {"disk.bandwidth", SIZE64, FIELD(disks[0].bytes_per_second), 0, 1ull << 40,
     TENANT_DISK_BANDWIDTH},
    {"disk.burst", NUMBER32, FIELD(disks[0].burst_milliseconds), 0, DISK_BURST_MAX,
     TENANT_DISK_BURST},
    {"network.device", WORD, FIELD(network.device), 0, 0, NOT_WHILE_RUNNING},
    {"network.hardware", HARDWARE, FIELD(network.identity.hardware), 0, 0, NOT_WHILE_RUNNING},
    {"network.address", OWN_ADDRESS, FIELD(network.identity.address), 0, 0, NOT_WHILE_RUNNING},
    {"network.gateway", ADDRESS, FIELD(network.identity.gateway), 0, 0, NOT_WHILE_RUNNING},
    {"network.name-server", ADDRESS, FIELD(network.identity.name_server), 0, 0, NOT_WHILE_RUNNING},
    {"network.uplink", SWITCH, FIELD(network.identity.uplink), 0, 1, NOT_WHILE_RUNNING},
    {"network.send-reservation", SIZE64, FIELD(network.send_reservation), 0,
     NETWORK_RESERVATION_MAX, TENANT_NETWORK_RESERVATION},
    {"network.weight", NUMBER32, FIELD(network.weight), 1, WEIGHT_MAX, TENANT_NETWORK_WEIGHT},
    {"network.burst", NUMBER32, FIELD(network.burst_milliseconds), 0, NETWORK_BURST_MAX,
     TENANT_NETWORK_BURST},
    {"network.send-packets", NUMBER32, FIELD(network.send_packets), 0, 100000000,
     TENANT_NETWORK_SEND_PACKETS},
    {"network.send-bandwidth", SIZE64, FIELD(network.send_bytes), 0, 1ull << 40,
     TENANT_NETWORK_SEND_BYTES},
    {"network.receive-packets", NUMBER32, FIELD(network.receive_packets), 0, 100000000,
     TENANT_NETWORK_RECEIVE_PACKETS},
    {"network.receive-bandwidth", SIZE64, FIELD(network.receive_bytes), 0, 1ull << 40,
     TENANT_NETWORK_RECEIVE_BYTES},
};

static const struct disk_grant no_disk = {.name = "vda", .weight = 100, .burst_milliseconds = 100};

static const struct key *find_key(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strncmp(keys[i].name, name, length) == 0 && !keys[i].name[length])
            return &keys[i];
    return NULL;
}

/* Splits KEY=VALUE. */
static const struct key *key_of(const char *assignment, const char **value, char *complaint) {
    const char *equals = strchr(assignment, '=');
    const struct key *key = equals ? find_key(assignment, (size_t)(equals - assignment)) : NULL;
    if (!equals)
        snprintf(complaint, COMPLAINT_TEXT, "%.60s: not of the form KEY=VALUE", assignment);
    else if (!key)
        snprintf(complaint, COMPLAINT_TEXT, "%.*s: unknown key", (int)(equals - assignment),
                 assignment);
    *value = equals ? equals + 1 : NULL;
    return key;
}

static bool out_of_range(const struct key *key, const char *value, char *complaint) {
    char least[SIZE_TEXT], most[SIZE_TEXT];
    if (key->kind == NUMBER32)
        snprintf(complaint, COMPLAINT_TEXT, "%s: '%.60s' is no number from %llu to %llu", key->name,
                 value, (unsigned long long)key->least, (unsigned long long)key->most);
    else
        snprintf(complaint, COMPLAINT_TEXT, "%s: '%.60s' is no size from %s to %s, like 64MiB",
                 key->name, value, size_format(least, key->least), size_format(most, key->most));
    return false;
}

static bool parse_size_value(const struct key *key, const char *value, uint64_t *number,
                             char *complaint) {
    if (!size_parse(value, number) || *number < key->least || *number > key->most)
        return out_of_range(key, value, complaint);
    if (*number % PAGE_SIZE && key->kind == FRAMES)
        *number += PAGE_SIZE - *number % PAGE_SIZE;
    return true;
}

static bool parse_choice(const struct key *key, const char *value, const char *no, const char *yes,
                         uint64_t *number, char *complaint) {
    *number = strcmp(value, yes) == 0;
    if (*number || strcmp(value, no) == 0)
        return true;
    snprintf(complaint, COMPLAINT_TEXT, "%s: '%.60s' is neither %s nor %s", key->name, value, yes,
             no);
    return false;
}

/* The value as the control gate counts it. Not for words and addresses. */
static bool parse_value(const struct key *key, const char *value, uint64_t *number,
                        char *complaint) {
    switch (key->kind) {
    case NUMBER32:
        return number_parse(value, key->least, key->most, number) ||
               out_of_range(key, value, complaint);
    case SIZE64:
        return parse_size_value(key, value, number, complaint);
    case FRAMES:
        if (!parse_size_value(key, value, number, complaint))
            return false;
        *number /= PAGE_SIZE;
        return true;
    case SWITCH:
        return parse_choice(key, value, "off", "on", number, complaint);
    default:
        return parse_choice(key, value, "never", "always", number, complaint);
    }
}

/* ---- Addresses ------------------------------------------------------------------------------- */

static bool no_address(const struct key *key, const char *value, const char *like,
                       char *complaint) {
    snprintf(complaint, COMPLAINT_TEXT, "%s: '%.60s' is no address like %s", key->name, value,
             like);
    return false;
}

static bool store_own_address(struct network_identity *identity, const struct key *key,
                              const char *value, char *complaint) {
    if (strcmp(value, "dhcp") == 0) {
        identity->address = identity->prefix = 0;
        return true;
    }
    return address_parse_prefix(value, &identity->address, &identity->prefix) ||
           no_address(key, value, "10.0.2.20/24, nor dhcp", complaint);
}

static bool store_address(struct network_identity *identity, void *place, const struct key *key,
                          const char *value, char *complaint) {
    switch (key->kind) {
    case OWN_ADDRESS:
        return store_own_address(identity, key, value, complaint);
    case ADDRESS:
        return address_parse(value, place) || no_address(key, value, "10.0.2.2", complaint);
    default:
        return hardware_parse(value, place) ||
               no_address(key, value, "52:54:00:12:34:56", complaint);
    }
}

static bool is_address(const struct key *key) {
    return key->kind == ADDRESS || key->kind == OWN_ADDRESS || key->kind == HARDWARE;
}

static bool store_word(char *place, const struct key *key, const char *value, char *complaint) {
    size_t length = strlen(value);
    if (length == 0 || length >= key->bytes) {
        snprintf(complaint, COMPLAINT_TEXT, "%s: '%.60s' is no name of 1 to %u letters", key->name,
                 value, (unsigned)key->bytes - 1);
        return false;
    }
    memset(place, 0, key->bytes);
    memcpy(place, value, length);
    return true;
}

bool configuration_is_said_once(int count, char *const words[], char complaint[COMPLAINT_TEXT]) {
    for (int one = 0; one < count; one++) {
        size_t length = strcspn(words[one], "=");
        for (int other = 0; other < one; other++) {
            if (strcspn(words[other], "=") != length || memcmp(words[one], words[other], length))
                continue;
            snprintf(complaint, COMPLAINT_TEXT, "%.*s: said twice", (int)length, words[one]);
            return false;
        }
    }
    return true;
}

bool configuration_apply(struct tenant_configuration *configuration, const char *assignment,
                         char complaint[COMPLAINT_TEXT]) {
    const char *value;
    const struct key *key = key_of(assignment, &value, complaint);
    if (!key)
        return false;
    char *place = (char *)configuration + key->offset;
    uint64_t number;
    if (strncmp(key->name, "network.", 8) == 0 && !configuration->network.device[0])
        strcpy(configuration->network.device, FIRST_CARD);
    if (key->kind == WORD)
        return store_word(place, key, value, complaint);
    if (is_address(key))
        return store_address(&configuration->network.identity, place, key, value, complaint);
    if (!parse_value(key, value, &number, complaint))
        return false;
    memcpy(place, &number, key->bytes); /* little endian: the low bytes */
    return true;
}

bool configuration_change(struct tenant_change *change, const char *assignment,
                          char complaint[COMPLAINT_TEXT]) {
    const char *value;
    const struct key *key = key_of(assignment, &value, complaint);
    if (!key)
        return false;
    if (key->running == NOT_WHILE_RUNNING) {
        snprintf(complaint, COMPLAINT_TEXT, "%s: cannot be changed while the tenant exists",
                 key->name);
        return false;
    }
    change->key = key->running;
    return parse_value(key, value, &change->value, complaint);
}

static bool is_name(const char *name) {
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return length > 0 && length < TENANT_NAME && !name[length] && name[0] >= 'a' && name[0] <= 'z';
}

bool configuration_start(struct tenant_configuration *configuration, const char *name,
                         char complaint[COMPLAINT_TEXT]) {
    *configuration = (struct tenant_configuration){
        .manager = "linux",
        .image = "base",
        .cpu_weight = 100,
        .cpu_cap = 100,
        .restart = 1,
        .disks[0] = no_disk,
        .network = {.weight = 100, .burst_milliseconds = 100, .identity.uplink = 1}};
    if (!is_name(name)) {
        snprintf(complaint, COMPLAINT_TEXT,
                 "'%.60s' is no name: a letter, then letters a-z, digits and -, at most %d", name,
                 TENANT_NAME - 1);
        return false;
    }
    strcpy(configuration->name, name);
    hardware_of_name(name, configuration->network.identity.hardware);
    return true;
}

/* Does the grant say anything that only a disk has a use for? */
static bool is_disk_said(const struct disk_grant *disk) {
    return memcmp(disk, &no_disk, sizeof no_disk) != 0;
}

bool configuration_check(const struct tenant_configuration *configuration,
                         char complaint[COMPLAINT_TEXT]) {
    const struct disk_grant *disk = &configuration->disks[0];
    const char *wrong = NULL;
    if (configuration->frames == 0)
        wrong = "memory: missing";
    else if (configuration->cpu_cap < configuration->cpu_reservation)
        wrong = "cpu.cap: below cpu.reservation";
    else if (disk->device[0] && disk->bytes == 0)
        wrong = "disk.size: missing";
    else if (!disk->device[0] && is_disk_said(disk))
        wrong = "disk.device: missing";
    else if (disk->operations_per_second && disk->reservation > disk->operations_per_second)
        wrong = "disk.reservation: above disk.iops";
    else if (disk->offset % PAGE_SIZE)
        wrong = "disk.offset: not a multiple of 4096";
    if (wrong)
        snprintf(complaint, COMPLAINT_TEXT, "%s", wrong);
    return !wrong;
}
