// SPDX-License-Identifier: MIT
/*
 * Call gates: from ring 1 and 2 into ring 0 and back.
 *
 * A call gate changes no flags: NT, TF, DF, AC arrive as the caller set them, and IF stays on. So the first
 * two instructions scrub all of them at once; a #DB or an interrupt can still hit these two, on the
 * caller's view, and trap_nested copes with it (between gate_first and gate_scrubbed TF is cleared).
 *
 *      SS, ESP, CS, EIP      the CPU, from the caller
 *      EAX … EDI             pusha: call number and arguments
 *      DS, ES                                              <- EBX = struct gate_frame
 *
 * Each group has a stub of its own for each fence, since the gate in the LDT is the capability: it loads the
 * group's table and count (absolute symbols …_CALLS, from kernel/cpu/cpu.c). The handler answers a status in EAX. At the end, if anybody asked for the scheduler
 * (the handler blocked or ended the caller, or an interrupt came at the stub's start), gate_switch() saves the
 * caller and does not return. Else the caller goes on by `retf`, which restores no flags: `sti` before it
 * takes effect only after it.
 */
#include "kernel/cpu/offsets.h"
#include "kernel/layout.h"

/* enum status is C; the one value that assembly needs, checked in kernel/cpu/cpu.c. */
#define STATUS_BAD_CALL_VALUE 1

        .section .entry, "ax"

.macro GATE group, fence
        .align 16
        .global gate_\group\()_\fence
gate_\group\()_\fence:
#if DEFENCE_GATE_FLAG_SCRUB
        pushl $GATE_FLAGS
        popfl                           /* IF, DF, NT, TF, AC: all clear */
#else
        cli
#endif
gate_\group\()_\fence\()_scrubbed:
        pusha
        movl $\group\()_gate, %edi      /* the group's handlers; EDI is saved */
        movl $\group\()_CALLS, %ebp
        jmp gate_common_\fence
.endm

.macro GATE_EXIT fence
gate_pop_es_\fence:
        popl %es
gate_pop_ds_\fence:
        popl %ds
        popa
        sti                             /* takes effect after the next instruction */
gate_return_\fence:
        lret
gate_null_es_\fence:
        movl $0, (%esp)                 /* the selector went away meanwhile: null it, try again */
        jmp gate_pop_es_\fence
gate_null_ds_\fence:
        movl $0, (%esp)
        jmp gate_pop_ds_\fence
        .global gate_pop_es_\fence, gate_pop_ds_\fence, gate_return_\fence
        .global gate_null_es_\fence, gate_null_ds_\fence
.endm

/* kernel/cpu/stretch.h */
.macro TIME_HANDLER
#if TEST_STRETCH
        pushl %eax
        pushl (%edi, %eax, 4)
        pushl $CPU_LOCAL
        call stretch_begin
        addl $8, %esp
        popl %eax
#endif
.endm

.macro TIMED_HANDLER
#if TEST_STRETCH
        pushl $CPU_LOCAL
        call stretch_end
#endif
.endm

.macro CALL_HANDLER
        cmpl $0, core_lock_waiters      /* the one core lock: kernel/cpu/core_lock.c */
        jne 2f
        lock btsl $0, core_lock
        jc 2f
6:
#if DEFENCE_GATE_CALL_BOUND
        cmpl %ebp, %eax
        jae 3f                          /* no such call */
#endif
        TIME_HANDLER
        pushl %ebx
        call *(%edi, %eax, 4)           /* uint32_t handler(struct gate_frame *) */
4:      cmpl $0, CPU_LOCAL + CPU_RESCHEDULE
        jne 5f
        movl %eax, GATE_FRAME_EAX(%ebx)
        TIMED_HANDLER
        movl $0, core_lock
.endm

/* Off the straight path of CALL_HANDLER: another CPU has the lock. Only here can it have taken the thread away. */
.macro CALL_HANDLER_REST
2:      pushl %eax                      /* the call's number */
        call core_lock_wait             /* keeps EBX, EDI, EBP */
        popl %eax
        cmpl $0, CPU_LOCAL + CPU_CURRENT
        jne 6b
        jmp 5f                          /* nobody to answer: a status that nobody sees */
3:      movl $STATUS_BAD_CALL_VALUE, %eax
        jmp 4b
5:      movl $CORE_STACK_TOP - RESUME_ROOM, %esp  /* clear of both frames */
        pushl %eax
        pushl %ebx
        call gate_switch                /* (frame, status): does not return */
.endm

gate_common_segment:
        pushl %ds
        pushl %es
        pushl %ss
        popl %ds
        pushl %ss
        popl %es
        movl %esp, %ebx                 /* esp0 is the core stack: stay on it */
        CALL_HANDLER
        movl %ebx, %esp
        GATE_EXIT segment
        CALL_HANDLER_REST

gate_common_paging:
        pushl %ds
        pushl %es
        pushl %ss
        popl %ds
        pushl %ss
        popl %es
        movl ENTRY_TSS + TSS_CR3, %ecx
        movl %ecx, %cr3                 /* the core is mapped from here on */
        movl %esp, %ebx                 /* the frame, on the entry stack */
        movl $CORE_STACK_TOP, %esp
        CALL_HANDLER
        movl CPU_LOCAL + CPU_OUTER_CR3, %ecx
        movl %ebx, %esp
        movl %ecx, %cr3                 /* from here on only the entry area is mapped */
        GATE_EXIT paging
        CALL_HANDLER_REST

.macro GATES fence
        .global gate_first_\fence, gate_last_\fence
gate_first_\fence:
        GATE memory, \fence
        GATE thread, \fence
        GATE io, \fence
        GATE channel, \fence
        GATE control, \fence
        GATE driver, \fence
gate_last_\fence:
.endm
        GATES segment
        GATES paging

/* The cheapest call there is: what a gate costs. */
        .text
        .global gate_null
gate_null:
        xorl %eax, %eax
        ret
        .section .note.GNU-stack, "", @progbits
