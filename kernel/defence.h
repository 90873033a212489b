// SPDX-License-Identifier: MIT
/*
 * The core's defences by name. Each is 1; `make escape-control` builds the core with one of them 0
 * and expects the attack that it stops (tests/escape) to succeed. A test that nothing can fail
 * proves nothing, and a defence whose removal nobody notices defends nothing.
 */
#ifndef KERNEL_DEFENCE_H
#define KERNEL_DEFENCE_H

/* ---- Segments ---- */

/* An app's segments end at 2 GiB. */
#ifndef DEFENCE_APP_LIMIT
#define DEFENCE_APP_LIMIT 1
#endif

/* A manager's segments end at 3 GiB. */
#ifndef DEFENCE_MANAGER_LIMIT
#define DEFENCE_MANAGER_LIMIT 1
#endif

/* A driver's segments are its slot. */
#ifndef DEFENCE_DRIVER_LIMIT
#define DEFENCE_DRIVER_LIMIT 1
#endif
/* TLS segments end at the app's fence */
#ifndef DEFENCE_TLS_CUT
#define DEFENCE_TLS_CUT 1
#endif
/* TLS segments begin below the app's fence */
#ifndef DEFENCE_TLS_BASE
#define DEFENCE_TLS_BASE 1
#endif

/* No 16-bit stack: `iret` to one leaks ESP. */
#ifndef DEFENCE_TLS_32_BIT
#define DEFENCE_TLS_32_BIT 1
#endif

/* No TLS segment while a driver runs. */
#ifndef DEFENCE_TLS_EMPTY_FOR_DRIVERS
#define DEFENCE_TLS_EMPTY_FOR_DRIVERS 1
#endif

/* The fence's probe leaves no segment behind. */
#ifndef DEFENCE_PROBE_SEGMENTS_CLEARED
#define DEFENCE_PROBE_SEGMENTS_CLEARED 1
#endif

/* A TLS segment is data of ring 3: no gate, no code, no task. */
#ifndef DEFENCE_TLS_DATA_ONLY
#define DEFENCE_TLS_DATA_ONLY 1
#endif

/* Its accessed bit is set, so that loading it writes nothing to the GDT. */
#ifndef DEFENCE_TLS_ACCESSED
#define DEFENCE_TLS_ACCESSED 1
#endif

/* TLS slots end with the third. */
#ifndef DEFENCE_TLS_SLOT_BOUND
#define DEFENCE_TLS_SLOT_BOUND 1
#endif

/* ---- Views and pages ---- */

/* Paging fence: a tenant runs without the core mapped. */
#ifndef DEFENCE_OUTER_VIEW
#define DEFENCE_OUTER_VIEW 1
#endif

/* Paging fence: a driver runs with its slot alone. */
#ifndef DEFENCE_DRIVER_VIEW
#define DEFENCE_DRIVER_VIEW 1
#endif

/* Paging fence: GDT, IDT, TSS, entry text. */
#ifndef DEFENCE_TABLES_READ_ONLY
#define DEFENCE_TABLES_READ_ONLY 1
#endif

/* Ring 3 has no right to a manager's data. */
#ifndef DEFENCE_MANAGER_SUPERVISOR
#define DEFENCE_MANAGER_SUPERVISOR 1
#endif
/* LDT and information page in a domain's own memory */
#ifndef DEFENCE_CORE_PAGES_READ_ONLY
#define DEFENCE_CORE_PAGES_READ_ONLY 1
#endif

/* Manager text is shared by all tenants. */
#ifndef DEFENCE_SHARED_TEXT_READ_ONLY
#define DEFENCE_SHARED_TEXT_READ_ONLY 1
#endif

/* A driver's text is no data. */
#ifndef DEFENCE_DRIVER_TEXT_READ_ONLY
#define DEFENCE_DRIVER_TEXT_READ_ONLY 1
#endif

/* Data is no code. */
#ifndef DEFENCE_NO_EXECUTE
#define DEFENCE_NO_EXECUTE 1
#endif

/* Rings 0 to 2 execute no app page. */
#ifndef DEFENCE_SMEP
#define DEFENCE_SMEP 1
#endif

/* The entry area is no memory of ring 3's. */
#ifndef DEFENCE_ENTRY_SUPERVISOR
#define DEFENCE_ENTRY_SUPERVISOR 1
#endif

/* ---- Gates, tasks, flags, ports ---- */

