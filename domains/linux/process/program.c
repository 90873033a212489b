// SPDX-License-Identifier: MIT
/*
 * Finding out what to run: permissions, and scripts.
 */
#include "domains/linux/process/program.h"

#include "domains/lib/heap.h"
#include "domains/lib/memory.h"
#include "domains/lib/text.h"
#include "domains/linux/errno.h"
#include "domains/linux/file/file.h"
#include "domains/linux/file/flags.h"
#include "domains/linux/file/table.h"
#include "domains/linux/process/process.h"

#define SCRIPT_LINE     256
#define DESCRIPTOR_NAME 24u /* what "/dev/fd/N/" takes at most */

static char *text_duplicate(const char *text, uint32_t length) {
    char *copy = heap_allocate(length + 1);
    if (copy != NULL)
        memcpy(copy, text, length);
    return copy;
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t';
}

/* "#! interpreter argument": two words, the second being all the rest of the line. */
static int parse_script_line(char *line, char **interpreter, char **argument) {
    char *end = strchr(line, '\n');
    if (end == NULL)
        end = line + strlen(line);
    while (end > line && is_blank(end[-1]))
        end--;
    *end = '\0';
    char *word = line + 2;
    while (is_blank(*word))
        word++;
    if (*word == '\0')
        return -ENOEXEC;
    *interpreter = word;
    while (*word != '\0' && !is_blank(*word))
        word++;
    *argument = NULL;
    if (*word == '\0')
        return 0;
    *word++ = '\0';
    while (is_blank(*word))
        word++;
    *argument = word;
    return 0;
}

static bool put_before(struct program *program, const char *text) {
    char *copy = text_duplicate(text, (uint32_t)strlen(text));
    if (copy == NULL)
        return false;
    memmove(program->prefix + 1, program->prefix,
            program->prefix_count * sizeof(program->prefix[0]));
    program->prefix[0] = copy;
    program->prefix_count++;
    return true;
}

/* The script's path takes the place of argv[0], the interpreter's words go before it. */
static int enter_script(struct program *program, const char *path, char *line) {
    char *interpreter, *argument;
    int error = parse_script_line(line, &interpreter, &argument);
    if (error != 0)
        return error;
    if (program->prefix_count == 0 && !put_before(program, path))
        return -ENOMEM;
    if (argument != NULL && !put_before(program, argument))
        return -ENOMEM;
    return put_before(program, interpreter) ? 0 : -ENOMEM;
}

static int open_file(int directory, const char *path, uint32_t flags, struct file **file) {
    uint32_t open_flags = O_RDONLY | O_EXECUTE | (flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0);
    return path[0] == '\0' && flags & AT_EMPTY_PATH
               ? file_open_again(directory, file)
               : file_open_at(directory, path, open_flags, 0, file);
}

static int open_one(struct program *program, int directory, const char *path, uint32_t flags,
                    char *line) {
    int error = open_file(directory, path, flags, &program->file);
    if (error == 0)
        error = file_run(program->file);
    if (error != 0)
        return error;
    int got = file_read_at(program->file, line, SCRIPT_LINE - 1, 0);
    if (got < 0)
        return got;
    line[got] = '\0';
    return 0;
}

static int name_by_descriptor(struct program *program, int directory, const char *path) {
    uint32_t bytes = (uint32_t)strlen(path) + DESCRIPTOR_NAME;
    program->name = heap_allocate(bytes);
    if (program->name == NULL)
        return -ENOMEM;
    text_format(program->name, bytes, path[0] != '\0' ? "/dev/fd/%d/%s" : "/dev/fd/%d", directory,
                path);
    program->will_close = file_close_on_exec(current_process()->files, directory) == 1;
    return 0;
}

const char *program_name(const struct program *program) {
    return program->name != NULL ? program->name : program->path;
}

/* The interpreter opens the script by its name, which is gone with the descriptor. */
static int follow_script(struct program *program, const char *path, char *line) {
    if (program->prefix_count > 0)
        return enter_script(program, path, line);
    return program->will_close ? -ENOENT : enter_script(program, program_name(program), line);
}

int program_open(struct program *program, int directory, const char *path, uint32_t flags) {
    char line[SCRIPT_LINE];
    *program = (struct program){.path = path};
    if (directory != AT_FDCWD && path[0] != '/') {
        int error = name_by_descriptor(program, directory, path);
        if (error != 0)
            return error;
    }
    const char *next = path;
    for (uint32_t depth = 0; depth <= SCRIPT_DEPTH; depth++, flags = 0) {
        int error = open_one(program, directory, next, flags, line);
        if (error == 0 && (line[0] != '#' || line[1] != '!'))
            return 0;
        if (error == 0)
            error = follow_script(program, next, line);
        if (error != 0) {
            program_close(program);
            return error;
        }
        file_release(program->file);
        program->file = NULL;
        next = program->prefix[0];
        directory = AT_FDCWD;
    }
    program_close(program);
    return -ELOOP;
}

void program_close(struct program *program) {
    if (program->file != NULL)
        file_release(program->file);
    program->file = NULL;
    while (program->prefix_count > 0)
        heap_free(program->prefix[--program->prefix_count]);
    heap_free(program->name);
    program->name = NULL;
}
