// SPDX-License-Identifier: MIT
/*
 * /proc/sys: settings of the tenant, for everybody to read and for root to write, where there is something to be set. A value that
 * cannot be had is refused as one that Linux does not know.
 */
#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/device/random.h"
#include "domains/linux/errno.h"
#include "domains/linux/fs/proc_entry.h"
#include "domains/linux/fs/proc_number.h"
#include "domains/linux/network/backlog.h"
#include "domains/linux/system/host.h"

#define UNUSED __attribute__((unused)) const struct proc_subject *subject

#define OVERCOMMIT_NEVER 2

/* ---- Names ----------------------------------------------------------------------------------- */

static void show_hostname(struct proc_text *text, UNUSED) {
    proc_text_add(text, "%s\n", host_names()->node);
}

/* A line of the text, cut. */
static int take_name(char name[HOST_NAME_BYTES], const char *text) {
    char wanted[HOST_NAME_BYTES] = "";

    for (uint32_t i = 0; i < HOST_NAME_BYTES - 1 && text[i] != 0 && text[i] != '\n'; i++)
        wanted[i] = text[i];
    memcpy(name, wanted, sizeof wanted);
    return 0;
}

static int take_hostname(UNUSED, char *text) {
    return take_name(host_names()->node, text);
}

static int take_domain_name(UNUSED, char *text) {
    return take_name(host_names()->domain, text);
}

static void show_domain_name(struct proc_text *text, UNUSED) {
    proc_text_add(text, "%s\n", host_names()->domain);
}

static void show_system(struct proc_text *text, UNUSED) {
    proc_text_add(text, "%s\n", host_names()->system);
}

static void show_release(struct proc_text *text, UNUSED) {
    proc_text_add(text, "%s\n", host_names()->release);
}

static void show_build(struct proc_text *text, UNUSED) {
    proc_text_add(text, "%s\n", host_names()->version);
}

static void show_pid_max(struct proc_text *text, UNUSED) {
    proc_text_add(text, "32768\n");
}

/* ---- Numbers --------------------------------------------------------------------------------- */

/* Memory is reserved, never promised twice. */
static void show_overcommit(struct proc_text *text, UNUSED) {
    proc_text_add(text, "%d\n", OVERCOMMIT_NEVER);
}

static int take_overcommit(UNUSED, char *text) {
    int32_t mode;
    int error = proc_number(text, &mode);

    return error == 0 && mode == OVERCOMMIT_NEVER ? 0 : -EINVAL;
}

/* More than the descriptors of all processes there may be. */
static void show_file_max(struct proc_text *text, UNUSED) {
    proc_text_add(text, "%u\n", frames_total());
}

static void show_backlog(struct proc_text *text, UNUSED) {
    proc_text_add(text, "%u\n", backlog_most);
}

static int take_backlog(UNUSED, char *text) {
    int32_t most;
    int error = proc_number(text, &most);

    if (error != 0 || most < 0 || (uint32_t)most > BACKLOG_LIMIT)
        return -EINVAL;
    backlog_most = (uint32_t)most;
    return 0;
}

/* Another one at each look: random bits, and those that say so (RFC 4122, 4.4). */
static void show_uuid(struct proc_text *text, UNUSED) {
    uint8_t b[16];

    random_bytes(b, sizeof b);
    b[6] = (b[6] & 0x0F) | 0x40;
    b[8] = (b[8] & 0x3F) | 0x80;
    for (uint32_t i = 0; i < sizeof b; i++)
        proc_text_add(text, "%02x%s", b[i], i == 3 || i == 5 || i == 7 || i == 9 ? "-" : "");
    proc_text_add(text, "\n");
}

/* ---- The tables ------------------------------------------------------------------------------ */

#define TEXT(name, show)                                                                           \
    { name, S_IFREG | 0444, NULL, show, NULL, NULL, NULL, true }
#define WRITABLE(name, show, take)                                                                 \
    { name, S_IFREG | 0644, NULL, show, NULL, NULL, take, true }
#define FOLDER(name, which)                                                                        \
    { name, S_IFDIR | 0555, &(which), NULL, NULL, NULL, NULL, true }
#define FOLDER_OF(entries)                                                                         \
    { entries, sizeof(entries) / sizeof((entries)[0]), NO_NUMBERS, NULL }

static const struct proc_entry random_entries[] = {TEXT("uuid", show_uuid)};
static const struct proc_folder random_folder = FOLDER_OF(random_entries);

static const struct proc_entry kernel_entries[] = {
    FOLDER("random", random_folder),
    WRITABLE("hostname", show_hostname, take_hostname),
    WRITABLE("domainname", show_domain_name, take_domain_name),
    TEXT("ostype", show_system),
    TEXT("osrelease", show_release),
    TEXT("version", show_build),
    TEXT("pid_max", show_pid_max),
};
static const struct proc_folder kernel_folder = FOLDER_OF(kernel_entries);

static const struct proc_entry memory_entries[] = {
    WRITABLE("overcommit_memory", show_overcommit, take_overcommit),
};
static const struct proc_folder memory_folder = FOLDER_OF(memory_entries);

static const struct proc_entry file_entries[] = {TEXT("file-max", show_file_max)};
static const struct proc_folder file_folder = FOLDER_OF(file_entries);

static const struct proc_entry core_entries[] = {
    WRITABLE("somaxconn", show_backlog, take_backlog),
};
static const struct proc_folder core_folder = FOLDER_OF(core_entries);

static const struct proc_entry network_entries[] = {FOLDER("core", core_folder)};
static const struct proc_folder network_folder = FOLDER_OF(network_entries);

static const struct proc_entry entries[] = {
    FOLDER("fs", file_folder),
    FOLDER("kernel", kernel_folder),
    FOLDER("net", network_folder),
    FOLDER("vm", memory_folder),
};
const struct proc_folder proc_settings_folder = FOLDER_OF(entries);
