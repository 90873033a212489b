// SPDX-License-Identifier: MIT
/*
 * Processes that the manager starts by itself: init, and the commands behind channels.
 *
 *   spawner                          new thread
 *     makes process and thread
 *     sleeps on `event`  ─launch──>  execve in ring 2 (the strings are still the spawner's)
 *     result               <──wake─  to the app, or gone
 */
#include "domains/linux/process/spawn.h"
#include "domains/lib/clock.h"
#include "domains/lib/heap.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/table.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/process/exec.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/process/tree.h"
#include "domains/linux/signal/state.h"
#include "domains/linux/tty/terminal.h"

#define STATUS_NOT_STARTED (127 << 8)

struct spawn {
    const char *path;
    const char *const *argv, *const *envp;
    bool done;
    int result;
    struct wait_queue event;
};

/* On the new thread, under the lock. */
static int begin(void *argument) {
    struct spawn *spawn = argument;
    int result = process_execute(spawn->path, spawn->argv, spawn->envp);
    if (result != 0) {
        current_process()->spawned = false;
        current_process()->exit_status = STATUS_NOT_STARTED;
    }
    spawn->result = result;
    spawn->done = true;
    wait_wake(&spawn->event);
    return result;
}

static bool install_files(struct process *process, struct file *files[3]) {
    bool complete = true;
    for (int i = 0; i < 3; i++)
        if (files[i] != NULL &&
            (process->files == NULL || file_install(process->files, files[i], i, false) < 0)) {
            file_release(files[i]);
            complete = false;
        }
    return complete && process->files != NULL;
}

static bool make_parts(struct process *process, struct file *files[3]) {
    process->files = file_table_make();
    process->paths = path_context_make();
    process->signals = signal_table_make();
    process->space = address_space_make();
    return install_files(process, files) && process->paths != NULL && process->signals != NULL &&
           process->space != NULL;
}

static void discard(struct process *process) {
    if (process->files != NULL)
        file_table_release(process->files);
    if (process->paths != NULL)
        path_context_release(process->paths);
    if (process->signals != NULL)
        signal_table_release(process->signals);
    if (process->space != NULL)
        address_space_release(process->space);
    process_free(process);
}

static struct thread *make_thread(struct process *process, struct spawn *spawn) {
    struct thread *thread = thread_make(process);
    if (thread == NULL)
        return NULL;
    thread->tid = process->pid;
    thread->begin = begin;
    thread->begin_argument = spawn;
    if (thread_launch(thread))
        return thread;
    thread_discard(thread);
    return NULL;
}

static int wait_for(struct spawn *spawn) {
    while (!spawn->done)
        wait_uninterrupted(&spawn->event, DEADLINE_NEVER);
    return spawn->result;
}

int process_spawn_as(int32_t pid, const char *path, const char *const *argv,
                     const char *const *envp, struct file *files[3], struct terminal *terminal) {
    struct spawn spawn = {.path = path, .argv = argv, .envp = envp};
    struct process *process = process_make(NULL, pid);
    if (process == NULL)
        return -ENOMEM;
    process->process_group = process->session = pid;
    process->exit_signal = SIGCHLD;
    process->spawned = true;
    process->started = clock_nanoseconds();
    limits_set_defaults(process->limits);
    if (!make_parts(process, files) || make_thread(process, &spawn) == NULL) {
        discard(process);
        return -ENOMEM;
    }
    if (terminal != NULL)
        terminal_give(terminal, process);
    int error = wait_for(&spawn);
    return error != 0 ? error : pid;
}

int process_spawn(const char *path, const char *const *argv, const char *const *envp,
                  struct file *files[3], struct terminal *terminal) {
    return process_spawn_as(thread_new_id(), path, argv, envp, files, terminal);
}

/* ---- Threads of the manager ------------------------------------------------------------------ */

int manager_thread(void (*body)(void *), void *argument) {
    struct thread_control *control = thread_stack_make();
    if (control == NULL)
        return -ENOMEM;
    if (thread_begin_function(control, body, argument))
        return 0;
    thread_stack_discard(control);
    return -ENOMEM;
}
