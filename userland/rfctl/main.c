// SPDX-License-Identifier: MIT
/*
 * rfctl: the operator's hand on the machine. Finds the command, answers --help, and connects to the
 * control device before the command runs.
 */
#include "userland/lib/control.h"
#include "userland/rfctl/command.h"
#include "userland/rfctl/describe.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct command *const commands[] = {
    &tenants_command,     &drivers_command, &stats_command,    &io_command,      &fence_command,
    &descriptors_command, &log_command,     &create_command,   &destroy_command, &set_command,
    &restart_command,     &network_command, &allow_command,    &deny_command,    &exec_command,
    &crash_command,       &audit_command,   &poweroff_command,
};

#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

int fail(const char *format, ...) {
    va_list arguments;
    fputs("rfctl: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return 1;
}

bool take_option(int *count, char **words, const char *option) {
    for (int i = 0; i < *count && strcmp(words[i], "--") != 0; i++)
        if (strcmp(words[i], option) == 0) {
            memmove(words + i, words + i + 1, (size_t)(*count - i) * sizeof *words);
            --*count;
            return true;
        }
    return false;
}

static void show_usage(FILE *to, const struct command *command) {
    fprintf(to, "usage: rfctl %s%s%s\n", command->name, *command->usage ? " " : "", command->usage);
}

bool check_words(const struct command *command, int count, char **words, int least, int most) {
    for (int i = 0; i < count; i++)
        if (words[i][0] == '-') {
            fail("%s: unknown option %s", command->name, words[i]);
            show_usage(stderr, command);
            return false;
        }
    if (count >= least && count <= most)
        return true;
    fail("%s: %s", command->name, count < least ? "something is missing" : "too many words");
    show_usage(stderr, command);
    return false;
}

bool need_tenant(const char *name, struct tenant_status *status) {
    if (control_find_tenant(name, status))
        return true;
    fprintf(stderr, "rfctl: no tenant %s; there are:", name);
    for (uint32_t tenant = 0; control_next_tenant(&tenant, status);)
        fprintf(stderr, " %s", status->configuration.name);
    fputc('\n', stderr);
    return false;
}

bool need_driver(const char *name, struct driver_status *status) {
    if (control_find_driver(name, status))
        return true;
    char text[DRIVER_TEXT];
    const char *separator = "";
    fprintf(stderr, "rfctl: no driver %s, or several; there are: ", name);
    for (uint32_t driver = 0; control_next_driver(&driver, status); separator = ", ")
        fprintf(stderr, "%s%s", separator, driver_text(text, status));
    fputc('\n', stderr);
    return false;
}

static int show_help(void) {
    puts("usage: rfctl COMMAND [WORDS]\n"
         "\n"
         "Shows and changes this machine's tenants and drivers. `rfctl COMMAND --help` says "
         "more.\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-12s %.*s\n", commands[i]->name, (int)strcspn(commands[i]->help, "\n"),
               commands[i]->help);
    return 0;
}

static bool wants_help(int count, char **words) {
    return take_option(&count, words, "--help") || take_option(&count, words, "-h");
}

static int run(const struct command *command, int count, char **words) {
    if (wants_help(count, words)) {
        show_usage(stdout, command);
        printf("\n%s\n", command->help);
        return 0;
    }
    if (control_connect() < 0)
        return fail("/dev/ringfence: %s; only the operator's tenant has it", strerror(errno));
    int status = command->run(count, words);
    if (fflush(stdout) != 0)
        return fail("standard output: %s", strerror(errno));
    return status;
}

int main(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return argc < 2 ? show_help(), 2 : show_help();
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return run(commands[i], argc - 2, argv + 2);
    return fail("no command %s; `rfctl --help` lists them", argv[1]), 2;
}
