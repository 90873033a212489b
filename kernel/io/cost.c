// SPDX-License-Identifier: MIT
/*
 * See cost.h. A model's values are at most COST_MAX, so that no sum here overflows: 65,536 bytes at a second a
 * megabyte and a second of base are less than 2^32 nanoseconds.
 */
#include "kernel/io/cost.h"

#define MEGABYTE_SHIFT 20
#define SECOND         1000000000u

uint32_t cost_of(const struct cost_model *model, bool writes, bool goes_on, uint32_t bytes) {
    uint64_t moving = (uint64_t)bytes * model->per_megabyte[writes] >> MEGABYTE_SHIFT;
    uint32_t cost = model->base[writes][goes_on] + (uint32_t)moving;
    return cost != 0 ? cost : 1;
}

uint32_t cost_of_reference(const struct cost_model *model) {
    return cost_of(model, false, false, COST_REFERENCE_BYTES);
}

uint32_t cost_capacity(const struct cost_model *model) {
    return SECOND / cost_of_reference(model);
}
