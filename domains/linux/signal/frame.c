// SPDX-License-Identifier: MIT
/*
 * Building signal frames and returning from them. What comes back from the app may be anything:
 * selectors must be the app's own, flags are masked, and EIP must lie below the app's limit,
 * because `iret` to anything else would be a fault of the manager.
 */
#include "domains/linux/signal/frame.h"
#include "domains/linux/defence.h"
#include "domains/linux/entry/call.h"

#include "domains/lib/memory.h"
#include "domains/linux/entry/entry.h"
#include "domains/linux/errno.h"
#include "domains/linux/memory/space.h"
#include "domains/linux/memory/user.h"
#include "domains/linux/memory/vdso.h"
#include "domains/linux/process/fpu.h"
#include "domains/linux/signal/default.h"
#include "domains/linux/signal/fpu_image.h"

#include "kernel/abi/layout.h"

#define FPU_ALIGNMENT 64u

#define SS_ONSTACK 1u
#define SS_DISABLE 2u

struct signal_context {
    uint32_t gs, fs, es, ds;
    uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
    uint32_t vector, error, eip, cs, eflags, esp_at_signal, ss;
    uint32_t fpu;
    uint32_t mask; /* lower half */
    uint32_t address;
};

struct plain_frame {
    uint32_t return_address, signal;
    struct signal_context context;
    uint8_t unused_fpu[624];
    uint32_t mask_upper;
    uint8_t unused_code[8];
};

struct user_context {
    uint32_t flags, link;
    struct alternate_stack stack;
    struct signal_context context;
    uint32_t mask[2];
};

struct information_frame {
    uint32_t return_address, signal, information_address, context_address;
    int32_t information[SIGNAL_INFORMATION_BYTES / 4];
    struct user_context user;
    uint8_t unused_code[8];
};

_Static_assert(sizeof(struct signal_context) == 88, "as in Linux's struct sigcontext_32");
_Static_assert(offsetof(struct plain_frame, mask_upper) == 720, "as in Linux");
_Static_assert(offsetof(struct information_frame, user) == 144, "as in Linux");

/* ---- Stacks ---------------------------------------------------------------------------------- */

static bool is_on_alternate(const struct thread *thread, uint32_t esp) {
    const struct alternate_stack *stack = &thread->alternate;
    return stack->bytes != 0 && esp - stack->address - 1 < stack->bytes;
}

static uint32_t stack_for(const struct thread *thread, const struct signal_action *action,
                          uint32_t esp) {
    const struct alternate_stack *stack = &thread->alternate;
    if (action->flags & SA_ONSTACK && stack->bytes != 0 && !is_on_alternate(thread, esp))
        return stack->address + stack->bytes;
    return esp;
}

/* ESP + 4 is a multiple of 16 at a handler's start, as after a call. */
static uint32_t align_frame(uint32_t esp, uint32_t bytes) {
    return ((esp - bytes + 4) & ~15u) - 4;
}

/* ---- Pushing --------------------------------------------------------------------------------- */

static uint32_t current_gs(void) {
    uint32_t gs;
    __asm__ volatile("movl %%gs, %0" : "=r"(gs));
    return gs & 0xFFFF;
}

static uint32_t current_fs(void) {
    uint32_t fs;
    __asm__ volatile("movl %%fs, %0" : "=r"(fs));
    return fs & 0xFFFF;
}

static void fill_context(struct signal_context *context, const struct thread *thread,
                         const struct registers *registers, uint32_t fpu, signal_set mask) {
    *context = (struct signal_context){
        .gs = current_gs(),
        .fs = current_fs(),
        .es = registers->es & 0xFFFF,
        .ds = registers->ds & 0xFFFF,
        .edi = registers->edi,
        .esi = registers->esi,
        .ebp = registers->ebp,
        .esp = registers->esp,
        .ebx = registers->ebx,
        .edx = registers->edx,
        .ecx = registers->ecx,
        .eax = registers->eax,
        .vector = thread->fault_vector,
        .error = thread->fault_error,
        .eip = registers->eip,
        .cs = registers->cs & 0xFFFF,
        .eflags = registers->eflags,
        .esp_at_signal = registers->esp,
        .ss = registers->ss & 0xFFFF,
        .fpu = fpu,
        .mask = (uint32_t)mask,
        .address = thread->fault_address,
    };
}

