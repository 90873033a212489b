// SPDX-License-Identifier: MIT
/*
 * Tenants and their commands. A tenant's command runs behind a channel that one `rfctl exec` holds
 * open; its output goes to the log. If the tenant dies and is restarted, so is its command.
 */
#include "userland/init/init.h"

#include "userland/lib/control.h"
#include "userland/lib/machine.h"
#include "userland/lib/partition.h"
#include "userland/lib/refusal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RFCTL           "/sbin/rfctl"
#define NOT_FOUND       127 /* how `rfctl exec` ends, as a shell does */
#define CANNOT_RUN      126
#define KILLED          (128 + SIGKILL) /* how `rfctl exec` ends if its tenant died */
#define RESTART_SECONDS 1               /* before the command of a restarted tenant */

static struct machine machine;
static pid_t *holders; /* by tenant: the rfctl that holds its command; 0: none */

static void send_output_to_log(void) {
    int null = open("/dev/null", O_RDONLY);
    int log = open("/dev/kmsg", O_WRONLY);
    dup2(null, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
}

/* rfctl exec -T NAME -- COMMAND… */
static _Noreturn void hold_command(const struct machine_tenant *tenant, unsigned delay) {
    int count = 0;
    while (tenant->command[count])
        count++;
    const char **words = calloc((size_t)count + 6, sizeof *words);
    const char *const start[] = {"rfctl", "exec", "-T", tenant->configuration.name, "--"};
    if (!words)
        _exit(126);
    memcpy(words, start, sizeof start);
    memcpy(words + 5, tenant->command, (size_t)count * sizeof *words);
    send_output_to_log();
    sleep(delay);
    execv(RFCTL, (char **)words);
    _exit(127);
}

static void start_command(unsigned index, unsigned delay) {
    pid_t pid = fork();
    if (pid == 0)
        hold_command(&machine.tenants[index], delay);
    if (pid < 0)
        report("tenant %s: its command cannot be started: %s",
               machine.tenants[index].configuration.name, strerror(errno));
    holders[index] = pid > 0 ? pid : 0;
}

/* ---- Its volume, if it is a partition ---- */

static bool read_disk(void *context, uint64_t offset, void *to, size_t bytes) {
    return pread(*(int *)context, to, bytes, (off_t)offset) == (ssize_t)bytes;
}

static bool find_partition(const struct machine_tenant *tenant, struct disk_grant *disk,
                           char complaint[PARTITION_COMPLAINT]) {
    char path[sizeof "/dev/" + sizeof disk->device];
    snprintf(path, sizeof path, "/dev/%s", disk->device);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    off_t end = file >= 0 ? lseek(file, 0, SEEK_END) : -1;
    struct partition_disk source = {read_disk, &file, (uint64_t)end};
    bool found = false;
    if (end < 0)
        snprintf(complaint, PARTITION_COMPLAINT, "%s", strerror(errno));
    else
        found = partition_find(&source, tenant->partition, &disk->offset, &disk->bytes, complaint);
    if (file >= 0)
        close(file);
    return found;
}

static bool place_volume(struct machine_tenant *tenant) {
    char complaint[PARTITION_COMPLAINT];
    struct disk_grant *disk = &tenant->configuration.disks[0];
    if (!tenant->partition || find_partition(tenant, disk, complaint))
        return true;
    report_missing("tenant %s refused: its volume on %s: %s", tenant->configuration.name,
                   disk->device, complaint);
    return false;
}

/* A tenant may be there already: if the operator's own tenant was restarted, the others went on. */
static void start_tenant(unsigned index) {
    struct machine_tenant *tenant = &machine.tenants[index];
    struct tenant_status there;
    uint32_t number;
    enum status status = STATUS_OK;
    if (!place_volume(tenant))
        return;
    if (!control_find_tenant(tenant->configuration.name, &there))
        status = control_tenant_create(&tenant->configuration, &number);
    if (status != STATUS_OK) {
        char why[REFUSAL_TEXT];
        report_missing("tenant %s refused: %s", tenant->configuration.name,
                       refusal_of_tenant(why, &tenant->configuration, status));
        return;
    }
    if (tenant->command)
        start_command(index, 0);
}

/* Before the tenants: their reservations are granted by what a device can do. */
static void describe_device(const struct machine_device *device) {
    struct driver_status driver;
    enum status status = STATUS_BAD_HANDLE;
    if (control_find_driver(device->name, &driver))
        status = control_device_model(driver.driver, &device->model);
    if (status == STATUS_BAD_HANDLE)
        report_missing("device %s: there is none", device->name);
    else if (status != STATUS_OK)
        report_missing("device %s: its costs are refused: %s", device->name, status_text(status));
}

static void allow_peer(const char *name, const char *peer) {
    struct tenant_status one, other;
    if (!control_find_tenant(name, &one))
        return; /* that it is missing was reported */
    enum status status = control_find_tenant(peer, &other)
                             ? control_network_allow(one.tenant, other.tenant, true)
                             : STATUS_BAD_HANDLE;
    if (status != STATUS_OK)
        report_missing("tenant %s: may not talk to %s: %s", name, peer, status_text(status));
}

static void allow_peers(const struct machine_tenant *tenant) {
    for (char **peer = tenant->peers; peer && *peer; peer++)
        allow_peer(tenant->configuration.name, *peer);
}

void machine_start(void) {
    char complaint[COMPLAINT_TEXT];
    char *text = read_file(MACHINE_FILE);
    if (!text) {
        report_missing("%s: %s: no tenants are started", MACHINE_FILE, strerror(errno));
        return;
    }
    bool good = machine_parse(&machine, text, complaint);
    free(text);
    holders = good ? calloc(machine.count + 1, sizeof *holders) : NULL;
    if (!holders) {
        report_missing("%s: %s: no tenants are started", MACHINE_FILE,
                       good ? "out of memory" : complaint);
        return;
    }
    for (unsigned i = 0; i < machine.device_count; i++)
        describe_device(&machine.devices[i]);
    for (unsigned i = 0; i < machine.count; i++)
        start_tenant(i);
    for (unsigned i = 0; i < machine.count; i++)
        allow_peers(&machine.tenants[i]);
}

static void report_end(const char *tenant, const char *program, int status) {
    if (status == NOT_FOUND || status == CANNOT_RUN)
        report_missing("tenant %s: its command cannot start: %s: %s", tenant, program,
                       status == NOT_FOUND ? "not found" : "cannot be run");
    else
        report("tenant %s: its command ended with status %d", tenant, status);
}

void machine_child_ended(pid_t pid, int status) {
    for (unsigned i = 0; i < machine.count; i++) {
        const struct tenant_configuration *configuration = &machine.tenants[i].configuration;
        if (!holders || holders[i] != pid)
            continue;
        holders[i] = 0;
        if (WIFEXITED(status) && WEXITSTATUS(status) == KILLED && configuration->restart)
            start_command(i, RESTART_SECONDS);
        else
            report_end(configuration->name, machine.tenants[i].command[0],
                       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
}
