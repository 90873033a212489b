// SPDX-License-Identifier: MIT
/*
 * The description is a tree of JSON objects. Each object has a table of the keys that it knows and
 * what is done with each; an unknown key is an error, a missing one keeps its default. A complaint
 * starts with the path of its key: "tenant.red.cpu.cap".
 */
#include "userland/lib/machine.h"

#include "kernel/abi/layout.h"
#include "userland/lib/size.h"

#include <cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_INTEGER 9007199254740992.0 /* 2^53: a JSON number is a double */

struct reading {
    char *complaint;
    char path[COMPLAINT_TEXT / 2];
    struct machine_tenant *tenant;
    struct device_model *model;
    const cJSON *volumes;
};

struct known_key {
    const char *name;
    bool (*read)(struct reading *reading, const cJSON *value);
};

static bool complain(struct reading *reading, const char *what) {
    snprintf(reading->complaint, COMPLAINT_TEXT, "%.*s: %.90s", COMPLAINT_TEXT / 2, reading->path,
             what);
    return false;
}

/* Extends the path by ".name" for a step down; leave() cuts it again. */
static size_t enter(struct reading *reading, const char *name) {
    size_t length = strlen(reading->path);
    snprintf(reading->path + length, sizeof reading->path - length, "%s%s", length ? "." : "",
             name);
    return length;
}

static void leave(struct reading *reading, size_t length) {
    reading->path[length] = 0;
}

/* Reads an object of known keys; `keys` ends with a name of NULL. */
static bool read_object(struct reading *reading, const cJSON *object,
                        const struct known_key *keys) {
    const cJSON *value;
    if (!cJSON_IsObject(object))
        return complain(reading, "must be an object");
    cJSON_ArrayForEach(value, object) {
        size_t length = enter(reading, value->string);
        const struct known_key *key = keys;
        while (key->name && strcmp(key->name, value->string) != 0)
            key++;
        if (!key->name)
            return complain(reading, "unknown key");
        if (key->read && !key->read(reading, value))
            return false;
        leave(reading, length);
    }
    return true;
}

/* Passes a JSON value on as KEY=VALUE, whose range checks it shares; keeps the path in the
 * complaint. */
static bool apply(struct reading *reading, const char *key, const cJSON *value) {
    char assignment[COMPLAINT_TEXT], complaint[COMPLAINT_TEXT];
    if (cJSON_IsBool(value))
        snprintf(assignment, sizeof assignment, "%s=%s", key, cJSON_IsTrue(value) ? "on" : "off");
    else if (cJSON_IsString(value))
        snprintf(assignment, sizeof assignment, "%s=%.100s", key, value->valuestring);
    else if (cJSON_IsNumber(value) && value->valuedouble >= 0 &&
             value->valuedouble < EXACT_INTEGER &&
             value->valuedouble == (double)(uint64_t)value->valuedouble)
        snprintf(assignment, sizeof assignment, "%s=%llu", key,
                 (unsigned long long)value->valuedouble);
    else
        return complain(reading, "must be a text or a whole number");
    if (configuration_apply(&reading->tenant->configuration, assignment, complaint))
        return true;
    const char *reason = strstr(complaint, ": ");
    return complain(reading, reason ? reason + 2 : complaint);
}

#define APPLY(function, key)                                                                       \
    static bool function(struct reading *reading, const cJSON *value) {                            \
        return apply(reading, key, value);                                                         \
    }

APPLY(read_memory, "memory")
APPLY(read_image, "image")
APPLY(read_manager, "manager")
APPLY(read_restart, "restart")
APPLY(read_reservation, "cpu.reservation")
APPLY(read_weight, "cpu.weight")
APPLY(read_cap, "cpu.cap")
APPLY(read_disk_reservation, "disk.reservation")
APPLY(read_disk_weight, "disk.weight")
APPLY(read_operations, "disk.iops")
APPLY(read_bandwidth, "disk.bandwidth")
APPLY(read_burst, "disk.burst")
APPLY(read_network_device, "network.device")
APPLY(read_hardware, "network.hardware")
APPLY(read_address, "network.address")
APPLY(read_gateway, "network.gateway")
APPLY(read_name_server, "network.name-server")
APPLY(read_uplink, "network.uplink")
APPLY(read_send_reservation, "network.send-reservation")
APPLY(read_network_weight, "network.weight")
APPLY(read_network_burst, "network.burst")
APPLY(read_send_packets, "network.send-packets")
APPLY(read_send_bandwidth, "network.send-bandwidth")
APPLY(read_receive_packets, "network.receive-packets")
APPLY(read_receive_bandwidth, "network.receive-bandwidth")
APPLY(read_volume_device, "disk.device")
APPLY(read_volume_offset, "disk.offset")
APPLY(read_volume_size, "disk.size")

static bool read_cpu(struct reading *reading, const cJSON *value) {
    static const struct known_key keys[] = {{"reservation", read_reservation},
                                            {"weight", read_weight},
                                            {"cap", read_cap},
                                            {NULL, NULL}};
    return read_object(reading, value, keys);
}

/* ---- Disks ----------------------------------------------------------------------------------- */

