// SPDX-License-Identifier: MIT
/*
 * A tenant's configuration from KEY=VALUE words, as `rfctl create` and `rfctl set` take them.
 */
#ifndef USERLAND_LIB_CONFIGURATION_H
#define USERLAND_LIB_CONFIGURATION_H

#include "kernel/abi/control.h"

#include <stdbool.h>
#include <stdint.h>

#define COMPLAINT_TEXT 200 /* room for what is wrong, with the key in it */

#define CPU_PERCENT_MAX 800 /* eight CPUs */

/* The values for what is not said: the Linux manager, image "base", weight 100, cap 100 %, restart.
 * false: the name is none ("a-z, 0-9, -, at most 31"). */
bool configuration_start(struct tenant_configuration *configuration, const char *name,
                         char complaint[COMPLAINT_TEXT]);
/* Applies one KEY=VALUE. */
bool configuration_apply(struct tenant_configuration *configuration, const char *assignment,
                         char complaint[COMPLAINT_TEXT]);
/* Everything that is needed was said, and fits together. */
bool configuration_check(const struct tenant_configuration *configuration,
                         char complaint[COMPLAINT_TEXT]);

/* No key stands in two of the words. */
bool configuration_is_said_once(int count, char *const words[], char complaint[COMPLAINT_TEXT]);

/* KEY=VALUE for a running tenant: what the control gate takes. */
bool configuration_change(struct tenant_change *change, const char *assignment,
                          char complaint[COMPLAINT_TEXT]);

#define DISK_SHARE_KEYS                                                                            \
    "  disk.reservation=N    reads of 4 KiB a second that it always gets; 0\n"                     \
    "  disk.weight=N         share of what is left, 1 to 10000; 100\n"                             \
    "  disk.iops=N           most requests in a second; 0 is no limit\n"                           \
    "  disk.bandwidth=SIZE   most bytes in a second; 0 is no limit\n"                              \
    "  disk.burst=N          milliseconds of the limits that may go at once; 100\n"
#define NETWORK_SHARE_KEYS                                                                         \
    "  network.weight=N      share of the wire, 1 to 10000; 100\n"                                 \
    "  network.send-packets=N, network.send-bandwidth=SIZE, network.receive-packets=N,\n"          \
    "  network.receive-bandwidth=SIZE\n"                                                           \
    "                        most in a second; 0 is no limit\n"                                    \
    "  network.burst=N       milliseconds of the limits that may go at once; 100"

/* A line for each key, for --help: all of them with their defaults, and those that can change. */
#define CONFIGURATION_KEYS                                                                         \
    "  memory=SIZE           reserved at once, like 64MiB (needed)\n"                              \
    "  image=NAME            root image of the boot bundle; base\n"                                \
    "  manager=NAME          manager of the boot bundle; linux\n"                                  \
    "  cpu.reservation=N     percent of one CPU that it always gets; 0\n"                          \
    "  cpu.weight=N          share of what is left, 1 to 10000; 100\n"                             \
    "  cpu.cap=N             percent of one CPU, never more; 100\n"                                \
    "  restart=always|never  what happens when its manager died; always\n"                         \
    "  disk.device=NAME      device that holds its volume, like blk0; none\n"                      \
    "  disk.offset=SIZE      where the volume starts; 0\n"                                         \
    "  disk.size=SIZE        of the volume\n" DISK_SHARE_KEYS                                      \
    "  network.device=NAME   network card; net0, if any network key is said\n"                     \
    "  network.address=A/N   like 10.0.2.20/24, or dhcp; dhcp\n"                                   \
    "  network.gateway=A     and network.name-server=A: addresses; none\n"                         \
    "  network.hardware=H    like 52:54:00:12:34:56; made from NAME\n"                             \
    "  network.uplink=on|off whether it reaches the card, or other tenants alone; "                \
    "on\n" NETWORK_SHARE_KEYS
#define CHANGEABLE_KEYS                                                                            \
    "  memory=SIZE           reserved, like 64MiB\n"                                               \
    "  cpu.reservation=N     percent of one CPU that it always gets\n"                             \
    "  cpu.weight=N          share of what is left, 1 to 10000\n"                                  \
    "  cpu.cap=N             percent of one CPU, never more\n"                                     \
    "  restart=always|never  what happens when its manager died\n" DISK_SHARE_KEYS                 \
        NETWORK_SHARE_KEYS

#endif
