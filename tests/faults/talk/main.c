// SPDX-License-Identifier: MIT
/*
 * talk OWNER [PAUSE]: datagrams from tenant red to tenant blue and back, without end, over two cards and the wire between
 * them; red knows what every byte must be. PAUSE: microseconds between two datagrams of a worker.
 *
 * WORKERS processes, each with a port of its own, so that several frames are on their way. A frame may be lost, and what
 * comes late is passed over. Prints, a line each:
 *
 *   ready                             the first datagram has come back
 *   wrong|WORKER|BYTES|KIND           one that is not what was sent
 *   end|WRONG|ERRORS                  of one worker, after /stop was made
 */
#include "tests/faults/workload/block.h"
#include "tests/faults/workload/say.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS      3u
#define PORT         7000u
#define ASKS         'r' /* the tenant that does; the other answers */
#define ANSWERER     "10.0.3.21"
#define BYTES        1024u
#define PATIENCE     20000 /* microseconds for an answer */
#define STOP         "/stop"
#define LOOK_FOR_END 8u /* datagrams */

static struct {
    uint32_t number, owner, wrong;
    int socket;
    uint32_t expected[BLOCK_WORDS], came[BLOCK_WORDS];
} worker;

static void open_socket(const char *to) {
    struct sockaddr_in place = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)(PORT + worker.number))};
    const struct timeval patience = {0, PATIENCE};
    worker.socket = socket(AF_INET, SOCK_DGRAM, 0);
    setsockopt(worker.socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    int error = to ? inet_pton(AF_INET, to, &place.sin_addr) != 1 ||
                         connect(worker.socket, (struct sockaddr *)&place, sizeof place) != 0
                   : bind(worker.socket, (struct sockaddr *)&place, sizeof place) != 0;
    if (worker.socket < 0 || error) {
        perror("talk");
        exit(1);
    }
}

static int is_over(uint32_t count) {
    return count % LOOK_FOR_END == 0 && access(STOP, F_OK) == 0;
}

/* ---- Blue ---- */

static void answer(void) {
    struct sockaddr_in from;
    open_socket(NULL);
    for (uint32_t count = 0; !is_over(count); count++) {
        socklen_t length = sizeof from;
        ssize_t bytes =
            recvfrom(worker.socket, worker.came, BYTES, 0, (struct sockaddr *)&from, &length);
        if (bytes > 0)
            sendto(worker.socket, worker.came, (size_t)bytes, 0, (struct sockaddr *)&from, length);
    }
}

/* ---- Red ---- */

static void judge(struct block_stamp stamp) {
    uint32_t bytes = 0;
    for (uint32_t n = 0; n < BYTES; n++)
        bytes += ((uint8_t *)worker.came)[n] != ((uint8_t *)worker.expected)[n];
    if (bytes == 0)
        return;
    worker.wrong += bytes;
    SAY("wrong|%u|%u|%s\n", stamp.place, bytes, block_kind(worker.came, stamp));
}

/* The answer to one of before is passed over: it was asked for, and given up. */
static int is_late(struct block_stamp stamp) {
    const struct block_stamp said = {worker.came[1], worker.came[2], worker.came[3]};
    if (said.owner != stamp.owner || said.place != stamp.place ||
        said.generation >= stamp.generation)
        return 0;
    block_fill(worker.expected, said);
    return memcmp(worker.came, worker.expected, BYTES) == 0;
}

/* Whether an answer came. */
static int ask(struct block_stamp stamp) {
    block_fill(worker.expected, stamp);
    send(worker.socket, worker.expected, BYTES, 0);
    while (recv(worker.socket, worker.came, BYTES, 0) == (ssize_t)BYTES) {
        if (is_late(stamp))
            continue;
        block_fill(worker.expected, stamp);
        judge(stamp);
        return 1;
    }
    return 0;
}

static void ask_all(int is_ready, useconds_t pause) {
    struct block_stamp stamp = {worker.owner, worker.number, 0};
    open_socket(ANSWERER);
    do
        stamp.generation++;
    while (!ask(stamp) && !is_over(stamp.generation));
    close(is_ready);
    while (!is_over(stamp.generation++)) {
        ask(stamp);
        if (pause != 0)
            usleep(pause);
    }
}

static void work(uint32_t number, uint32_t owner, int is_ready, useconds_t pause) {
    worker.number = number;
    worker.owner = owner;
    if (owner == ASKS)
        ask_all(is_ready, pause);
    else
        close(is_ready), answer();
    SAY("end|%u|0\n", worker.wrong);
    exit(0);
}

int main(int count, char **words) {
    int ready[2];
    char nothing;
    if (count < 2 || pipe(ready) < 0)
        return 1;
    for (uint32_t n = 0; n < WORKERS; n++)
        if (fork() == 0)
            work(n, (uint8_t)words[1][0], ready[1], count > 2 ? (useconds_t)atoi(words[2]) : 0);
    close(ready[1]);
    if (read(ready[0], &nothing, 1) == 0) /* all of them have closed it */
        SAY("ready\n");
    while (wait(NULL) > 0)
        ;
    return 0;
}