/* The volume that a tenant's disk names fills in device, offset and size. */
static bool read_volume_name(struct reading *reading, const cJSON *value) {
    static const struct known_key keys[] = {{"device", read_volume_device},
                                            {"offset", read_volume_offset},
                                            {"size", read_volume_size},
                                            {NULL, NULL}};
    const cJSON *volume =
        cJSON_IsString(value)
            ? cJSON_GetObjectItemCaseSensitive(reading->volumes, value->valuestring)
            : NULL;
    if (!volume)
        return complain(reading, "names no volume of this machine");
    char path[sizeof reading->path];
    strcpy(path, reading->path);
    reading->path[0] = 0;
    enter(reading, "volume");
    enter(reading, value->valuestring);
    if (!read_object(reading, volume, keys))
        return false;
    strcpy(reading->path, path);
    if (cJSON_GetObjectItemCaseSensitive(volume, "offset"))
        return true;
    reading->tenant->configuration.disks[0].bytes = PAGE_SIZE; /* until the table was read */
    return (reading->tenant->partition = strdup(value->valuestring)) ||
           complain(reading, "out of memory");
}

static bool read_disk_device(struct reading *reading, const cJSON *value) {
    return cJSON_IsString(value) || complain(reading, "must be a text");
}

static bool read_disk(struct reading *reading, const cJSON *value) {
    static const struct known_key keys[] = {{"volume", read_volume_name},
                                            {"device", read_disk_device},
                                            {"reservation", read_disk_reservation},
                                            {"weight", read_disk_weight},
                                            {"iops", read_operations},
                                            {"bandwidth", read_bandwidth},
                                            {"burst", read_burst},
                                            {NULL, NULL}};
    if (!read_object(reading, value, keys))
        return false;
    const struct disk_grant *disk = &reading->tenant->configuration.disks[0];
    const cJSON *device = cJSON_GetObjectItemCaseSensitive(value, "device");
    if (!disk->device[0])
        return complain(reading, "volume: missing");
    if (device && strcmp(device->valuestring, disk->device) != 0)
        return complain(reading, "device: its volume is on another device");
    return true;
}

static char **free_texts(char **texts) {
    for (char **text = texts; text && *text; text++)
        free(*text);
    free(texts);
    return NULL;
}

/* ---- Networks -------------------------------------------------------------------------------- */

/* `list` of texts, as an array that ends with NULL; NULL: it was complained of. */
static char **read_texts(struct reading *reading, const cJSON *list) {
    int next = 0;
    const cJSON *text;
    char **texts = cJSON_IsArray(list) && cJSON_GetArraySize(list) > 0
                       ? calloc((size_t)cJSON_GetArraySize(list) + 1, sizeof *texts)
                       : NULL;
    if (!texts) {
        complain(reading, "must be a list of texts");
        return NULL;
    }
    cJSON_ArrayForEach(text, list) {
        if (cJSON_IsString(text) && (texts[next] = strdup(text->valuestring)))
            next++;
        else if (!complain(reading, "must be a list of texts"))
            return free_texts(texts);
    }
    return texts;
}

static bool read_network(struct reading *reading, const cJSON *value) {
    static const struct known_key keys[] = {{"device", read_network_device},
                                            {"hardware", read_hardware},
                                            {"address", read_address},
                                            {"gateway", read_gateway},
                                            {"name-server", read_name_server},
                                            {"uplink", read_uplink},
                                            {"send-reservation", read_send_reservation},
                                            {"weight", read_network_weight},
                                            {"burst", read_network_burst},
                                            {"send-packets", read_send_packets},
                                            {"send-bandwidth", read_send_bandwidth},
                                            {"receive-packets", read_receive_packets},
                                            {"receive-bandwidth", read_receive_bandwidth},
                                            {NULL, NULL}};
    if (!read_object(reading, value, keys))
        return false;
    return reading->tenant->configuration.network.device[0] || complain(reading, "device: missing");
}

/* ---- Tenants --------------------------------------------------------------------------------- */

static bool read_command(struct reading *reading, const cJSON *value) {
    return (reading->tenant->command = read_texts(reading, value)) != NULL;
}

static bool read_peers(struct reading *reading, const cJSON *value) {
    return (reading->tenant->peers = read_texts(reading, value)) != NULL;
}

static bool read_tenant(struct reading *reading, const cJSON *value) {
    static const struct known_key keys[] = {{"image", read_image},     {"memory", read_memory},
                                            {"cpu", read_cpu},         {"restart", read_restart},
                                            {"command", read_command}, {"disk", read_disk},
                                            {"manager", read_manager}, {"network", read_network},
                                            {"peers", read_peers},     {NULL, NULL}};
    char complaint[COMPLAINT_TEXT];
    if (!configuration_start(&reading->tenant->configuration, value->string, complaint))
        return complain(reading, complaint);
    if (!read_object(reading, value, keys))
        return false;
    return configuration_check(&reading->tenant->configuration, complaint) ||
           complain(reading, complaint);
}

