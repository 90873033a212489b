// SPDX-License-Identifier: MIT
/*
 * The well-behaved tenant's fixed workload: `work AT SECONDS REQUESTS SEED [DEVICE|ADDRESS]`.
 *
 *   AT                   AT + SECONDS, and one more
 *   |   as much as it can     |   REQUESTS, each at its time
 *
 * AT is in whole seconds of CLOCK_MONOTONIC, so that tenants which begin at different times measure at the same
 * one, in each run alike. "work N" is the number of turns in the first part: memory copied and summed up, pages
 * mapped, touched and unmapped, a file written, read and removed. With a DEVICE a turn is a direct read of 4 KiB
 * at a random place instead; with an ADDRESS a question to the work there, by UDP, and its answer: each work has a child
 * that answers. "late N ..." are nanoseconds from the time at which a request was to come until it
 * was done; a request is one turn. The times come from SEED and are fixed beforehand: a late request does
 * not shift those that follow, and a queue shows.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define NANOSECONDS 1000000000ll
#define COPY_BYTES  8192
#define MAP_PAGES   4
#define PAGE        4096
#define FILE_BYTES  4096
#define GAP_LEAST   1000000
#define GAP_SPREAD  4000000u
#define DEVICE_GAPS 4 /* a disk is slower */
#define PORT        7
#define QUESTION    64

static uint32_t random_state;
static int device = -1, network = -1;
static uint32_t device_blocks;

static uint32_t random_number(void) {
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * NANOSECONDS + time.tv_nsec;
}

static void sleep_until(int64_t until) {
    struct timespec time = {.tv_sec = until / NANOSECONDS, .tv_nsec = until % NANOSECONDS};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
}

static void check(bool good, const char *what) {
    if (good)
        return;
    perror(what);
    exit(1);
}

/* ---- A turn -------------------------------------------------------------------------------------- */

static void compute(void) {
    static uint8_t from[COPY_BYTES], to[COPY_BYTES];
    static volatile uint32_t sum;
    uint32_t turn = sum;

    from[turn % COPY_BYTES]++;
    memcpy(to, from, sizeof to);
    for (size_t i = 0; i < sizeof to; i++)
        turn = turn * 31 + to[i];
    sum = turn;
}

static void use_memory(void) {
    char *pages =
        mmap(NULL, MAP_PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    check(pages != MAP_FAILED, "mmap");
    for (size_t page = 0; page < MAP_PAGES; page++)
        pages[page * PAGE] = 1;
    munmap(pages, MAP_PAGES * PAGE);
}

static void use_file(void) {
    static char content[FILE_BYTES];
    int file = open("/tmp/work", O_RDWR | O_CREAT | O_TRUNC, 0600);

    check(file >= 0, "/tmp/work");
    check(pwrite(file, content, sizeof content, 0) == sizeof content, "write");
    check(pread(file, content, sizeof content, 0) == sizeof content, "read");
    close(file);
    unlink("/tmp/work");
}

static void open_device(const char *path) {
    device = open(path, O_RDONLY | O_DIRECT);
    check(device >= 0, path);
    device_blocks = (uint32_t)(lseek(device, 0, SEEK_END) / PAGE);
    check(device_blocks > 0, "the device's size");
}

static void read_device(void) {
    static char block[PAGE] __attribute__((aligned(PAGE)));
    off_t place = (off_t)(random_number() % device_blocks) * PAGE;

    check(pread(device, block, sizeof block, place) == sizeof block, "read of the device");
}

/* ---- The network's users ------------------------------------------------------------------------- */

static int make_socket(struct sockaddr_in *address, const char *text) {
    int made = socket(AF_INET, SOCK_DGRAM, 0);

    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(PORT)};
    check(made >= 0 && inet_pton(AF_INET, text, &address->sin_addr) == 1, text);
    return made;
}

static void answer(void) {
    struct sockaddr_in address, from;
    char question[QUESTION];
    int served = make_socket(&address, "0.0.0.0");

    check(bind(served, (struct sockaddr *)&address, sizeof address) == 0, "bind");
    for (;;) {
        socklen_t length = sizeof from;
        ssize_t bytes =
            recvfrom(served, question, sizeof question, 0, (struct sockaddr *)&from, &length);
        if (bytes > 0)
            sendto(served, question, (size_t)bytes, 0, (struct sockaddr *)&from, length);
    }
}

/* Until the other side is there: what is sent before is lost. */
static void open_network(const char *text, pid_t *child) {
    struct sockaddr_in address;
    struct timeval patience = {.tv_usec = 100000};

    *child = fork();
    check(*child >= 0, "fork");
    if (*child == 0)
        answer();
    network = make_socket(&address, text);
    check(connect(network, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    setsockopt(network, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
}

/* A lost question is asked again. */
static void ask(void) {
    static uint32_t number;
    uint32_t question[QUESTION / sizeof number] = {++number}, heard[QUESTION / sizeof number] = {0};

    while (heard[0] != number) {
        send(network, question, sizeof question, 0);
        while (recv(network, heard, sizeof heard, 0) > 0 && heard[0] != number)
            ;
    }
}

/* ---- Each kind ----------------------------------------------------------------------------------- */

static void turn(void) {
    if (device >= 0) {
        read_device();
        return;
    }
    if (network >= 0) {
        ask();
        return;
    }
    compute();
    use_memory();
    use_file();
}

/* ---- The two parts ------------------------------------------------------------------------------- */

static uint32_t count_turns(int64_t start, int64_t end) {
    uint32_t turns = 0;

    for (sleep_until(start); now() < end; turns++)
        turn();
    return turns;
}

static void serve(int64_t at, int64_t *late, size_t count) {
    for (size_t i = 0; i < count; i++) {
        at += (GAP_LEAST + random_number() % GAP_SPREAD) * (device < 0 ? 1 : DEVICE_GAPS);
        sleep_until(at);
        turn();
        late[i] = now() - at;
    }
}

int main(int count, char **words) {
    if (count < 5 || count > 6) {
        fputs("usage: work AT SECONDS REQUESTS SEED [DEVICE|ADDRESS]\n", stderr);
        return 2;
    }
    int64_t start = atoi(words[1]) * NANOSECONDS, end = start + atoi(words[2]) * NANOSECONDS;
    size_t requests = (size_t)atoi(words[3]);
    int64_t *late = calloc(requests, sizeof *late);

    check(late != NULL, "calloc");
    check(now() < start, "too late to start");
    random_state = (uint32_t)atoi(words[4]);
    pid_t child = 0;
    if (count == 6 && words[5][0] == '/')
        open_device(words[5]);
    else if (count == 6)
        open_network(words[5], &child);
    turn();
    uint32_t turns = count_turns(start, end);
    serve(end + NANOSECONDS, late, requests);
    printf("work %u\nlate", turns);
    for (size_t i = 0; i < requests; i++)
        printf(" %lld", (long long)late[i]);
    printf("\n");
    fflush(stdout);
    if (child > 0) {
        sleep(1); /* others ask it until they are done */
        kill(child, SIGKILL);
    }
    return 0;
}