/* Gates into the core are not for ring 3. */
#ifndef DEFENCE_CALL_GATE_LEVEL
#define DEFENCE_CALL_GATE_LEVEL 1
#endif

/* Only the operator's LDT has the control gate. */
#ifndef DEFENCE_CONTROL_GATE_ABSENT
#define DEFENCE_CONTROL_GATE_ABSENT 1
#endif
/* `int n` reaches no hardware vector */
#ifndef DEFENCE_INTERRUPT_GATE_LEVEL
#define DEFENCE_INTERRUPT_GATE_LEVEL 1
#endif

/* No far call to a TSS. */
#ifndef DEFENCE_TASK_LEVEL
#define DEFENCE_TASK_LEVEL 1
#endif
/* `iret` with NT set has no task to return to */
#ifndef DEFENCE_NO_TASK_LINK
#define DEFENCE_NO_TASK_LINK 1
#endif
/* DF, NT, TF and AC do not enter by a gate */
#ifndef DEFENCE_GATE_FLAG_SCRUB
#define DEFENCE_GATE_FLAG_SCRUB 1
#endif
/* #DB on a gate's first instruction */
#ifndef DEFENCE_GATE_DEBUG_WINDOW
#define DEFENCE_GATE_DEBUG_WINDOW 1
#endif

/* #DB on the manager's first instruction, by an app's `lcall`. */
#ifndef DEFENCE_MANAGER_DEBUG_WINDOW
#define DEFENCE_MANAGER_DEBUG_WINDOW 1
#endif

/* Call numbers end where the table does. */
#ifndef DEFENCE_GATE_CALL_BOUND
#define DEFENCE_GATE_CALL_BOUND 1
#endif

/* A gate's way out survives a stale selector. */
#ifndef DEFENCE_GATE_FIXUPS
#define DEFENCE_GATE_FIXUPS 1
#endif

/* So does the way out by `iret`. */
#ifndef DEFENCE_RESUME_FIXUPS
#define DEFENCE_RESUME_FIXUPS 1
#endif
/* DF does not enter by an exception */
#ifndef DEFENCE_TRAP_FLAG_SCRUB
#define DEFENCE_TRAP_FLAG_SCRUB 1
#endif

/* Virtual-8086 mode is an outer ring, whatever its CS looks like. */
#ifndef DEFENCE_VIRTUAL_8086
#define DEFENCE_VIRTUAL_8086 1
#endif

/* No `cli` outside of ring 0. */
#ifndef DEFENCE_IOPL_ZERO
#define DEFENCE_IOPL_ZERO 1
#endif

/* The port bitmap starts closed. */
#ifndef DEFENCE_PORTS_DENIED
#define DEFENCE_PORTS_DENIED 1
#endif

/* No bitmap while a tenant runs. */
#ifndef DEFENCE_TENANT_PORTS_CLOSED
#define DEFENCE_TENANT_PORTS_CLOSED 1
#endif

/* A driver's ports close when another runs. */
#ifndef DEFENCE_DRIVER_PORTS_CLOSED
#define DEFENCE_DRIVER_PORTS_CLOSED 1
#endif

/* The tables' addresses are not told. */
#ifndef DEFENCE_UMIP
#define DEFENCE_UMIP 1
#endif
/* `sysenter` leads nowhere */
#ifndef DEFENCE_SYSENTER_OFF
#define DEFENCE_SYSENTER_OFF 1
#endif

/* Each thread has its own FPU registers. */
#ifndef DEFENCE_FPU_SWITCH
#define DEFENCE_FPU_SWITCH 1
#endif

/* A driver cannot see a tenant's. */
#ifndef DEFENCE_FPU_CLOSED_TO_DRIVERS
#define DEFENCE_FPU_CLOSED_TO_DRIVERS 1
#endif

/* No `rdpmc` outside of ring 0. */
#ifndef DEFENCE_COUNTERS_CLOSED
#define DEFENCE_COUNTERS_CLOSED 1
#endif

/* ---- What a domain asks for ---- */

/* A driver's pointers lie in its slot. */
#ifndef DEFENCE_COPY_RANGE
#define DEFENCE_COPY_RANGE 1
#endif

/* The core writes where the caller could. */
#ifndef DEFENCE_COPY_WRITABLE
#define DEFENCE_COPY_WRITABLE 1
#endif

/* Frame indices end with the window. */
#ifndef DEFENCE_FRAME_INDEX_BOUND
#define DEFENCE_FRAME_INDEX_BOUND 1
#endif

