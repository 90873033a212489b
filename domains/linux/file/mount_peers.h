// SPDX-License-Identifier: MIT
/*
 * Mounts that follow each other: what is mounted or unmounted below one of a group is mounted or unmounted below all of its peers,
 * and below those that follow the group, but not the other way.
 *
 *     group 1    A ═ B            A and B have group 1
 *                  ║
 *                  ╠══> C ═ D     C and D have group 2 and master 1
 *                  ╚══> E         E has no group and master 1
 *
 * What is mounted on a place of A has copies on the same place of B, C, D and E where they show it. The copies are to each other
 * what A to E are. A group is nothing but its number: it ends with its last member, and who followed it follows its master.
 */
#ifndef DOMAINS_LINUX_FILE_MOUNT_PEERS_H
#define DOMAINS_LINUX_FILE_MOUNT_PEERS_H

#include "domains/linux/file/mount.h"

/* mount(2)'s. */
#define MS_UNBINDABLE  0x20000u
#define MS_PRIVATE     0x40000u
#define MS_SLAVE       0x80000u
#define MS_SHARED      0x100000u
#define MS_PROPAGATION (MS_UNBINDABLE | MS_PRIVATE | MS_SLAVE | MS_SHARED)

/* Gives the mount a group (MS_SHARED), has it follow the one that it had (MS_SLAVE), or takes it out of all. */
void mount_change_peers(struct mount *mount, uint32_t type);
/* Copies what was just put on a place to where the mount around it has peers and followers. Nothing is changed on an error. */
int mount_repeat(struct mount *mount);
/* The copies of a mount: of each the next, from `*peer` on, which is NULL at first; NULL: no more. One that something else is
 * mounted in than on its root is none. */
struct mount *mount_next_copy(const struct mount *mount, struct mount **peer);

#endif
