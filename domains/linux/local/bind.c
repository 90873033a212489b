// SPDX-License-Identifier: MIT
/*
 * Names: who has one, and who is found by it. A path leads to a node, which leads to its socket as long as that is open.
 */
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/device/random.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/open.h"
#include "domains/linux/file/permission.h"
#include "domains/linux/local/local.h"

#define CHOSEN_BYTES 6u        /* a NUL and five digits, as bind(2) chooses */
#define CHOSEN_MOST  0x100000u /* of five digits */
#define CHOSEN_TRIES 64u
#define BUCKETS      64u

static struct local *abstract[BUCKETS];

/* ---- Having a name ---- */

static struct local **bucket_of(const struct local_name *name) {
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (uint32_t n = 0; n < name->bytes; n++)
        hash = (hash ^ (uint8_t)name->text[n]) * 16777619u;
    return &abstract[hash % BUCKETS];
}

/* Types have names of their own. */
static struct local *find_abstract(const struct local_name *name, uint32_t type) {
    struct local *local = *bucket_of(name);
    while (local != NULL &&
           !(local->socket->type == type && local_names_are_equal(local->name, name)))
        local = local->same_hash;
    return local;
}

static int bind_abstract(struct local *local, struct local_name *name) {
    struct local **bucket = bucket_of(name);
    if (find_abstract(name, local->socket->type) != NULL)
        return -EADDRINUSE;
    local->name = local_name_hold(name);
    local->is_abstract = true;
    local->same_hash = *bucket;
    *bucket = local;
    return 0;
}

static int choose_name(struct local *local) {
    for (uint32_t tries = 0; tries < CHOSEN_TRIES; tries++) {
        char text[CHOSEN_BYTES + 1] = {0};
        uint32_t number;
        random_bytes(&number, sizeof number);
        text_format(text + 1, CHOSEN_BYTES, "%05x", number % CHOSEN_MOST);
        struct local_name *name = local_name_make(text, CHOSEN_BYTES);
        if (name == NULL)
            return -ENOMEM;
        int error = bind_abstract(local, name);
        local_name_release(name);
        if (error == 0)
            return 0;
    }
    return -ENOSPC;
}

static int bind_path(struct local *local, struct local_name *name) {
    int error = make_socket_node(name->text, local->socket->mode, &local->node);
    if (error != 0)
        return error == -EEXIST ? -EADDRINUSE : error;
    local->node.inode->private = local;
    local->name = local_name_hold(name);
    return 0;
}

/* At the socket's end. The name stays for those who ask whom they were connected to. */
void local_forget_name(struct local *local) {
    struct local **link;
    if (local->node.inode != NULL) {
        local->node.inode->private = NULL;
        path_release(&local->node);
    }
    if (!local->is_abstract)
        return;
    for (link = bucket_of(local->name); *link != local;)
        link = &(*link)->same_hash;
    *link = local->same_hash;
    local->is_abstract = false;
}

int local_bind(struct socket *socket, const struct endpoint *name) {
    struct local *local = socket->local;
    if (name->local == NULL)
        return -EINVAL;
    if (name->local->bytes == 0)
        return local->name != NULL ? 0 : choose_name(local);
    if (local->name != NULL)
        return -EINVAL;
    return local_name_is_path(name->local) ? bind_path(local, name->local)
                                           : bind_abstract(local, name->local);
}

int local_name_of(struct socket *socket, bool of_peer, struct endpoint *name) {
    const struct local *local = of_peer ? socket->local->other : socket->local;
    if (local == NULL)
        return -ENOTCONN;
    *name = (struct endpoint){.local = local_name_hold(local->name)};
    return 0;
}

/* ---- Being found ---- */

static struct local *find_path(const struct local_name *name, int *error) {
    struct path found;
    struct local *local = NULL;
    char *buffer = path_buffer();
    if (buffer == NULL) {
        *error = -ENOMEM;
        return NULL;
    }
    memcpy(buffer, name->text, name->bytes);
    *error = path_resolve_buffer(AT_FDCWD, buffer, 0, &found);
    if (*error != 0)
        return NULL;
    *error = permission_check(found.inode, MAY_WRITE);
    if (*error == 0 && MODE_IS(found.inode->mode, S_IFSOCK))
        local = found.inode->private;
    path_release(&found);
    return local;
}

struct local *local_find(const struct socket *socket, const struct local_name *name, int *error) {
    struct local *local;
    *error = 0;
    if (name == NULL || name->bytes == 0)
        *error = -EINVAL;
    if (*error != 0)
        return NULL;
    local = local_name_is_path(name) ? find_path(name, error) : find_abstract(name, socket->type);
    if (*error == 0 && (local == NULL || local->socket == NULL))
        *error = -ECONNREFUSED;
    if (*error == 0 && local->socket->type != socket->type)
        *error = -EPROTOTYPE;
    return *error == 0 ? local_hold(local) : NULL;
}
