// SPDX-License-Identifier: MIT
/*
 * What /proc consists of, for its own source files: tables of entries. An entry is a folder, a text
 * or a link; a folder has fixed entries and may have numbered ones (processes, threads,
 * descriptors), all made from one template.
 *
 *   root_folder: meminfo, …, self, [N] ──> process_folder: stat, …, fd/ ──> [descriptor]
 *                                                                      task/ ──> [thread]
 */
#ifndef DOMAINS_LINUX_FS_PROC_ENTRY_H
#define DOMAINS_LINUX_FS_PROC_ENTRY_H

#include "domains/linux/file/path.h"
#include "domains/linux/fs/proc_text.h"
#include "domains/linux/process/process.h"

struct thread;

/* Whom an entry is about: found anew at each use, because processes and threads come and go. */
struct proc_subject {
    struct process *process; /* NULL above the process folders */
    struct thread *thread;   /* NULL outside of task/ */
    int descriptor;          /* in fd/ */
};

enum proc_numbers { NO_NUMBERS, NUMBERS_ARE_PROCESSES, NUMBERS_ARE_THREADS, NUMBERS_ARE_FILES };

struct proc_entry;

struct proc_folder {
    const struct proc_entry *entries;
    uint32_t count;
    enum proc_numbers numbers;
    const struct proc_entry *numbered; /* template of the numbered entries */
};

struct proc_entry {
    const char *name;
    uint32_t mode;
    const struct proc_folder *folder;                                         /* of a directory */
    void (*show)(struct proc_text *text, const struct proc_subject *subject); /* of a text */
    /* Of a link: its text (length or negative errno), and where it leads, if that is no path
     * walk. */
    int (*text)(const struct proc_subject *subject, char *buffer, uint32_t room);
    int (*follow)(const struct proc_subject *subject, struct path *found, struct file **file);
    /* Of a text that may be written: takes what one write holds, with a NUL behind it, cut to
     * PROC_TAKEN_MOST bytes. 0 or a negative errno. */
    int (*take)(const struct proc_subject *subject, char *text);
    bool is_setting; /* what its mode does not grant is not granted to root either */
};

#define PROC_TAKEN_MOST 127u

extern const struct proc_folder proc_root_folder, proc_process_folder, proc_thread_folder;
extern const struct proc_folder proc_settings_folder; /* proc_settings.c */
extern const struct proc_folder proc_network_folder;  /* domains/linux/network/proc.c */
/* domains/linux/block/counters.c */
void proc_show_partitions(struct proc_text *text, const struct proc_subject *subject);
void proc_show_diskstats(struct proc_text *text, const struct proc_subject *subject);

/* proc_memory.c */
void proc_show_maps(struct proc_text *text, const struct proc_subject *subject);
void proc_show_smaps(struct proc_text *text, const struct proc_subject *subject);
void proc_show_statm(struct proc_text *text, const struct proc_subject *subject);
/* proc_shortage.c */
void proc_show_shortage_score(struct proc_text *text, const struct proc_subject *subject);
void proc_show_adjustment(struct proc_text *text, const struct proc_subject *subject);
int proc_take_adjustment(const struct proc_subject *subject, char *text);
void proc_show_old_adjustment(struct proc_text *text, const struct proc_subject *subject);
int proc_take_old_adjustment(const struct proc_subject *subject, char *text);
/* proc_link.c */
int proc_exe_text(const struct proc_subject *subject, char *buffer, uint32_t room);
int proc_exe_follow(const struct proc_subject *subject, struct path *found, struct file **file);
int proc_cwd_text(const struct proc_subject *subject, char *buffer, uint32_t room);
int proc_cwd_follow(const struct proc_subject *subject, struct path *found, struct file **file);
int proc_root_text(const struct proc_subject *subject, char *buffer, uint32_t room);
int proc_root_follow(const struct proc_subject *subject, struct path *found, struct file **file);
int proc_file_text(const struct proc_subject *subject, char *buffer, uint32_t room);
int proc_file_follow(const struct proc_subject *subject, struct path *found, struct file **file);
/* proc_mounts.c */
void proc_show_mounts(struct proc_text *text, const struct proc_subject *subject);
void proc_show_mountinfo(struct proc_text *text, const struct proc_subject *subject);
/* proc_counts.c */
void proc_show_io(struct proc_text *text, const struct proc_subject *subject);
void proc_show_vmstat(struct proc_text *text, const struct proc_subject *subject);

#endif
