// SPDX-License-Identifier: MIT
#include "domains/linux/local/rights.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/call.h"

#define FILES_UNDER_WAY_MOST 1024u
#define CONTROL_MOST         20480u /* as net.core.optmem_max */
#define NOBODY               65534u /* the overflow uid and gid */

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

struct rights *rights_of_same_sender(const struct rights *rights) {
    struct rights *same = rights != NULL ? rights_make(0) : NULL;
    if (same != NULL)
        same->credentials = rights->credentials;
    return same;
}

void rights_take_off(const struct rights *rights) {
    for (uint32_t n = 0; rights != NULL && n < rights->count; n++)
        file_take_off(rights->files[n]);
}

void rights_land(const struct rights *rights) {
    for (uint32_t n = 0; rights != NULL && n < rights->count; n++)
        file_land(rights->files[n]);
}

static void release_one(struct rights *rights) {
    files_under_way -= rights->count;
    for (uint32_t n = 0; n < rights->count; n++)
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

/* No copy in between: files_under_way is as it was looked at. */
static int take_numbered(struct rights *rights, const uint32_t *numbers, uint32_t count) {
    if (files_under_way + count > FILES_UNDER_WAY_MOST)
        local_collect_now();
    if (files_under_way + count > FILES_UNDER_WAY_MOST)
        return -ETOOMANYREFS;
    for (uint32_t n = 0; n < count; n++) {
        struct file *file = descriptor_file(numbers[n]);
        if (file == NULL)
            return -EBADF;
        rights->files[rights->count++] = file;
        files_under_way++;
    }
    return 0;
}

static int take_files(struct rights *rights, uint32_t user, uint32_t count) {
    uint32_t bytes = count * (uint32_t)sizeof(uint32_t);
    uint32_t *numbers = heap_allocate(bytes != 0 ? bytes : 1);
    if (numbers == NULL)
        return -ENOMEM;
    int error = copy_in(numbers, user, bytes) != 0 ? -EFAULT : 0;
    if (error == 0)
        error = take_numbered(rights, numbers, count);
    heap_free(numbers);
    return error;
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
        return process_find((int32_t)told->pid) != NULL ? 0 : -ESRCH;
    bool is_true = told->pid == (uint32_t)process->pid &&
                   (told->uid == process->uid || told->uid == process->euid) &&
                   (told->gid == process->gid || told->gid == process->egid);
    return is_true ? 0 : -EPERM;
}

static bool is_of_files(const struct control *control) {
    return control->level == SOL_SOCKET && control->type == SCM_RIGHTS;
}

static uint32_t files_in(const struct control *control) {
    return (control->bytes - (uint32_t)sizeof *control) / (uint32_t)sizeof(uint32_t);
}

static int take(struct rights *rights, uint32_t room, const struct control *control,
                uint32_t user) {
    uint32_t data = user + (uint32_t)sizeof *control;
    if (control->level != SOL_SOCKET)
        return 0;
    if (control->type == SCM_CREDENTIALS)
        return take_credentials(rights, data, control->bytes - (uint32_t)sizeof *control);
    if (control->type != SCM_RIGHTS || files_in(control) > room - rights->count)
        return -EINVAL;
    return take_files(rights, data, files_in(control));
}

/* The control message `at` bytes behind `user`; how far the next one is, 0: there is none, or an errno. */
static int read_control(uint32_t user, uint32_t at, uint32_t bytes, struct control *control) {
    if (at >= bytes || bytes - at < sizeof *control)
        return 0;
    if (copy_in(control, user + at, sizeof *control) != 0)
        return -EFAULT;
    if (control->bytes < sizeof *control || control->bytes > bytes - at)
        return -EINVAL;
    return (int)((control->bytes + 3) & ~3u);
}

/* How many files there are, if the program does not change that meanwhile. */
static int count_files(uint32_t user, uint32_t bytes, uint32_t *count) {
    struct control control;
    int step;
    *count = 0;
    for (uint32_t at = 0; (step = read_control(user, at, bytes, &control)) > 0;
         at += (uint32_t)step)
        *count += is_of_files(&control) ? files_in(&control) : 0;
    if (step == 0 && *count > RIGHTS_FILES_MOST)
        return -EINVAL;
    return step;
}

static int take_all(struct rights *rights, uint32_t room, uint32_t user, uint32_t bytes) {
    struct control control;
    int step, error = 0;
    for (uint32_t at = 0; error == 0 && (step = read_control(user, at, bytes, &control)) != 0;
         at += (uint32_t)step)
        error = step < 0 ? step : take(rights, room, &control, user + at);
    return error;
}

int rights_read(uint32_t user, uint32_t bytes, struct rights **rights) {
    uint32_t room;
    *rights = NULL;
    if (bytes > CONTROL_MOST)
        return -ENOBUFS;
    int error = bytes != 0 ? count_files(user, bytes, &room) : 0;
    if (error != 0 || bytes < sizeof(struct control))
        return error;
    *rights = rights_make(room);
    if (*rights == NULL)
        return -ENOBUFS;
    error = take_all(*rights, room, user, bytes);
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

/* Memory that cannot be written is as on Linux: what was to lie there is left out. */
static uint32_t put_credentials(struct place *place, const struct local_credentials *credentials) {
    uint32_t data = place->user + place->used + (uint32_t)sizeof(struct control);
    if (!has_room(place, sizeof *credentials))
        return MSG_CTRUNC;
    if (put_header(place, SCM_CREDENTIALS, sizeof *credentials) == 0 &&
        copy_out(data, credentials, sizeof *credentials) == 0)
        advance(place, sizeof *credentials);
    return 0;
}

/* Its number has room before the file has a number: nobody would know of it, and close it. */
static bool put_file(struct file *file, uint32_t user, uint32_t flags) {
    int32_t descriptor = 0;
    if (copy_out(user, &descriptor, sizeof descriptor) != 0)
        return false;
    file_hold(file);
    descriptor = install_or_release(file, (flags & MSG_CMSG_CLOEXEC) != 0 ? O_CLOEXEC : 0);
    return descriptor >= 0 && copy_out(user, &descriptor, sizeof descriptor) == 0;
}

/* The first files that find room, in the control buffer and in the table. The others are closed with the message. */
static uint32_t put_files(struct place *place, const struct rights *rights, uint32_t flags) {
    uint32_t put = 0, number_bytes = sizeof(uint32_t);
    uint32_t data = place->user + place->used + (uint32_t)sizeof(struct control);
    while (put < rights->count && has_room(place, (put + 1) * number_bytes) &&
           put_file(rights->files[put], data + put * number_bytes, flags))
        put++;
    if (put > 0 && put_header(place, SCM_RIGHTS, put * number_bytes) == 0)
        advance(place, put * number_bytes);
    return put < rights->count ? MSG_CTRUNC : 0;
}

uint32_t rights_write(const struct rights *rights, bool wants_credentials, uint32_t user,
                      uint32_t room, uint32_t flags, uint32_t *used) {
    static const struct local_credentials nobody = {0, NOBODY, NOBODY};
    struct place place = {.user = user, .room = room};
    uint32_t result = 0;
    if (wants_credentials)
        result = put_credentials(&place, rights != NULL ? &rights->credentials : &nobody);
    if (rights != NULL && rights->count > 0)
        result |= put_files(&place, rights, flags);
    *used = place.used;
    return result;
}
