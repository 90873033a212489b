// SPDX-License-Identifier: MIT
/*
 * Nothing is taken over as it stands: the file comes from outside, and a size or a name that
 * makes no sense would spoil every full-screen program.
 */
#include "userland/init/terminal.h"

#include <cJSON.h>
#include <stddef.h>
#include <string.h>

#define MOST_CHARACTERS 1000 /* in a row or a column */

static const char *const known_types[] = {
    "linux", "xterm", "xterm-256color", "screen", "screen-256color",
    "tmux",  "vt100", "tmux-256color",  "vt220",
};

static uint16_t length_of(const cJSON *object, const char *key) {
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!cJSON_IsNumber(value) || value->valuedouble < 1 || value->valuedouble > MOST_CHARACTERS)
        return 0;
    return (uint16_t)value->valuedouble;
}

static const char *type_of(const cJSON *object) {
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, "type");
    for (size_t i = 0; i < sizeof known_types / sizeof known_types[0]; i++)
        if (cJSON_IsString(value) && strcmp(value->valuestring, known_types[i]) == 0)
            return known_types[i];
    return known_types[0];
}

struct terminal_settings terminal_parse(const char *json) {
    cJSON *object = json ? cJSON_Parse(json) : NULL;
    struct terminal_settings settings = {.rows = length_of(object, "rows"),
                                         .columns = length_of(object, "columns"),
                                         .type = type_of(object)};
    cJSON_Delete(object);
    return settings;
}
