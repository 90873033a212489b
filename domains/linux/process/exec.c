// SPDX-License-Identifier: MIT
/*
 * execve: the new address space is built completely while the old one is still there; up to that
 * point everything can fail and nothing has changed. From the point of no return on, nothing can
 * fail.
 */
#include "domains/linux/process/exec.h"
#include "domains/linux/entry/call.h"

#include "domains/lib/gate.h"
#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/file.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/file/mount.h"
#include "domains/linux/file/path.h"
#include "domains/linux/file/table.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/process/fpu.h"
#include "domains/linux/process/program.h"
#include "domains/linux/process/thread.h"
#include "domains/linux/process/tree.h"
#include "domains/linux/signal/restart.h"
#include "domains/linux/signal/state.h"
#include "domains/linux/time/timer.h"

/* Where the strings come from. */
struct source {
    uint32_t app_argv, app_envp; /* or, if argv is not NULL: */
    const char *const *argv, *const *envp;
};

static int collect(const struct source *source, const struct program *program,
                   struct arguments *arguments) {
    uint32_t first = program->prefix_count > 0 ? 1 : 0; /* a script's path replaces argv[0] */
    for (uint32_t i = 0; i < program->prefix_count; i++) {
        int error = arguments_add_string(arguments, program->prefix[i]);
        if (error != 0)
            return error;
        arguments->argument_count++;
    }
    uint32_t *count = &arguments->argument_count;
    int error = source->argv != NULL
                    ? arguments_add_array(arguments, source->argv, first, count)
                    : arguments_add_app_array(arguments, source->app_argv, first, count);
    arguments->arguments_bytes = arguments->bytes;
    count = &arguments->environment_count;
    if (error == 0)
        error = source->argv != NULL
                    ? arguments_add_array(arguments, source->envp, 0, count)
                    : arguments_add_app_array(arguments, source->app_envp, 0, count);
    arguments->environment_bytes = arguments->bytes - arguments->arguments_bytes;
    return error;
}

/* ---- Rights ---------------------------------------------------------------------------------- */

struct rights {
    uint32_t euid, egid;
};

static struct rights rights_of(const struct program *program) {
    const struct process *process = current_process();
    const struct inode *inode = program->file->inode;
    struct rights rights = {process->euid, process->egid};
    bool may_raise = !process->no_new_privileges && program->file->mount != NULL &&
                     !(program->file->mount->flags & MOUNT_NO_SUID);
    if (may_raise && inode->mode & S_ISUID)
        rights.euid = inode->uid;
    if (may_raise && inode->mode & S_ISGID)
        rights.egid = inode->gid;
    return rights;
}

/* ---- The point of no return ------------------------------------------------------------------ */

/* All other threads of the process end first. */
static int become_only_thread(struct process *process) {
    if (process->ending || process->survivor != NULL)
        return -ERESTARTNOINTR;
    process->survivor = current_thread();
    signals_recalculate_all(process);
    while (process->thread_count > 1)
        wait_uninterrupted(&process->thread_event, DEADLINE_NEVER);
    process->survivor = NULL;
    current_thread()->tid = process->pid;
    return 0;
}

static void swap_space(struct process *process, struct address_space *space) {
    struct address_space *old = process->space;
    process->space = space;
    if (space_activate(space->handle) != STATUS_OK)
        process_end(process, SIGKILL);
    if (process->vfork_waits)
        process_vfork_done(process);
    if (old != NULL)
        address_space_release(old);
}

static void reset_thread(struct thread *thread) {
    for (uint32_t slot = 0; slot < TLS_SLOT_COUNT; slot++) {
        if (thread->tls[slot] != 0)
            core_thread_set_tls(slot, 0);
        thread->tls[slot] = 0;
    }
    thread_load_segments(0, 0);
    fpu_reset();
    thread->alternate = (struct alternate_stack){0};
    thread->clear_tid = 0;
    thread->robust_list = 0;
    thread->restart = NULL;
}

static void set_names(struct process *process, const char *path) {
    const char *name = strrchr(path, '/');
    text_copy(process->name, name != NULL ? name + 1 : path, sizeof(process->name));
    text_copy(current_thread()->name, process->name, sizeof(process->name));
}

static void start_at(struct thread *thread, const struct loaded_program *loaded) {
    struct registers *registers = app_registers(thread);
    *registers = (struct registers){
        .ds = SELECTOR_APP_DATA,
        .es = SELECTOR_APP_DATA,
        .number = NO_SYSTEM_CALL,
        .eip = loaded->entry,
        .cs = SELECTOR_APP_CODE,
        .eflags = FLAG_FIXED | FLAG_INTERRUPT,
        .esp = loaded->stack,
        .ss = SELECTOR_APP_DATA,
    };
}

