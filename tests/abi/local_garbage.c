// SPDX-License-Identifier: MIT
/*
 * AF_UNIX: sockets that are on their way through each other come to an end when no descriptor leads to them, whatever the way:
 * their peers hear of it, their names are free, and they do not use up what a program may send.
 */
#include "tests/abi/check.h"
#include "tests/abi/rights.h"

#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#define ROUNDS    3000
#define REACHABLE 500

/* Bytes without files, as many as go. */
static void fill(int by) {
    static char bytes[16000];
    while (send(by, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
        continue;
}

/* On Linux the close() of a socket that is in flight looks for no garbage, and that of another does. */
static void close_another(void) {
    close(socket(AF_UNIX, SOCK_STREAM, 0));
}

static short events_of(int one, int patience) {
    struct pollfd look = {one, POLLIN, 0};
    poll(&look, 1, patience);
    return look.revents;
}

/* A listener, under a name that is chosen, that holds itself: in the queue of an end that waits to be accepted. */
static int circle_through_a_backlog(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    socklen_t bytes = sizeof name;
    int listens = socket(AF_UNIX, SOCK_STREAM, 0), one = socket(AF_UNIX, SOCK_STREAM, 0);
    int made = bind(listens, (void *)&name, sizeof(sa_family_t)) == 0 && listen(listens, 5) == 0 &&
               getsockname(listens, (void *)&name, &bytes) == 0 &&
               connect(one, (void *)&name, bytes) == 0 && send_files(one, &listens, 1, "x") == 1;
    if (made)
        fill(one);
    close(listens);
    close(one);
    return made;
}

static void circles_may_lead_through_a_backlog(void) {
    int made = 0;
    for (int n = 0; n < ROUNDS; n++)
        made += circle_through_a_backlog();
    CHECK(made == ROUNDS);
}

static int circle(void) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        return 0;
    int made = send_files(ends[0], &ends[1], 1, "x") == 1;
    close(ends[0]);
    close(ends[1]);
    return made;
}

/* What can be reached takes a half of what may be under way; circles come and go beside it. */
static void circles_leave_room_for_others(void) {
    int kept[2], files[RIGHTS_MOST] = {0}, made = 0;
    char text[4];
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, kept) == 0);
    for (int n = 0; n < REACHABLE; n += 250)
        CHECK(send_files(kept[0], files, 250, "x") == 1);
    for (int n = 0; n < ROUNDS; n++)
        made += circle();
    CHECK(made == ROUNDS);
    for (int n = 0; n < REACHABLE; n += 250)
        CHECK(read(kept[1], text, sizeof text) == 1);
    close(kept[0]);
    close(kept[1]);
}

/* One circle, and a connection in it. */
static void a_small_circle_ends_too(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "\0garbage"};
    socklen_t bytes = offsetof(struct sockaddr_un, sun_path) + 8;
    int ends[2], connection[2], again = socket(AF_UNIX, SOCK_DGRAM, 0);
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends) == 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, connection) == 0);
    CHECK(bind(ends[1], (void *)&name, bytes) == 0);
    int files[2] = {ends[1], connection[1]};
    CHECK(send_files(ends[0], files, 2, "x") == 1);
    close(ends[0]);
    close(connection[1]);
    CHECK(events_of(connection[0], 0) == 0);
    close(ends[1]); /* in flight: the socket itself does not end by this */
    close_another();
    CHECK((events_of(connection[0], 5000) & POLLHUP) != 0);
    CHECK(bind(again, (void *)&name, bytes) == 0);
    close(again);
    close(connection[0]);
}

/* A circle that hangs on a connection that waits at a listener that is in flight. */
static void what_is_reached_stays(void) {
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    socklen_t bytes = sizeof name;
    int kept[2], inner[2], listens = socket(AF_UNIX, SOCK_STREAM, 0);
    int one = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(listens, (void *)&name, sizeof(sa_family_t)) == 0 && listen(listens, 5) == 0);
    CHECK(getsockname(listens, (void *)&name, &bytes) == 0);
    CHECK(connect(one, (void *)&name, bytes) == 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, kept) == 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, inner) == 0);
    CHECK(send_files(one, &inner[1], 1, "x") == 1);      /* a pending end has it */
    CHECK(send_files(kept[0], &listens, 1, "x") == 1);   /* its listener is in flight */
    CHECK(send_files(inner[0], &inner[1], 1, "x") == 1); /* and a circle in it */
    close(inner[1]);
    close(listens);
    for (int n = 0; n < 100; n++)
        CHECK(circle());
    usleep(50000);
    CHECK(events_of(inner[0], 0) == 0 && send(inner[0], "x", 1, 0) == 1);
    close(kept[1]);
    close_another();
    CHECK((events_of(inner[0], 5000) & POLLHUP) != 0);
    close(kept[0]);
    close(inner[0]);
    close(one);
}

int main(void) {
    circles_may_lead_through_a_backlog();
    circles_leave_room_for_others();
    a_small_circle_ends_too();
    what_is_reached_stays();
    return verdict();
}
