// SPDX-License-Identifier: MIT
/*
 * Splitting a command and searching PATH: pure text work.
 */
#include "domains/linux/channel/command.h"

#include "domains/lib/memory.h"

/* Collects strings up to an empty one or the end and moves *at behind it. false: too many. */
static bool split(const char *text, uint32_t bytes, uint32_t *at, const char **strings,
                  uint32_t *count) {
    *count = 0;
    while (*at < bytes && text[*at]) {
        if (*count == COMMAND_STRINGS)
            return false;
        strings[(*count)++] = text + *at;
        *at += (uint32_t)strlen(text + *at) + 1;
    }
    strings[*count] = NULL;
    ++*at;
    return true;
}

bool command_parse(struct command *command, uint32_t bytes) {
    uint32_t at = 0;
    if (bytes > CHANNEL_COMMAND_BYTES)
        return false;
    command->text[bytes] = 0;
    return split(command->text, bytes, &at, command->arguments, &command->argument_count) &&
           split(command->text, bytes, &at, command->environment, &command->environment_count) &&
           command->argument_count > 0;
}

/* Does "NAME=value" assign the variable that `name` (ended by NUL or '=') names? */
static const char *value_of(const char *assignment, const char *name) {
    while (*name && *name != '=' && *assignment == *name) {
        assignment++;
        name++;
    }
    return (*name == 0 || *name == '=') && *assignment == '=' ? assignment + 1 : NULL;
}

const char *command_variable(const struct command *command, const char *name) {
    const char *value = NULL;
    for (uint32_t i = 0; i < command->environment_count && !value; i++)
        value = value_of(command->environment[i], name);
    return value;
}

void command_default(struct command *command, const char *assignment) {
    if (command_variable(command, assignment) || command->environment_count == COMMAND_STRINGS)
        return;
    command->environment[command->environment_count++] = assignment;
    command->environment[command->environment_count] = NULL;
}

/* folder/name into path; an empty folder is the working directory. */
static bool join(char path[COMMAND_PATH], const char *folder, uint32_t length, const char *name) {
    uint32_t name_length = (uint32_t)strlen(name);
    if (length + 1 + name_length + 1 > COMMAND_PATH)
        return false;
    memcpy(path, folder, length);
    if (length)
        path[length++] = '/';
    memcpy(path + length, name, name_length + 1);
    return true;
}

bool command_candidate(const struct command *command, uint32_t *position, char path[COMMAND_PATH]) {
    const char *name = command->arguments[0];
    const char *search = command_variable(command, "PATH");
    if (!search)
        search = COMMAND_DIRECTORY;
    if (strchr(name, '/'))
        return (*position)++ == 0 && join(path, "", 0, name);
    uint32_t end = (uint32_t)strlen(search);
    while (*position <= end) {
        const char *folder = search + *position;
        const char *colon = strchr(folder, ':');
        uint32_t length = colon ? (uint32_t)(colon - folder) : (uint32_t)strlen(folder);
        *position += length + 1;
        if (join(path, folder, length, name))
            return true;
    }
    return false;
}