static bool read_tenants(struct machine *machine, struct reading *reading, const cJSON *tenants) {
    const cJSON *value;
    if (!cJSON_IsObject(tenants))
        return complain(reading, "must be an object");
    machine->tenants = calloc((size_t)cJSON_GetArraySize(tenants) + 1, sizeof *machine->tenants);
    if (!machine->tenants)
        return complain(reading, "out of memory");
    cJSON_ArrayForEach(value, tenants) {
        size_t length = enter(reading, value->string);
        reading->tenant = &machine->tenants[machine->count++];
        if (!read_tenant(reading, value))
            return false;
        leave(reading, length);
    }
    return true;
}

/* ---- Devices --------------------------------------------------------------------------------- */

static bool read_number(struct reading *reading, const cJSON *value, uint32_t *number) {
    if (!cJSON_IsNumber(value) || value->valuedouble < 0 || value->valuedouble > COST_MAX ||
        value->valuedouble != (double)(uint32_t)value->valuedouble)
        return complain(reading, "must be a whole number of nanoseconds, a second at most");
    *number = (uint32_t)value->valuedouble;
    return true;
}

#define MODEL(function, member)                                                                    \
    static bool function(struct reading *reading, const cJSON *value) {                            \
        return read_number(reading, value, &reading->model->member);                               \
    }

MODEL(read_cost_read, cost.base[0][0])
MODEL(read_cost_read_next, cost.base[0][1])
MODEL(read_cost_write, cost.base[1][0])
MODEL(read_cost_write_next, cost.base[1][1])
MODEL(read_cost_read_megabyte, cost.per_megabyte[0])
MODEL(read_cost_write_megabyte, cost.per_megabyte[1])
MODEL(read_latency_target, latency_target)
MODEL(read_depth, depth)

static bool read_device(struct reading *reading, const cJSON *value) {
    static const struct known_key keys[] = {{"read", read_cost_read},
                                            {"read-next", read_cost_read_next},
                                            {"write", read_cost_write},
                                            {"write-next", read_cost_write_next},
                                            {"read-megabyte", read_cost_read_megabyte},
                                            {"write-megabyte", read_cost_write_megabyte},
                                            {"latency", read_latency_target},
                                            {"depth", read_depth},
                                            {NULL, NULL}};
    if (!read_object(reading, value, keys))
        return false;
    const struct cost_model *cost = &reading->model->cost;
    return cost->base[0][0] != 0 || complain(reading, "read: missing");
}

static bool read_devices(struct machine *machine, struct reading *reading, const cJSON *devices) {
    const cJSON *value;
    if (!cJSON_IsObject(devices))
        return complain(reading, "must be an object");
    machine->devices = calloc((size_t)cJSON_GetArraySize(devices) + 1, sizeof *machine->devices);
    if (!machine->devices)
        return complain(reading, "out of memory");
    cJSON_ArrayForEach(value, devices) {
        size_t length = enter(reading, value->string);
        struct machine_device *device = &machine->devices[machine->device_count++];
        if (strlen(value->string) >= sizeof device->name)
            return complain(reading, "no name of a device");
        strcpy(device->name, value->string);
        reading->model = &device->model;
        if (!read_device(reading, value))
            return false;
        leave(reading, length);
    }
    return true;
}

/* ---- The whole ------------------------------------------------------------------------------- */

static bool read_machine(struct machine *machine, struct reading *reading, const cJSON *root) {
    static const struct known_key keys[] = {{"machine", NULL}, {"operator", NULL}, {"tenant", NULL},
                                            {"volume", NULL},  {"device", NULL},   {NULL, NULL}};
    strcpy(reading->path, "machine.json");
    if (!cJSON_IsObject(root))
        return complain(reading, "must be an object");
    reading->path[0] = 0;
    if (!read_object(reading, root, keys))
        return false;
    reading->volumes = cJSON_GetObjectItemCaseSensitive(root, "volume");
    const cJSON *tenants = cJSON_GetObjectItemCaseSensitive(root, "tenant");
    const cJSON *devices = cJSON_GetObjectItemCaseSensitive(root, "device");
    enter(reading, "device");
    if (devices && !read_devices(machine, reading, devices))
        return false;
    reading->path[0] = 0;
    enter(reading, "tenant");
    return !tenants || read_tenants(machine, reading, tenants);
}

bool machine_parse(struct machine *machine, const char *json, char complaint[COMPLAINT_TEXT]) {
    struct reading reading = {.complaint = complaint};
    const char *end = json;
    *machine = (struct machine){0};
    cJSON *root = cJSON_ParseWithOpts(json, &end, true);
    bool good = root ? read_machine(machine, &reading, root) : false;
    if (!root)
        snprintf(complaint, COMPLAINT_TEXT, "machine.json: no JSON at byte %u",
                 (unsigned)(end - json));
    if (!good)
        machine_free(machine);
    cJSON_Delete(root);
    return good;
}

void machine_free(struct machine *machine) {
    for (unsigned i = 0; i < machine->count; i++) {
        free_texts(machine->tenants[i].command);
        free_texts(machine->tenants[i].peers);
        free(machine->tenants[i].partition);
    }
    free(machine->tenants);
    free(machine->devices);
    *machine = (struct machine){0};
}
