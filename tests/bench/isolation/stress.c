// SPDX-License-Identifier: MIT
/*
 * The tenant that misbehaves, for ever: `stress memory|forks|cpu|disk|send|receive [DEVICE|ADDRESS]`.
 *
 *   memory   takes and touches memory until there is none, then begins again
 *   forks    each process makes processes
 *   cpu      processes that compute
 *   disk     processes that read DEVICE, 64 KiB at a time, at random places
 *   send     processes that send datagrams of 1 KiB to ADDRESS
 *   receive  takes what comes there
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE      4096u
#define PIECE     65536u
#define PROCESSES 8
#define PORT      9
#define DATAGRAM  1024

static void take_memory(void) {
    for (;;) {
        char *piece = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        if (piece == MAP_FAILED)
            return;
        for (uint32_t byte = 0; byte < PIECE; byte += PAGE)
            piece[byte] = 1;
    }
}

/* In a child each time: where memory is overcommitted, the child is killed for it. */
static void bomb_memory(void) {
    for (;;) {
        pid_t child = fork();

        if (child == 0) {
            take_memory();
            _exit(0);
        }
        if (child > 0)
            waitpid(child, NULL, 0);
    }
}

static void bomb_forks(void) {
    for (;;)
        fork();
}

static void spin(void) {
    for (volatile uint32_t n = 0;; n++)
        ;
}

static void flood(const char *path, uint32_t random) {
    static char piece[PIECE] __attribute__((aligned(PAGE)));
    int device = open(path, O_RDONLY | O_DIRECT);
    uint32_t pieces = (uint32_t)(lseek(device, 0, SEEK_END) / PIECE);

    do
        random = random * 1664525u + 1013904223u;
    while (pieces > 0 && pread(device, piece, PIECE, (off_t)((random >> 8) % pieces) * PIECE) > 0);
    perror(path);
    exit(1);
}

static int make_socket(struct sockaddr_in *address, const char *text) {
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(PORT)};
    inet_pton(AF_INET, text, &address->sin_addr);
    return socket(AF_INET, SOCK_DGRAM, 0);
}

/* A refusal by the other side or a full queue ends nothing. */
static void flood_network(const char *text) {
    static char datagram[DATAGRAM];
    struct sockaddr_in address;
    int out = make_socket(&address, text);

    for (;;)
        sendto(out, datagram, sizeof datagram, 0, (struct sockaddr *)&address, sizeof address);
}

static void take_datagrams(void) {
    static char datagram[DATAGRAM];
    struct sockaddr_in address;
    int in = make_socket(&address, "0.0.0.0");

    bind(in, (struct sockaddr *)&address, sizeof address);
    for (;;)
        recv(in, datagram, sizeof datagram, 0);
}

static uint32_t make_processes(void) {
    uint32_t number = 0;

    while (++number < PROCESSES)
        if (fork() == 0)
            break;
    return number;
}

int main(int count, char **words) {
    const char *kind = count > 1 ? words[1] : "";

    if (strcmp(kind, "memory") == 0)
        bomb_memory();
    else if (strcmp(kind, "forks") == 0)
        bomb_forks();
    else if (strcmp(kind, "cpu") == 0 && make_processes())
        spin();
    else if (strcmp(kind, "disk") == 0 && count == 3)
        flood(words[2], make_processes());
    else if (strcmp(kind, "send") == 0 && count == 3 && make_processes())
        flood_network(words[2]);
    else if (strcmp(kind, "receive") == 0)
        take_datagrams();
    fputs("usage: stress memory|forks|cpu|disk|send|receive [DEVICE|ADDRESS]\n", stderr);
    return 2;
}
