// SPDX-License-Identifier: MIT
/*
 * What goes with the bytes of a message: open files (SCM_RIGHTS), and who sent it (SCM_CREDENTIALS).
 *
 *   sendmsg ──rights_read()──> exchange.rights ──> the message ──> exchange.rights ──rights_write()──> recvmsg
 *
 * Files on their way are counted, and bounded. Sockets that are on their way through each other: collect.c.
 */
#ifndef DOMAINS_LINUX_LOCAL_RIGHTS_H
#define DOMAINS_LINUX_LOCAL_RIGHTS_H

#include "domains/linux/local/local.h"

#define RIGHTS_FILES_MOST 253u /* of one message, SCM_MAX_FD */

struct rights {
    struct local_credentials credentials;
    bool has_credentials; /* the sender named them */
    uint32_t count;
    struct rights *next; /* of those that are to be released */
    struct file *files[];
};

/* Room for so many files; NULL: no memory. */
struct rights *rights_make(uint32_t count);
/* The same credentials, without files; NULL: there were none, or no memory. */
struct rights *rights_of_same_sender(const struct rights *rights);
/* Their message lies in a queue from now on, or no longer. NULL is nothing. */
void rights_take_off(const struct rights *rights);
void rights_land(const struct rights *rights);
/* Closes the files. NULL is nothing. */
void rights_release(struct rights *rights);

/* The control messages of a sendmsg(): 0 with *rights (NULL: there are none), or a negative errno. */
int rights_read(uint32_t user, uint32_t bytes, struct rights **rights);
/* Puts them into `room` bytes at `user`, and the files into the process's table; *used bytes of it are used. `flags`: of
 * recvmsg(). 0 or MSG_CTRUNC: something found no room. */
uint32_t rights_write(const struct rights *rights, bool wants_credentials, uint32_t user,
                      uint32_t room, uint32_t flags, uint32_t *used);

#endif
