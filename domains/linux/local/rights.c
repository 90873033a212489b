// SPDX-License-Identifier: MIT
#include "domains/linux/local/rights.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"

#define FILES_UNDER_WAY_MOST 1024u

#define SCM_RIGHTS      1u
#define SCM_CREDENTIALS 2u

struct control { /* struct cmsghdr */
    uint32_t bytes, level, type;
};

static uint32_t files_under_way;
static struct rights *doomed;

/* ---- Lives ---- */

struct rights *rights_make(uint32_t count) {
    struct rights *rights = heap_allocate(sizeof *rights + count * sizeof rights->files[0]);
    return rights;
}

static void release_one(struct rights *rights) {
    files_under_way -= rights->count;
    for (uint32_t n = 0; n < rights->count; n++)
        if (rights->files[n] != NULL)
            file_release(rights->files[n]);
    heap_free(rights);
}

/* A file may be a socket whose queue holds files that are sockets, and so on: one after another, not one in another. */
void rights_release(struct rights *rights) {
    static bool releasing;
    if (rights == NULL)
        return;
    rights->next = doomed;
    doomed = rights;
    if (releasing)
        return;
    releasing = true;
    while (doomed != NULL) {
        struct rights *first = doomed;
        doomed = first->next;
        release_one(first);
    }
    releasing = false;
}

/* ---- From a program ---- */

static int take_files(struct rights *rights, uint32_t user, uint32_t count) {
    for (uint32_t n = 0; n < count; n++) {
        uint32_t descriptor;
        if (copy_in(&descriptor, user + n * (uint32_t)sizeof descriptor, sizeof descriptor) != 0)
            return -EFAULT;
        struct file *file = descriptor_file(descriptor);
        if (file == NULL)
            return -EBADF;
        rights->files[rights->count++] = file;
        files_under_way++;
    }
    return 0;
}

/* Who is not root tells the truth. */
static int take_credentials(struct rights *rights, uint32_t user, uint32_t bytes) {
    const struct process *process = current_process();
    struct local_credentials *told = &rights->credentials;
    if (bytes != sizeof *told)
        return -EINVAL;
    if (copy_in(told, user, sizeof *told) != 0)
        return -EFAULT;
    rights->has_credentials = true;
    if (process->euid == 0)
        return 0;
    bool is_true = told->pid == (uint32_t)process->pid &&
                   (told->uid == process->uid || told->uid == process->euid) &&
                   (told->gid == process->gid || told->gid == process->egid);
    return is_true ? 0 : -EPERM;
}

static int take(struct rights *rights, uint32_t room, const struct control *control,
                uint32_t user) {
    uint32_t bytes = control->bytes - (uint32_t)sizeof *control;
    uint32_t data = user + (uint32_t)sizeof *control;
    if (control->level != SOL_SOCKET)
        return 0;
    if (control->type == SCM_CREDENTIALS)
        return take_credentials(rights, data, bytes);
    if (control->type != SCM_RIGHTS)
        return -EINVAL;
    uint32_t count = bytes / (uint32_t)sizeof(uint32_t);
    if (count > room - rights->count)
        return -EINVAL;
    if (count > FILES_UNDER_WAY_MOST - files_under_way)
        return -ETOOMANYREFS;
    return take_files(rights, data, count);
}

static int take_all(struct rights *rights, uint32_t room, uint32_t user, uint32_t bytes) {
    struct control control;
    int error = 0;
    for (uint32_t at = 0, step; error == 0 && bytes - at >= sizeof control; at += step) {
        if (copy_in(&control, user + at, sizeof control) != 0)
            return -EFAULT;
        if (control.bytes < sizeof control || control.bytes > bytes - at)
            return -EINVAL;
        step = (control.bytes + 3) & ~3u;
        error = take(rights, room, &control, user + at);
        if (step > bytes - at)
            break;
    }
    return error;
}

int rights_read(uint32_t user, uint32_t bytes, struct rights **rights) {
    uint32_t room = bytes / (uint32_t)sizeof(uint32_t);
    *rights = NULL;
    if (bytes < sizeof(struct control))
        return 0;
    *rights = rights_make(room < RIGHTS_FILES_MOST ? room : RIGHTS_FILES_MOST);
    if (*rights == NULL)
        return -ENOBUFS;
    int error = take_all(*rights, room < RIGHTS_FILES_MOST ? room : RIGHTS_FILES_MOST, user, bytes);
    if (error == 0)
        return 0;
    rights_release(*rights);
    *rights = NULL;
    return error;
}

/* ---- To a program ---- */

struct place {
    uint32_t user, room, used;
};

static int put_header(struct place *place, uint32_t type, uint32_t bytes) {
    struct control control = {(uint32_t)sizeof control + bytes, SOL_SOCKET, type};
    return copy_out(place->user + place->used, &control, sizeof control);
}

static void advance(struct place *place, uint32_t bytes) {
    uint32_t step = (uint32_t)sizeof(struct control) + ((bytes + 3) & ~3u);
    place->used += step < place->room - place->used ? step : place->room - place->used;
}

static bool has_room(const struct place *place, uint32_t bytes) {
    return place->room - place->used >= sizeof(struct control) + bytes;
}

static int put_credentials(struct place *place, const struct local_credentials *credentials) {
    if (!has_room(place, sizeof *credentials))
        return MSG_CTRUNC;
    if (put_header(place, SCM_CREDENTIALS, sizeof *credentials) != 0 ||
        copy_out(place->user + place->used + (uint32_t)sizeof(struct control), credentials,
                 sizeof *credentials) != 0)
        return -EFAULT;
    advance(place, sizeof *credentials);
    return 0;
}

/* The first files that find room, in the control buffer and in the table. The others are closed with the message. */
static int put_files(struct place *place, struct rights *rights, uint32_t flags) {
    uint32_t put = 0, number_bytes = sizeof(uint32_t);
    uint32_t data = place->user + place->used + (uint32_t)sizeof(struct control);
    while (put < rights->count && has_room(place, (put + 1) * number_bytes)) {
        file_hold(rights->files[put]);
        int32_t descriptor =
            install_or_release(rights->files[put], (flags & MSG_CMSG_CLOEXEC) != 0 ? O_CLOEXEC : 0);
        if (descriptor < 0)
            break;
        if (copy_out(data + put * number_bytes, &descriptor, number_bytes) != 0)
            return -EFAULT;
        put++;
    }
    if (put > 0 && put_header(place, SCM_RIGHTS, put * number_bytes) != 0)
        return -EFAULT;
    if (put > 0)
        advance(place, put * number_bytes);
    return put < rights->count ? MSG_CTRUNC : 0;
}

int rights_write(struct rights *rights, bool wants_credentials, uint32_t user, uint32_t room,
                 uint32_t flags, uint32_t *used) {
    struct place place = {.user = user, .room = room};
    int result = 0, more = 0;
    if (rights != NULL && wants_credentials)
        result = put_credentials(&place, &rights->credentials);
    if (rights != NULL && rights->count > 0 && result >= 0)
        more = put_files(&place, rights, flags);
    *used = place.used;
    return result < 0 ? result : more < 0 ? more : result | more;
}
