// SPDX-License-Identifier: MIT
/*
 * A name of AF_UNIX as sockaddr_un has it: a path with its NUL, or an abstract name, which begins with one. Counted: a socket
 * and the messages that it has sent share it.
 */
#ifndef DOMAINS_LINUX_LOCAL_NAME_H
#define DOMAINS_LINUX_LOCAL_NAME_H

#include <stdbool.h>
#include <stdint.h>

#define LOCAL_NAME_MOST 108u

struct local_name {
    uint32_t references;
    uint32_t bytes; /* of text; 0: none yet, bind() chooses one */
    char text[LOCAL_NAME_MOST + 1];
};

struct local_name *local_name_make(const char *text, uint32_t bytes); /* NULL: no memory */
struct local_name *local_name_hold(struct local_name *name);          /* NULL stays NULL */
void local_name_release(struct local_name *name);
bool local_name_is_path(const struct local_name *name);
bool local_names_are_equal(const struct local_name *one, const struct local_name *two);

#endif
