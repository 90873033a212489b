// SPDX-License-Identifier: MIT
/*
 * The manager's beginning: its memory, its registration with the core, file systems and devices,
 * and in the operator's tenant init. The first thread then becomes the timer service.
 */
#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/information.h"
#include "domains/lib/lock.h"
#include "domains/lib/log.h"
#include "domains/lib/memory.h"
#include "domains/lib/thread.h"
#include "domains/linux/device/device.h"
#include "domains/linux/entry/entry.h"
#include "domains/linux/file/file.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/memory/vdso.h"
#include "domains/linux/process/spawn.h"
#include "domains/linux/time/timer.h"
#include "domains/linux/tty/console.h"

#define INIT_PID  1
#define INIT_PATH "/sbin/init"
#define CONSOLE   "/dev/console"
#define NOWHERE   "/dev/null"

_Noreturn void manager_start(uint32_t argument);

static void begin_memory(void) {
    memset(thread_control(), 0, sizeof(struct thread_control));
    thread_control()->handle = core_thread_self();
    frames_start();
    vdso_start();
}

/* Standard input, output and error of init: the console, or nothing where there is none. */
static int open_console(struct file *files[3]) {
    const char *path = console_terminal() != NULL ? CONSOLE : NOWHERE;
    int error = file_open_path(path, O_RDWR, &files[0]);
    if (error != 0)
        return error;
    for (int i = 1; i < 3; i++) {
        file_hold(files[0]);
        files[i] = files[0];
    }
    return 0;
}

static void init_ended(void *context, int32_t pid, int32_t status) {
    (void)context;
    panic("init (process %d) ended with status %x", pid, (uint32_t)status);
}

static void start_init(void) {
    static const char *const argv[] = {INIT_PATH, NULL};
    static const char *const envp[] = {"HOME=/", "TERM=linux", "PATH=/sbin:/bin", NULL};
    struct file *files[3];
    int error = open_console(files);
    if (error == 0)
        error = process_spawn_as(INIT_PID, INIT_PATH, argv, envp, files, console_terminal());
    if (error < 0)
        panic("cannot start " INIT_PATH ": error %d", -error);
    process_on_exit(INIT_PID, init_ended, NULL);
}

_Noreturn void manager_start(uint32_t argument) {
    (void)argument;
    begin_memory();
    entry_register();
    manager_lock();
    int error = file_system_start();
    if (error == 0)
        error = devices_start();
    if (error != 0)
        panic("the manager cannot start: error %d", -error);
    log_line("manager linux: %u of %u frames free", frames_free(), frames_total());
    if (information()->is_operator)
        start_init();
    timer_service();
}
