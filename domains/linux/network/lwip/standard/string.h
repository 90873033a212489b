// SPDX-License-Identifier: MIT
/* What lwIP takes from the C library. */
#include "domains/lib/memory.h"
