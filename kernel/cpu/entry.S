// SPDX-License-Identifier: MIT
/*
 * Interrupts and exceptions: into ring 0 and out again.
 *
 * Each vector has a stub that makes the stack look the same (a zero where the CPU pushes no error code) and
 * then comes to one of two common parts: `segment` (the core stays mapped: esp0 is the core stack) or
 * `paging` (esp0 is the entry stack, the only thing of the core in the outer view besides this text).
 *
 *      SS, ESP          only from an outer ring
 *      EFLAGS, CS, EIP
 *      error            the CPU, or 0
 *      vector           the stub
 *      EAX … EDI        pusha
 *      DS, ES, FS, GS                                  <- struct trap_frame
 *
 * From an outer ring: trap_from_outer(frame) on the core stack; it does not return, it resumes somebody.
 * From ring 0 (idle, a gate stub's first instruction, NMI, a fault in the exits below): load the inner view,
 * stay on the stack in use (the core stack, if the outer view was found), trap_nested(frame), restore the view
 * that was found, iret.
 *
 * What must hold: flags are scrubbed before C runs (AC, DF, NT, TF survive an interrupt gate or are the
 * interrupted ring's); nothing here reads memory of an outer ring.
 */
#include "kernel/cpu/offsets.h"
#include "kernel/layout.h"

        .section .entry, "ax"

.macro SAVE_AND_SCRUB
        pusha                           /* EAX … EDI as struct trap_frame has them */
        pushl %ds
        pushl %es
        pushl %fs
        pushl %gs
#if DEFENCE_TRAP_FLAG_SCRUB
        pushl $2                        /* IF, DF, NT, TF, AC: all clear */
        popfl
#endif
        pushl %ss                       /* SS is the core's data segment here, whoever came */
        popl %ds
        pushl %ss
        popl %es
.endm

/* From ring 0? CS alone does not tell: in virtual-8086 mode it is a paragraph. No CPU lets an outer ring get
 * there, but TCG does (kernel/cpu/fault.c). */
.macro JUMP_IF_NESTED target
        testb $3, TRAP_FRAME_CS(%esp)
        jnz 9f
#if DEFENCE_VIRTUAL_8086
        testl $EFLAGS_VIRTUAL, TRAP_FRAME_EFLAGS(%esp)
        jz \target
#else
        jmp \target
#endif
9:
.endm

/* ---- paging fence ---- */
entry_paging:
        SAVE_AND_SCRUB
        movl %cr3, %edi                 /* the view that was interrupted */
        movl ENTRY_TSS + TSS_CR3, %ecx  /* this CPU's inner view */
        cmpl %ecx, %edi
        je 1f
        movl %ecx, %cr3                 /* the core is mapped from here on */
1:      movl %esp, %esi                 /* struct trap_frame, on the entry stack or the stack in use */
        JUMP_IF_NESTED 2f
        movl $CORE_STACK_TOP, %esp      /* from an outer ring: the core stack is empty */
        pushl %esi
        call trap_from_outer            /* does not return */
2:      cmpl %ecx, %edi
        je 4f
        movl $CORE_STACK_TOP, %esp      /* the outer view was found: the core stack is empty, and C leaves */
4:      pushl %esi                      /* nothing on the entry stack, which outer rings can read */
        call trap_nested                /* may edit the frame (fixups) */
        movl %esi, %esp
        cmpl ENTRY_TSS + TSS_CR3, %edi
        je restore_nested
        movl %edi, %cr3                 /* back to the view that was found */
        jmp restore_nested

/* ---- segment fence: one view ---- */
entry_segment:
        SAVE_AND_SCRUB
        movl %esp, %esi
        JUMP_IF_NESTED 3f
        movl $CORE_STACK_TOP - RESUME_ROOM, %esp  /* below the frame that esp0 just took */
        pushl %esi
        call trap_from_outer            /* does not return */
3:      pushl %esi
        call trap_nested
        movl %esi, %esp
restore_nested:
        addl $8, %esp                   /* FS, GS: the core never changes them, and they may be stale */
        popl %es
        popl %ds
        popa
        addl $8, %esp                   /* vector, error */
        iret

/*
 * void resume_frame(struct trap_frame *frame, uint32_t outer_cr3)
 *
 * Leaves the core into an outer ring. `frame` is at the top of the entry stack (paging) or of the core stack
 * (segment). The segment pops and the iret may fault (a stale TLS selector, a target at the fence): each is
 * named in fixups below.
 */
        .global resume_frame
resume_frame:
        movl 8(%esp), %eax              /* outer view */
        movl 4(%esp), %esp              /* the frame */
        movl ENTRY_TSS + TSS_CR3, %ecx
        cmpl %eax, %ecx
        je resume_gs
        movl %eax, %cr3                 /* from here on only the entry area is mapped */
resume_gs:
        popl %gs
resume_fs:
        popl %fs
resume_es:
        popl %es
resume_ds:
        popl %ds
        popa
        addl $8, %esp                   /* vector, error */
resume_iret:
        iret

/* _Noreturn void run_on_core_stack(void (*function)(void)): forgets the stack in use. */
        .global run_on_core_stack
run_on_core_stack:
        movl 4(%esp), %eax
        movl $CORE_STACK_TOP - RESUME_ROOM, %esp
        call *%eax

/* A selector that no longer names anything becomes null, and the pop is tried again. */
.macro NULL_SELECTOR pop
null_\pop:
        movl $0, (%esp)
        jmp \pop
.endm
        NULL_SELECTOR resume_gs
        NULL_SELECTOR resume_fs
        NULL_SELECTOR resume_es
        NULL_SELECTOR resume_ds

/* ---- one stub a vector ---- */
.macro STUB kind, vector
        .align 4
stub_\kind\()_\vector:
  .if (\vector == 8) || (\vector >= 10 && \vector <= 14) || (\vector == 17) || (\vector == 21)
  .else
        pushl $0                        /* the CPU pushes no error code for this vector */
  .endif
        pushl $\vector
        jmp entry_\kind
.endm

        .altmacro
.macro STUBS kind
  .set vector, 0
  .rept 80
        STUB \kind, %vector
    .set vector, vector + 1
  .endr
.endm
        STUBS segment
        STUBS paging

/* ---- tables, in the core ---- */
.macro ADDRESS kind, vector
        .long stub_\kind\()_\vector
.endm
.macro ADDRESSES kind
  .set vector, 0
  .rept 80
        ADDRESS \kind, %vector
    .set vector, vector + 1
  .endr
.endm
        .section .rodata
        .align 4
        .global trap_stubs_segment, trap_stubs_paging, trap_fixups
trap_stubs_segment:
        ADDRESSES segment
trap_stubs_paging:
        ADDRESSES paging

/* Pairs: instruction that may fault, where to go on. FIXUP_ instead of a target: the fault is the domain's
 * own, and trap_nested ends it. */
trap_fixups:
#if DEFENCE_RESUME_FIXUPS
        .long resume_gs, null_resume_gs
        .long resume_fs, null_resume_fs
        .long resume_es, null_resume_es
        .long resume_ds, null_resume_ds
#endif
        .long resume_iret, FIXUP_RESUME
#if DEFENCE_GATE_FIXUPS
        .long gate_pop_es_segment, gate_null_es_segment
        .long gate_pop_ds_segment, gate_null_ds_segment
        .long gate_pop_es_paging, gate_null_es_paging
        .long gate_pop_ds_paging, gate_null_ds_paging
#endif
        .long gate_return_segment, FIXUP_GATE
        .long gate_return_paging, FIXUP_GATE
        .long 0, 0
        .section .note.GNU-stack, "", @progbits
