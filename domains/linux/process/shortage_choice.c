// SPDX-License-Identifier: MIT
#include "domains/linux/process/shortage_choice.h"

#define THOUSANDTHS 1000

uint32_t shortage_points(uint32_t frames, int32_t adjustment, uint32_t total) {
    int32_t share = (int32_t)(total / THOUSANDTHS) * adjustment +
                    (int32_t)(total % THOUSANDTHS) * adjustment / THOUSANDTHS;
    int32_t points = (int32_t)frames + share;

    if (adjustment <= -THOUSANDTHS)
        return 0;
    return points > 0 ? (uint32_t)points : 1;
}
