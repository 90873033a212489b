// SPDX-License-Identifier: MIT
/*
 * A place on the host's Linux that is like a tenant: a root of its own in a tmpfs, process numbers, a loopback, a
 * host name and mounts of its own. One program runs there, with some system calls refused if that is asked for.
 *
 *     cell ROOT PROGRAMS PROGRAM [NUMBER…]     as root
 *
 *     ROOT          an empty folder; in the cell alone it is a tmpfs, and the root:
 *       calls/        PROGRAMS, a folder of the host's
 *       dev/ proc/    the host's devices, the cell's processes
 *       tmp/here/     where PROGRAM, a path in PROGRAMS, starts
 *
 * NUMBERs are system calls of i386 that answer ENOSYS there. The cell is a program of the host's own architecture, so
 * what it calls itself is not refused. It ends as PROGRAM does, with 128 and the signal's number if that was killed, and
 * everything in the cell ends with it. 125 stands for a cell that could not be made.
 */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_CELL 125
#define REFUSED 32 /* calls at most */

static void must(int result, const char *what) {
    if (result < 0) {
        perror(what);
        exit(NO_CELL);
    }
}

static void put_up_loopback(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int any = socket(AF_INET, SOCK_DGRAM, 0);
    must(any, "socket");
    must(ioctl(any, SIOCSIFFLAGS, &request), "lo");
    close(any);
}

/* Leaves the caller in the folder that is to be the root. */
static void lay_out(const char *root, const char *programs) {
    int outside = open(programs, O_PATH);
    char path[64];
    must(outside, programs);
    must(mount("cell", "/", NULL, MS_REC | MS_PRIVATE, NULL), "mounts of its own");
    must(mount("cell", root, "tmpfs", 0, "mode=755"), root);
    must(chdir(root), root);
    for (const char *const *folder = (const char *const[]){"calls", "dev", "proc", "tmp", NULL};
         *folder; folder++)
        must(mkdir(*folder, 0755), *folder);
    must(chmod("tmp", 01777), "tmp");
    must(mkdir("tmp/here", 0755), "tmp/here");
    snprintf(path, sizeof path, "/proc/self/fd/%d", outside);
    must(mount(path, "calls", NULL, MS_BIND, NULL), "calls");
    must(mount("/dev", "dev", NULL, MS_BIND | MS_REC, NULL), "dev");
    close(outside);
}

static void refuse(int count, char **numbers) {
    struct sock_filter code[4 + 2 * REFUSED] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_I386, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    unsigned short length = 4;
    for (int i = 0; i < count && i < REFUSED; i++) {
        code[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
                                                      (unsigned)atoi(numbers[i]), 0, 1);
        code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
    }
    code[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = length, .filter = code};
    must(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
}

/* What the cell's maker ignores would be ignored in it, too. The C library keeps two signals to itself: so not by it. */
static void ignore_nothing(void) {
    static const unsigned long usual[4]; /* the kernel's struct sigaction: SIG_DFL and no flags */
    for (int signal = 1; signal <= 64; signal++)
        syscall(SYS_rt_sigaction, signal, usual, NULL, sizeof(long));
}

static void become(const char *program, int count, char **numbers) {
    char path[256];
    snprintf(path, sizeof path, "/calls/%s", program);
    ignore_nothing();
    must(setsid(), "setsid");
    must(chdir("/tmp/here"), "/tmp/here");
    if (count)
        refuse(count, numbers);
    execl(path, path, NULL);
    must(-1, path);
}

/* Process 1 of the cell: whoever loses its parent is reaped here. */
static int run(const char *program, int count, char **numbers) {
    int status;
    pid_t one, child = fork();
    must(child, "fork");
    if (child == 0)
        become(program, count, numbers);
    do
        one = wait(&status);
    while (one >= 0 && one != child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int count, char **words) {
    int status = 0;
    if (count < 4)
        return NO_CELL;
    must(unshare(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC),
         "unshare");
    put_up_loopback();
    lay_out(words[1], words[2]);
    pid_t first = fork();
    must(first, "fork");
    if (first == 0) {
        must(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
        must(mount("proc", "proc", "proc", 0, NULL), "proc");
        must(chroot("."), "chroot");
        return run(words[3], count - 4, words + 4);
    }
    must(waitpid(first, &status, 0), "wait");
    return WIFEXITED(status) ? WEXITSTATUS(status) : NO_CELL;
}
