// SPDX-License-Identifier: MIT
// sources: domains/linux/channel/command.c
/*
 * A command that came through a channel: strings, environment, and the files that its name may mean.
 */
#include "domains/linux/channel/command.h"
#include "tests/fuzz/fuzz.h"

static void check_strings(const struct command *command, const char *const *strings,
                          uint32_t count) {
    PROMISE(count <= COMMAND_STRINGS && strings[count] == NULL);
    for (uint32_t i = 0; i < count; i++) {
        size_t offset = (size_t)(strings[i] - command->text);

        PROMISE(offset + strlen(strings[i]) < sizeof command->text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint32_t position = 0, tries = 0;
    char path[COMMAND_PATH];
    struct command *command = malloc(sizeof *command);

    memset(command, 'x', sizeof *command);
    if (size <= CHANNEL_COMMAND_BYTES)
        memcpy(command->text, data, size);
    if (command_parse(command, (uint32_t)size)) {
        check_strings(command, command->arguments, command->argument_count);
        check_strings(command, command->environment, command->environment_count);
        command_default(command, "TERM=linux");
        command_default(command, "PATH=/bin:/sbin");
        PROMISE(command->environment[command->environment_count] == NULL);
        while (command_candidate(command, &position, path)) {
            PROMISE(memchr(path, '\0', sizeof path));
            PROMISE(tries++ <= CHANNEL_COMMAND_BYTES);
        }
    }
    free(command);
    return 0;
}
