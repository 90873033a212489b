// SPDX-License-Identifier: MIT
/*
 * The instructions that are ring 0's: each is one attack from every outer ring, and the CPU's own answer
 * must be #GP or #UD. Plain data: what an entry does if it gets through is its last string.
 *
 * Operands: EAX and EDX are anything, 8(%%esp) is memory of the attacker's own, holding zeros. So what gets
 * through loads an empty table, or zero into a control register, which nobody can miss.
 */
#ifndef TESTS_ESCAPE_INSTRUCTIONS_H
#define TESTS_ESCAPE_INSTRUCTIONS_H

/* INSTRUCTION(identifier, "name", "text") */
#define PRIVILEGED_INSTRUCTIONS(INSTRUCTION)                                                       \
    INSTRUCTION(load_gdt_register, "load-gdt-register", "lgdt 8(%%esp)")                           \
    INSTRUCTION(load_idt_register, "load-idt-register", "lidt 8(%%esp)")                           \
    INSTRUCTION(load_ldt_register, "load-ldt-register", "lldt 8(%%esp)")                           \
    INSTRUCTION(load_task_register, "load-task-register", "ltr 8(%%esp)")                          \
    INSTRUCTION(read_cr0, "read-cr0", "movl %%cr0, %%eax")                                         \
    INSTRUCTION(read_cr2, "read-cr2", "movl %%cr2, %%eax")                                         \
    INSTRUCTION(read_cr3, "read-cr3", "movl %%cr3, %%eax")                                         \
    INSTRUCTION(read_cr4, "read-cr4", "movl %%cr4, %%eax")                                         \
    INSTRUCTION(write_cr0, "write-cr0", "movl %%eax, %%cr0")                                       \
    INSTRUCTION(write_cr2, "write-cr2", "movl %%eax, %%cr2")                                       \
    INSTRUCTION(write_cr3, "write-cr3", "movl %%eax, %%cr3")                                       \
    INSTRUCTION(write_cr4, "write-cr4", "movl %%eax, %%cr4")                                       \
    INSTRUCTION(read_debug_register, "read-debug-register", "movl %%dr7, %%eax")                   \
    INSTRUCTION(set_breakpoint_address, "set-breakpoint-address", "movl %%eax, %%dr0")             \
    INSTRUCTION(arm_breakpoint, "arm-breakpoint", "movl %%eax, %%dr7")                             \
    INSTRUCTION(load_machine_status, "load-machine-status", "lmsw %%ax")                           \
    INSTRUCTION(clear_task_switched, "clear-task-switched", "clts")                                \
    INSTRUCTION(halt, "halt", "hlt")                                                               \
    INSTRUCTION(drop_caches, "drop-caches", "invd")                                                \
    INSTRUCTION(write_back_caches, "write-back-caches", "wbinvd")                                  \
    INSTRUCTION(invalidate_page, "invalidate-page", "invlpg 8(%%esp)")                             \
    INSTRUCTION(invalidate_context, "invalidate-context", "invpcid 8(%%esp), %%eax")               \
    INSTRUCTION(read_msr, "read-msr", "rdmsr")                                                     \
    INSTRUCTION(write_msr, "write-msr", "wrmsr")                                                   \
    INSTRUCTION(set_extended_control, "set-extended-control", "xsetbv")                            \
    INSTRUCTION(leave_system, "leave-system", "sysexit")                                           \
    INSTRUCTION(leave_management, "leave-management", "rsm")                                       \
    INSTRUCTION(monitor_line, "monitor-line", "monitor")                                           \
    INSTRUCTION(wait_for_line, "wait-for-line", "mwait")                                           \
    INSTRUCTION(call_hypervisor, "call-hypervisor", "vmcall")                                      \
    INSTRUCTION(start_hypervisor, "start-hypervisor", "vmxon 8(%%esp)")

/* Those that the core turned off for outer rings: UMIP, CR4.PCE. */
#define FORBIDDEN_INSTRUCTIONS(INSTRUCTION)                                                        \
    INSTRUCTION(store_gdt_register, "store-gdt-register", "sgdt 8(%%esp)")                         \
    INSTRUCTION(store_idt_register, "store-idt-register", "sidt 8(%%esp)")                         \
    INSTRUCTION(store_ldt_register, "store-ldt-register", "sldt %%eax")                            \
    INSTRUCTION(store_task_register, "store-task-register", "str %%eax")                           \
    INSTRUCTION(store_machine_status, "store-machine-status", "smsw %%eax")                        \
    INSTRUCTION(read_counter, "read-counter", "rdpmc")

/* Executes one of them; ECX = 0 names the first counter, or an MSR of no interest. */
#define EXECUTE_INSTRUCTION(text)                                                                  \
    __asm__ volatile("pushl $0\n\t"                                                                \
                     "pushl $0\n\t"                                                                \
                     "pushl $0\n\t"                                                                \
                     "pushl $0\n\t" text "\n\t"                                                    \
                     "addl $16, %%esp"                                                             \
                     :                                                                             \
                     : "a"(0), "c"(0), "d"(0)                                                      \
                     : "memory", "cc")

#endif