/* Below *esp; answers where it lies. */
static int push_fpu(uint32_t *esp) {
    struct {
        struct fpu_legacy legacy;
        struct fpu_state state;
    } image;
    uint32_t at = (*esp - (uint32_t)sizeof(image.state)) & ~(FPU_ALIGNMENT - 1);
    at -= (uint32_t)sizeof(image.legacy);
    fpu_save(&image.state);
    fpu_to_legacy(&image.state, &image.legacy);
    *esp = at;
    return copy_out(at, &image, sizeof(image));
}

static uint32_t in_vdso(uint32_t offset) {
    return current_process()->space->vdso + offset;
}

static int push_plain(struct thread *thread, const struct signal_information *information,
                      const struct signal_action *action, signal_set mask,
                      const struct registers *registers, uint32_t fpu, uint32_t at) {
    struct {
        uint32_t return_address, signal;
        struct signal_context context;
    } head = {.signal = (uint32_t)information->signal};
    const uint32_t mask_upper = (uint32_t)(mask >> 32);
    head.return_address = action->flags & SA_RESTORER ? action->restorer : in_vdso(VDSO_SIGRETURN);
    fill_context(&head.context, thread, registers, fpu, mask);
    int error = copy_out(at, &head, sizeof(head));
    return error != 0 ? error
                      : copy_out(at + (uint32_t)offsetof(struct plain_frame, mask_upper),
                                 &mask_upper, sizeof(mask_upper));
}

static void fill_information(int32_t *words, const struct signal_information *information) {
    words[0] = information->signal;
    words[1] = information->error;
    words[2] = information->code;
    memcpy(words + 3, information->fields, sizeof(information->fields));
}

static uint32_t alternate_flags(const struct thread *thread, uint32_t esp) {
    if (thread->alternate.bytes == 0)
        return SS_DISABLE;
    return is_on_alternate(thread, esp) ? SS_ONSTACK : 0;
}

static int push_information(struct thread *thread, const struct signal_information *information,
                            const struct signal_action *action, signal_set mask,
                            const struct registers *registers, uint32_t fpu, uint32_t at) {
    struct information_frame frame = {.signal = (uint32_t)information->signal};
    frame.return_address =
        action->flags & SA_RESTORER ? action->restorer : in_vdso(VDSO_RT_SIGRETURN);
    frame.information_address = at + (uint32_t)offsetof(struct information_frame, information);
    frame.context_address = at + (uint32_t)offsetof(struct information_frame, user);
    fill_information(frame.information, information);
    frame.user.stack = thread->alternate;
    frame.user.stack.flags = alternate_flags(thread, registers->esp);
    fill_context(&frame.user.context, thread, registers, fpu, mask);
    frame.user.mask[0] = (uint32_t)mask;
    frame.user.mask[1] = (uint32_t)(mask >> 32);
    return copy_out(at, &frame, sizeof(frame));
}

static void start_handler(struct registers *registers, const struct signal_information *information,
                          const struct signal_action *action, uint32_t at) {
    bool with_information = action->flags & SA_SIGINFO;
    registers->eip = action->handler;
    registers->esp = at;
    registers->eax = (uint32_t)information->signal;
    registers->edx =
        with_information ? at + (uint32_t)offsetof(struct information_frame, information) : 0;
    registers->ecx = with_information ? at + (uint32_t)offsetof(struct information_frame, user) : 0;
    registers->eflags &= ~(uint32_t)(FLAG_DIRECTION | FLAG_TRAP);
    registers->ds = registers->es = registers->ss = SELECTOR_APP_DATA;
    fpu_reset();
}

int signal_frame_push(struct thread *thread, const struct signal_information *information,
                      const struct signal_action *action, signal_set mask,
                      struct registers *registers) {
    uint32_t esp = stack_for(thread, action, registers->esp), fpu, at;
    bool with_information = action->flags & SA_SIGINFO;
    if (action->handler >= APP_LIMIT || push_fpu(&esp) != 0)
        return -EFAULT;
    fpu = esp;
    at = align_frame(esp, with_information ? sizeof(struct information_frame)
                                           : sizeof(struct plain_frame));
    int error = with_information
                    ? push_information(thread, information, action, mask, registers, fpu, at)
                    : push_plain(thread, information, action, mask, registers, fpu, at);
    if (error == 0)
        start_handler(registers, information, action, at);
    return error;
}

void signal_frame_failed(struct thread *thread, int signal) {
    const struct signal_information fault = {.signal = SIGSEGV, .code = SI_KERNEL};
    if (signal == SIGSEGV)
        signal_action(thread->process, SIGSEGV)->handler = SIGNAL_DEFAULT;
    signal_force(&fault);
}

