// SPDX-License-Identifier: MIT
/*
 * argv strings, each with its NUL; an empty string; environment strings.
 */
#include "userland/rfctl/offer.h"

#include <string.h>

static bool add(struct channel_offer *offer, const char *before, const char *text) {
    size_t first = strlen(before), second = strlen(text) + 1;
    if (first + second > CHANNEL_COMMAND_BYTES - offer->command_bytes)
        return false;
    memcpy(offer->command + offer->command_bytes, before, first);
    memcpy(offer->command + offer->command_bytes + first, text, second);
    offer->command_bytes += (uint32_t)(first + second);
    return true;
}

bool offer_fill(struct channel_offer *offer, char *const *command, const char *term) {
    offer->command_bytes = 0;
    for (; *command; command++)
        if (!add(offer, "", *command))
            return false;
    return !term || !*term || (add(offer, "", "") && add(offer, "TERM=", term));
}
