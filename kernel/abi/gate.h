// SPDX-License-Identifier: MIT
/*
 * The call numbers of every gate group, and how a gate is called.
 *
 *   lcall $SELECTOR_GATE_x, $0
 *     in:   EAX = call number, EBX ECX EDX ESI EDI = arguments 1..5
 *     out:  EAX = enum status, EDX = value (0 if the call has none); all other registers unchanged
 *
 * The gate scrubs the caller's flags: DF, NT, TF and AC come back clear, IF set. Pointers are linear
 * addresses below the caller's fence (for a driver: offsets in its slot). The core copies what they
 * point at once, before it checks it.
 *
 * "Frames" are counted in pages of 4 KiB; times are nanoseconds since boot, in two halves low, high.
 */
#ifndef KERNEL_ABI_GATE_H
#define KERNEL_ABI_GATE_H

/* SELECTOR_GATE_MEMORY: frames and address spaces (kernel/abi/memory.h). */
enum memory_call {
    MEMORY_NULL,    /* () does nothing: the price of a gate */
    FRAME_BIND,     /* (first index, count <= FRAME_BATCH): give the indices zeroed frames, mapped
                             writable at MANAGER_WINDOW + index * PAGE_SIZE. All or none. NO_MEMORY
                             when the quota is used up, BUSY if one is bound already */
    FRAME_UNBIND,   /* (first, count <= FRAME_BATCH): give the frames back. BUSY while one is
                             mapped in a space or pinned by IO */
    SPACE_CREATE,   /* () -> space handle, an empty app space */
    SPACE_DESTROY,  /* (space): AGAIN until the last slice is done; BUSY if a thread uses it */
    SPACE_MAP,      /* (space, struct map_entry *, count <= MAP_BATCH): map, remap or unmap
                             pages; all or none. Or (space, 0, 1, address | flags, frame): one
                             page, the entry in registers. AGAIN: page tables were missing, more
                             than one call makes with so many entries; some are there now, no page
                             has changed */
    SPACE_UNMAP,    /* (space, address, pages) -> pages done; AGAIN if some are left */
    SPACE_ACTIVATE, /* (space or 0): the calling thread's app quarters become this space */
    MEMORY_STATUS,  /* (struct memory_status *) */
    MEMORY_CALL_COUNT
};

/* SELECTOR_GATE_THREAD: the calling tenant's manager and its threads (kernel/abi/thread.h, upcall.h). */
enum thread_call {
    THREAD_SELF,    /* () -> thread handle */
    THREAD_CREATE,  /* (struct thread_start *) -> handle; inherits the caller's FPU state and TLS,
                             and begins without an app space. NO_MEMORY beyond 1,024 threads, or
                             without quota */
    THREAD_EXIT,    /* (): does not return */
    THREAD_BLOCK,   /* (const u32 *word, expected, deadline low, high): sleep while *word ==
                             expected. OK woken, AGAIN the word differs, TIMED_OUT (perhaps THREAD_BLOCK_LEAD
                             early), INTERRUPTED by a poke that was pending or came. Deadline
                             DEADLINE_NEVER: none */
    THREAD_WAKE,    /* (const u32 *word, most) -> number of threads woken, <= THREAD_WAKE_BATCH */
    THREAD_POKE,    /* (thread): see kernel/abi/upcall.h */
    THREAD_YIELD,   /* () */
    THREAD_SET_TLS, /* (slot 0..2, descriptor low, high): an empty or a 32-bit data descriptor, cut
                             at the fence by the core */
    THREAD_TIMES,   /* (thread, struct thread_times *) */
    THREAD_SET_WEIGHT, /* (thread, weight 1..1000): share within the tenant; 100 at creation */
    MANAGER_REGISTER, /* (const struct manager_registration *): once, before the first thread goes to
                             ring 3; until then int 0x80 and upcalls kill the tenant */
    MANAGER_LOG,  /* (text, bytes <= 160): a line in the core's log, marked with the tenant; FULL:
                             too many of late, it was dropped */
    THREAD_CPU,   /* () -> the number of the CPU that the caller runs on */
    THREAD_PLACE, /* (thread, const struct thread_placement *): from now on. BAD_ARGUMENT: on no CPU, or values beyond the
                             greatest; NO_MEMORY; then it is as it was */
    THREAD_BARRIER, /* (): every other thread of the tenant that runs has passed a full memory barrier */
    MANAGER_EXIT, /* (enum manager_exit, text, bytes <= 95): the tenant ends; does not return */
    THREAD_CALL_COUNT
};

/* SELECTOR_GATE_IO: devices granted to the tenant (kernel/abi/io.h). */
enum io_call {
    IO_ATTACH, /* (device, frame index): this bound frame becomes the device's struct io_ring, of a
                             network device its struct network_ring (kernel/abi/network.h), pinned until
                             IO_DETACH */
    IO_DETACH, /* (device): BUSY while requests are in flight */
    IO_SUBMIT, /* (device, enum io_haste) -> entries accepted, at most IO_SUBMIT_BATCH: the doorbell,
                             to be rung again while more stand in the ring. FULL if the tenant's queue at the
                             device has no room for even one; a network device takes the others later
                             by itself */
    IO_STATUS, /* (device, struct io_status *) */
    IO_CALL_COUNT
};