/* ---- Returning ------------------------------------------------------------------------------- */

static int load_fpu(uint32_t address) {
    struct {
        struct fpu_legacy legacy;
        struct fpu_state state;
    } image;
    if (address == 0) {
        fpu_reset();
        return 0;
    }
    if (copy_in(&image, address, sizeof(image)) != 0)
        return -EFAULT;
    fpu_load(&image.state);
    return 0;
}

static int load_context(const struct signal_context *context, struct registers *registers) {
    bool code_fits = !DEFENCE_SIGNAL_CODE || (context->cs & 0xFFFF) == SELECTOR_APP_CODE;
    bool instruction_fits = !DEFENCE_SIGNAL_INSTRUCTION || context->eip < APP_LIMIT;
    if (!code_fits || !instruction_fits || load_fpu(context->fpu) != 0)
        return -EFAULT;
    thread_load_segments(context->fs & 0xFFFF, context->gs & 0xFFFF);
    *registers = (struct registers){
        .ebx = context->ebx,
        .ecx = context->ecx,
        .edx = context->edx,
        .esi = context->esi,
        .edi = context->edi,
        .ebp = context->ebp,
        .eax = context->eax,
        .ds = context->ds & 0xFFFF,
        .es = context->es & 0xFFFF,
        .number = NO_SYSTEM_CALL,
        .eip = context->eip,
        .cs = DEFENCE_SIGNAL_CODE ? SELECTOR_APP_CODE : context->cs & 0xFFFF,
        .eflags = DEFENCE_SIGNAL_FLAGS
                      ? (context->eflags & FLAGS_OF_APP) | FLAG_FIXED | FLAG_INTERRUPT
                      : context->eflags,
        .esp = context->esp,
        .ss = context->ss & 0xFFFF,
    };
    return 0;
}

static int32_t return_to(const struct signal_context *context, signal_set mask) {
    struct registers *registers = app_registers(current_thread());
    signals_block(mask);
    if (load_context(context, registers) == 0)
        return (int32_t)registers->eax;
    registers->number = NO_SYSTEM_CALL;
    signal_frame_failed(current_thread(), SIGSEGV);
    return 0;
}

SYSTEM_CALL_0(sigreturn) {
    uint32_t at = app_registers(current_thread())->esp - 2 * (uint32_t)sizeof(uint32_t);
    struct signal_context context = {0};
    uint32_t mask_upper = 0;
    if (copy_in(&context, at + (uint32_t)offsetof(struct plain_frame, context), sizeof(context)) !=
            0 ||
        copy_in(&mask_upper, at + (uint32_t)offsetof(struct plain_frame, mask_upper),
                sizeof(mask_upper)) != 0)
        context.cs = 0;
    return return_to(&context, context.mask | (uint64_t)mask_upper << 32);
}

SYSTEM_CALL_0(rt_sigreturn) {
    uint32_t at = app_registers(current_thread())->esp - (uint32_t)sizeof(uint32_t);
    struct user_context user = {0};
    if (copy_in(&user, at + (uint32_t)offsetof(struct information_frame, user), sizeof(user)) != 0)
        user.context.cs = 0;
    else
        current_thread()->alternate =
            (user.stack.flags & SS_DISABLE)
                ? (struct alternate_stack){0}
                : (struct alternate_stack){user.stack.address, 0, user.stack.bytes};
    return return_to(&user.context, user.mask[0] | (uint64_t)user.mask[1] << 32);
}

/* ---- Alternate stacks ------------------------------------------------------------------------ */

#define STACK_LEAST 2048u

SYSTEM_CALL_2(sigaltstack, wanted, old) {
    struct thread *thread = current_thread();
    uint32_t esp = app_registers(thread)->esp;
    struct alternate_stack stack, before = thread->alternate;
    before.flags = alternate_flags(thread, esp);
    if (wanted != 0) {
        if (copy_in(&stack, wanted, sizeof(stack)) != 0)
            return -EFAULT;
        if (is_on_alternate(thread, esp))
            return -EPERM;
        if (stack.flags & ~(SS_DISABLE | SS_ONSTACK))
            return -EINVAL;
        if (stack.flags & SS_DISABLE)
            stack = (struct alternate_stack){0};
        else if (stack.bytes < STACK_LEAST)
            return -ENOMEM;
        stack.flags = 0;
        thread->alternate = stack;
    }
    return old != 0 ? copy_out(old, &before, sizeof(before)) : 0;
}