/* No frame beyond the reservation. */
#ifndef DEFENCE_FRAME_QUOTA
#define DEFENCE_FRAME_QUOTA 1
#endif

/* A frame comes without its last owner's data. */
#ifndef DEFENCE_FRAME_ZERO
#define DEFENCE_FRAME_ZERO 1
#endif

/* A page that was taken away is forgotten by every CPU. */
#ifndef DEFENCE_TLB_SHOOTDOWN
#define DEFENCE_TLB_SHOOTDOWN 1
#endif

/* A frame in use is not given back. */
#ifndef DEFENCE_UNBIND_IN_USE
#define DEFENCE_UNBIND_IN_USE 1
#endif

/* Maps stay where the caller may map. */
#ifndef DEFENCE_MAP_RANGE
#define DEFENCE_MAP_RANGE 1
#endif

/* A tenant maps its own image alone. */
#ifndef DEFENCE_IMAGE_GRANT
#define DEFENCE_IMAGE_GRANT 1
#endif

/* And only to read. */
#ifndef DEFENCE_IMAGE_READ_ONLY
#define DEFENCE_IMAGE_READ_ONLY 1
#endif

/* Device handles end with the table. */
#ifndef DEFENCE_DEVICE_BOUND
#define DEFENCE_DEVICE_BOUND 1
#endif

/* No more entries than a ring holds. */
#ifndef DEFENCE_RING_COUNTERS
#define DEFENCE_RING_COUNTERS 1
#endif
/* IO stays in the volume */
#ifndef DEFENCE_VOLUME_BOUND
#define DEFENCE_VOLUME_BOUND 1
#endif
/* IO stays in the frame */
#ifndef DEFENCE_IO_OFFSET
#define DEFENCE_IO_OFFSET 1
#endif

/* A copy is all or nothing. */
#ifndef DEFENCE_COPY_WHOLE
#define DEFENCE_COPY_WHOLE 1
#endif

/* Who sleeps on a word names a whole one. */
#ifndef DEFENCE_WORD_ALIGNED
#define DEFENCE_WORD_ALIGNED 1
#endif

/* A text fits the core's buffer. */
#ifndef DEFENCE_TEXT_BOUND
#define DEFENCE_TEXT_BOUND 1
#endif

/* A line of the log is one line. */
#ifndef DEFENCE_LOG_PRINTABLE
#define DEFENCE_LOG_PRINTABLE 1
#endif

/* Nobody fills the log alone. */
#ifndef DEFENCE_LOG_LIMIT
#define DEFENCE_LOG_LIMIT 1
#endif

/* A thread begins, and its stacks lie, in its manager. */
#ifndef DEFENCE_THREAD_RANGE
#define DEFENCE_THREAD_RANGE 1
#endif

/* A thread has some weight. */
#ifndef DEFENCE_WEIGHT_BOUND
#define DEFENCE_WEIGHT_BOUND 1
#endif

/* No more map entries than the core has room for. */
#ifndef DEFENCE_MAP_BATCH_BOUND
#define DEFENCE_MAP_BATCH_BOUND 1
#endif

/* Map flags mean something. */
#ifndef DEFENCE_MAP_FLAGS_KNOWN
#define DEFENCE_MAP_FLAGS_KNOWN 1
#endif

/* Only bound frames are mapped. */
#ifndef DEFENCE_MAP_BOUND_FRAME
#define DEFENCE_MAP_BOUND_FRAME 1
#endif

/* Images end. */
#ifndef DEFENCE_IMAGE_END
#define DEFENCE_IMAGE_END 1
#endif

/* A space that a thread runs in stays. */
#ifndef DEFENCE_SPACE_IN_USE
#define DEFENCE_SPACE_IN_USE 1
#endif

/* Frames are bound and given back in batches. */
#ifndef DEFENCE_FRAME_BATCH_BOUND
#define DEFENCE_FRAME_BATCH_BOUND 1
#endif

/* Indices are bound within the reservation. */
#ifndef DEFENCE_BIND_BOUND
#define DEFENCE_BIND_BOUND 1
#endif

/* An index has one frame. */
#ifndef DEFENCE_BIND_TWICE
#define DEFENCE_BIND_TWICE 1
#endif

/* Only what is bound is given back. */
#ifndef DEFENCE_UNBIND_UNBOUND
#define DEFENCE_UNBIND_UNBOUND 1
#endif

