// SPDX-License-Identifier: MIT
/*
 * uname, sethostname, setdomainname. The release is that of the Linux whose i386 calls are offered.
 */
#include "domains/linux/system/host.h"
#include "domains/linux/entry/call.h"

#include "domains/lib/information.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/process.h"

static struct host_names names = {
    .system = "Linux",
    .release = "6.1.0-ringfence",
    .version = "Ringfence",
    .machine = "i686",
    .domain = "(none)",
};

struct host_names *host_names(void) {
    if (names.node[0] == '\0')
        for (uint32_t i = 0; i < TENANT_NAME - 1; i++)
            names.node[i] = information()->name[i];
    return &names;
}

SYSTEM_CALL_1(uname, result) {
    const struct host_names shown = *host_names();
    return copy_out(result, &shown, sizeof(shown));
}

static int32_t set(char *name, uint32_t address, uint32_t bytes) {
    char wanted[HOST_NAME_BYTES] = {0};
    if (current_process()->euid != 0)
        return -EPERM;
    if (bytes >= HOST_NAME_BYTES)
        return -EINVAL;
    if (copy_in(wanted, address, bytes) != 0)
        return -EFAULT;
    memcpy(name, wanted, sizeof(wanted));
    return 0;
}

SYSTEM_CALL_2(sethostname, address, bytes) {
    return set(names.node, address, bytes);
}

SYSTEM_CALL_2(setdomainname, address, bytes) {
    return set(names.domain, address, bytes);
}