struct replacement {
    struct program program;
    struct address_space *space;
    struct loaded_program loaded;
    struct arguments *arguments;
    struct signal_table *signals;
    struct file_table *files;
    struct rights rights;
};

static void replace(struct replacement *new) {
    struct process *process = current_process();
    struct thread *thread = current_thread();
    swap_space(process, new->space);
    file_table_release(process->files);
    process->files = new->files;
    file_table_exec(process->files);
    signal_table_release(process->signals);
    process->signals = new->signals;
    signal_table_exec(process->signals);
    timers_exec(process);
    reset_thread(thread);
    set_names(process, program_name(&new->program));
    if (process->executable != NULL)
        file_release(process->executable);
    process->executable = new->program.file;
    file_hold(process->executable);
    process->euid = process->suid = process->fsuid = new->rights.euid;
    process->egid = process->sgid = process->fsgid = new->rights.egid;
    process->has_executed = true;
    process->not_dumpable = process->expects_barriers = false;
    start_at(thread, &new->loaded);
    address_space_map_frames(process->space, 0, AREA_LIMIT);
}

/* ---- What can fail --------------------------------------------------------------------------- */

/* With a hold for the caller. A table that only this process has stays the same, with its file
 * locks. */
static struct file_table *own_files(struct file_table *files) {
    if (file_table_is_shared(files))
        return file_table_copy(files);
    file_table_hold(files);
    return files;
}

static int copy_tables(struct replacement *new) {
    struct process *process = current_process();
    new->signals = signal_table_copy(process->signals);
    new->files = own_files(process->files);
    return new->signals == NULL || new->files == NULL ? -ENOMEM : 0;
}

static int prepare(struct replacement *new, int directory, const char *path, uint32_t flags,
                   const struct source *source) {
    const struct process *process = current_process();
    int error = program_open(&new->program, directory, path, flags);
    if (error != 0)
        return error;
    new->arguments = arguments_make();
    new->space = address_space_make();
    if (new->arguments == NULL || new->space == NULL)
        return -ENOMEM;
    error = collect(source, &new->program, new->arguments);
    if (error == 0)
        error = copy_tables(new);
    if (error == 0)
        error = program_load(&new->program, new->space, &new->loaded);
    if (error != 0)
        return error;
    new->rights = rights_of(&new->program);
    bool secure = new->rights.euid != process->uid || new->rights.egid != process->gid;
    return program_build_stack(&new->program, new->arguments, new->space, &new->loaded, secure);
}

static void give_up(struct replacement *new) {
    if (new->space != NULL)
        address_space_release(new->space);
    if (new->signals != NULL)
        signal_table_release(new->signals);
    if (new->files != NULL)
        file_table_release(new->files);
}

static int execute(int directory, const char *path, uint32_t flags, const struct source *source) {
    struct replacement *new = heap_allocate(sizeof(*new));
    if (new == NULL)
        return -ENOMEM;
    int error = prepare(new, directory, path, flags, source);
    if (error == 0)
        error = become_only_thread(current_process());
    if (error == 0)
        replace(new);
    else
        give_up(new);
    arguments_free(new->arguments);
    program_close(&new->program);
    heap_free(new);
    return error;
}

int process_execute(const char *path, const char *const *argv, const char *const *envp) {
    const struct source source = {.argv = argv, .envp = envp};
    return execute(AT_FDCWD, path, 0, &source);
}

static int32_t execute_from_app(int directory, uint32_t path, uint32_t argv, uint32_t envp,
                                uint32_t flags) {
    const struct source source = {.app_argv = argv, .app_envp = envp};
    char *buffer;
    int error = path_copy_in(path, &buffer);
    if (error != 0)
        return error;
    bool names_nothing = buffer[0] == '\0' && !(flags & AT_EMPTY_PATH);
    error = names_nothing ? -ENOENT : execute(directory, buffer, flags, &source);
    path_buffer_free(buffer);
    return error;
}

SYSTEM_CALL_3(execve, path, argv, envp) {
    return execute_from_app(AT_FDCWD, path, argv, envp, 0);
}

SYSTEM_CALL_5(execveat, directory, path, argv, envp, flags) {
    if (flags & ~(uint32_t)(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
        return -EINVAL;
    return execute_from_app((int)directory, path, argv, envp, flags);
}
