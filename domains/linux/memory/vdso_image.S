/* SPDX-License-Identifier: MIT */
/*
 * The vdso as it was linked from userland/vdso.
 */
#include "domains/linux/memory/vdso.h"

        .section .rodata
        .globl  vdso_image, vdso_image_end
vdso_image:
        .incbin "vdso.so"
vdso_image_end:
        .if     vdso_image_end - vdso_image > VDSO_CLOCK
        .error  "the vdso is too long"
        .endif
