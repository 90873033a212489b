// SPDX-License-Identifier: MIT
/*
 * The flags of clone and unshare: what a new process or thread shares with its maker, or gets of its own.
 */
#ifndef DOMAINS_LINUX_PROCESS_CLONE_H
#define DOMAINS_LINUX_PROCESS_CLONE_H

#include "domains/linux/errno.h"
#include "domains/linux/process/process.h"

#define CLONE_SIGNAL         0x000000FFu
#define CLONE_VM             0x00000100u
#define CLONE_FS             0x00000200u
#define CLONE_FILES          0x00000400u
#define CLONE_SIGHAND        0x00000800u
#define CLONE_PTRACE         0x00002000u
#define CLONE_VFORK          0x00004000u
#define CLONE_PARENT         0x00008000u
#define CLONE_THREAD         0x00010000u
#define CLONE_SYSVSEM        0x00040000u
#define CLONE_SETTLS         0x00080000u
#define CLONE_PARENT_SETTID  0x00100000u
#define CLONE_CHILD_CLEARTID 0x00200000u
#define CLONE_DETACHED       0x00400000u
#define CLONE_UNTRACED       0x00800000u
#define CLONE_CHILD_SETTID   0x01000000u
#define CLONE_IO             0x80000000u

/* A tenant has one namespace of each kind. CLONE_NEWTIME is unshare's alone: for clone that bit is the signal's. */
#define CLONE_NEWTIME   0x00000080u
#define CLONE_NEWNS     0x00020000u
#define CLONE_NEWCGROUP 0x02000000u
#define CLONE_NEWUTS    0x04000000u
#define CLONE_NEWIPC    0x08000000u
#define CLONE_NEWUSER   0x10000000u
#define CLONE_NEWPID    0x20000000u
#define CLONE_NEWNET    0x40000000u
#define CLONE_NAMESPACES                                                                           \
    (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID |  \
     CLONE_NEWNET)

/* Why there is no new one, as Linux answers that was built without them. */
static inline int no_namespaces(uint32_t flags) {
    bool may_ask = flags & CLONE_NEWUSER || current_process()->euid == 0;
    return may_ask ? -EINVAL : -EPERM;
}

#endif
