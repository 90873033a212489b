// SPDX-License-Identifier: MIT
/* lwIP includes it for its diagnostics, which go through lwip_print(). */
#include <stddef.h>