/* A request has bytes, and frames for all of them. */
#ifndef DEFENCE_IO_LENGTH
#define DEFENCE_IO_LENGTH 1
#endif

/* IO goes to bound frames. */
#ifndef DEFENCE_IO_BOUND_FRAME
#define DEFENCE_IO_BOUND_FRAME 1
#endif

/* Block IO is in whole sectors. */
#ifndef DEFENCE_IO_ALIGNED
#define DEFENCE_IO_ALIGNED 1
#endif

/* A ring is a bound frame. */
#ifndef DEFENCE_RING_BOUND_FRAME
#define DEFENCE_RING_BOUND_FRAME 1
#endif

/* A device has one ring a tenant. */
#ifndef DEFENCE_RING_ONCE
#define DEFENCE_RING_ONCE 1
#endif

/* Who submits has a ring. */
#ifndef DEFENCE_RING_ATTACHED
#define DEFENCE_RING_ATTACHED 1
#endif

/* A ring stays while requests are in flight. */
#ifndef DEFENCE_DETACH_IN_FLIGHT
#define DEFENCE_DETACH_IN_FLIGHT 1
#endif

/* ---- Network ---- */

/* A frame, and the buffer for one, lies within one page. */
#ifndef DEFENCE_NETWORK_BUFFER_BOUND
#define DEFENCE_NETWORK_BUFFER_BOUND 1
#endif

/* Who sends says who it is. */
#ifndef DEFENCE_NETWORK_SENDER
#define DEFENCE_NETWORK_SENDER 1
#endif

/* Two tenants talk only if they may. */
#ifndef DEFENCE_NETWORK_POLICY
#define DEFENCE_NETWORK_POLICY 1
#endif

/* ---- Links ---- */

/* A link needs the operator's leave. */
#ifndef DEFENCE_LINK_POLICY
#define DEFENCE_LINK_POLICY 1
#endif

/* An acceptor sees the offerer's pages only while the offerer has them. */
#ifndef DEFENCE_LINK_REVOKED
#define DEFENCE_LINK_REVOKED 1
#endif

/* ---- Drivers ---- */

/* Ports by number are an ISA device's. */
#ifndef DEFENCE_FIXED_PORTS
#define DEFENCE_FIXED_PORTS 1
#endif

/* Ports have one owner. */
#ifndef DEFENCE_PORT_OWNERS
#define DEFENCE_PORT_OWNERS 1
#endif

/* The core's interrupt lines are its own. */
#ifndef DEFENCE_LINE_OWNERS
#define DEFENCE_LINE_OWNERS 1
#endif

/* The table of a function's interrupt messages is in no driver's slot. */
#ifndef DEFENCE_MESSAGE_TABLE
#define DEFENCE_MESSAGE_TABLE 1
#endif

/* A manifest's fixed device memory is an ISA device's: not the local APIC, not a PCI function's. */
#ifndef DEFENCE_FIXED_DEVICE_MEMORY
#define DEFENCE_FIXED_DEVICE_MEMORY 1
#endif

/* Bus mastering for drivers with DMA alone. */
#ifndef DEFENCE_BUS_MASTER_GRANT
#define DEFENCE_BUS_MASTER_GRANT 1
#endif

/* Configuration registers are the core's. */
#ifndef DEFENCE_PCI_WRITE_FILTER
#define DEFENCE_PCI_WRITE_FILTER 1
#endif

/* Only requests in flight are completed. */
#ifndef DEFENCE_COMPLETION_CHECK
#define DEFENCE_COMPLETION_CHECK 1
#endif

/* A restart begins with a fresh copy. */
#ifndef DEFENCE_PRISTINE_RESTART
#define DEFENCE_PRISTINE_RESTART 1
#endif

/* An activation ends in time. */
#ifndef DEFENCE_DRIVER_BUDGET
#define DEFENCE_DRIVER_BUDGET 1
#endif

/* And so does being awake. */
#ifndef DEFENCE_DRIVER_REST
#define DEFENCE_DRIVER_REST 1
#endif

/* A driver gets ready once. */
#ifndef DEFENCE_READY_ONCE
#define DEFENCE_READY_ONCE 1
#endif

/* A function's registers end. */
#ifndef DEFENCE_PCI_REGISTER_BOUND
#define DEFENCE_PCI_REGISTER_BOUND 1
#endif

#endif