/* SELECTOR_GATE_CHANNEL: byte channels from the operator (kernel/abi/channel.h), and links between tenants
 * (kernel/abi/link.h). */
enum channel_call {
    CHANNEL_ACCEPT,   /* () -> channel offered to this tenant; AGAIN if none */
    CHANNEL_DESCRIBE, /* (channel, struct channel_description *) */
    CHANNEL_READ,     /* (channel, stream, buffer, bytes) -> bytes; AGAIN if empty, GONE at end */
    CHANNEL_WRITE,    /* (channel, stream, buffer, bytes) -> bytes; AGAIN if full, GONE if closed */
    CHANNEL_SHUT,     /* (channel, stream): no more bytes will be written to (or read from) it */
    CHANNEL_SET_WINDOW, /* (channel, rows << 16 | columns) */
    CHANNEL_EXIT,       /* (channel, wait status): the command ended; the accepting side only */
    CHANNEL_CLOSE,      /* (channel): this end lets go; the channel dies with its second end */
    LINK_OFFER, /* (tenant, from port, to port) -> link; NOT_PERMITTED: there is no such tenant, or the two
                             may not talk; FULL: LINKS_MOST */
    LINK_ACCEPT,   /* () -> link offered to this tenant; AGAIN if none */
    LINK_DESCRIBE, /* (link, struct link_description *) */
    LINK_RING,     /* (link): an event for the other side; GONE: it has ended */
    LINK_CLOSE,    /* (link): its memory is gone from here */
    CHANNEL_CALL_COUNT
};

/* SELECTOR_GATE_CONTROL: the operator (kernel/abi/control.h). */
enum control_call {
    CONTROL_TENANT_CREATE,  /* (const struct tenant_configuration *) -> tenant */
    CONTROL_TENANT_DESTROY, /* (tenant): it stops at once; its frames come back in slices */
    CONTROL_TENANT_SET,     /* (struct tenant_changes *): all of them, or none */
    CONTROL_TENANT_STATUS, /* (tenant, struct tenant_status *): tenants are numbered from 0; GONE for a
                               hole, BAD_HANDLE past the last. TENANT_BY_NAME: the one that is called as its
                               configuration says; GONE if there is none */
    CONTROL_DRIVER_STATUS,  /* (driver, struct driver_status *): from 0; BAD_HANDLE past the last */
    CONTROL_DRIVER_CRASH,   /* (driver, enum crash_kind): make the driver execute this fault */
    CONTROL_DRIVER_RESTART, /* (driver) */
    CONTROL_TENANT_RESTART, /* (tenant) */
    CONTROL_CHANNEL_OPEN,   /* (const struct channel_offer *) -> channel */
    CONTROL_MACHINE_STATUS, /* (struct machine_status *) */
    CONTROL_DESCRIPTORS,    /* (struct descriptor_query *): decoded from the live tables */
    CONTROL_LOG_READ,       /* (struct log_query *) -> bytes */
    CONTROL_DEBUG_WRITE,    /* (frame type, buffer, bytes <= 4096): a frame on the debug port */
    CONTROL_AUDIT, /* (struct audit_result *): walk all page tables and objects, in slices */
    CONTROL_SYSCALL_COUNTS, /* (tenant, struct syscall_query *): the manager's published counters */
    CONTROL_DEVICE_MODEL, /* (driver, const struct device_model *): what requests cost its device; NO_MEMORY: more is
                             reserved than it could do */
    CONTROL_NETWORK_ALLOW, /* (tenant, tenant, 0|1): frames and links may pass between the two; not at first. AGAIN: no
                               frames do any more, but there are links left to be ended */
    CONTROL_POWER_OFF, /* () */
    CONTROL_CALL_COUNT,
    CONTROL_FAULT =
        CONTROL_CALL_COUNT /* (struct fault_block *), kernel/abi/fault.h: past the table, but
                               in a kernel built with -DTEST_FAULTS */
};

/* SELECTOR_GATE_DRIVER: the services of a ring-1 driver (kernel/abi/driver.h). */
enum driver_call {
    DRIVER_NULL,      /* () does nothing */
    DRIVER_WAIT,      /* (deadline low, high) -> event bits; ends the activation, re-arms the IRQs
                               that the driver has been told of */
    DRIVER_READY,     /* (const struct device_description *): the device works; requests may come */
    DRIVER_FETCH,     /* (struct driver_request *): next request; AGAIN if none */
    DRIVER_COMPLETE,  /* (request id, enum status, bytes transferred) */
    DRIVER_PCI_READ,  /* (offset, size 1|2|4) -> value, of its own function */
    DRIVER_PCI_WRITE, /* (offset, size, value): refused outside what a driver may change */
    DRIVER_BUS_MASTER, /* (0|1): ask the core to turn bus mastering off or on */
    DRIVER_RESET_DONE, /* (): the driver has seen its device's reset complete */
    DRIVER_LOG,        /* (text, bytes <= 160); FULL: too many of late, it was dropped */
    DRIVER_CALL_COUNT
};

#define DEADLINE_NEVER 0xFFFFFFFFFFFFFFFFull

#endif
