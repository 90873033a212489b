# SPDX-License-Identifier: MIT
"""The attacks from ring 1: a driver that means harm (drivers/test/hostile), and those whose
manifests do."""

from functools import partial

from escape.attack import (
    CROSSING,
    FAR,
    FAR_JUMP,
    FAULT_OF_PAGE,
    FETCH,
    INVALID_OPCODE,
    JUMP,
    NO_FPU,
    PROTECTION,
    REFUSED,
    SENTENCE,
    SEVERAL,
    TASK,
    THE_CPU,
    attack,
    both,
    instruction_attacks,
)

attack = partial(attack, 1)

FENCE = {"segment": "DRIVER_LIMIT", "paging": "DRIVER_VIEW"}
TABLES = {"segment": "DRIVER_LIMIT", "paging": "TABLES_READ_ONLY"}
LIMIT = {"segment": "DRIVER_LIMIT", "because": SEVERAL}
# The fault is at the jump, in its own image, not in what the jump led to.
JUMP_OUT = {"segment": r"ring 1: #GP\b.* at 000d:000", "paging": JUMP["paging"]}
STEPPED_ON = {"segment": CROSSING["segment"], "paging": REFUSED["paging"]}

ATTACKS = [
    attack("read_core", "reads the core's memory", CROSSING, **FENCE),
    attack("write_core", "writes it", CROSSING, **FENCE),
    attack("execute_core", "jumps into the core", JUMP, **FENCE),
    attack("push_into_core", "a stack in the core", CROSSING, **FENCE),
    attack("read_driver", "reads another driver's slot", CROSSING, **FENCE),
    attack("write_driver", "writes another driver's stack", CROSSING, **FENCE),
    attack("read_tenant", "reads a manager's memory", CROSSING, **FENCE),
    attack("write_tenant", "writes a manager's stack", CROSSING, **FENCE),
    attack("write_gdt", "writes the GDT", CROSSING, **TABLES),
    attack("write_ldt", "writes its own LDT", FAULT_OF_PAGE, "CORE_PAGES_READ_ONLY"),
    attack(
        "write_information",
        "writes what the core says of it",
        FAULT_OF_PAGE,
        "CORE_PAGES_READ_ONLY",
    ),
    attack("write_text", "writes its own text", FAULT_OF_PAGE, "DRIVER_TEXT_READ_ONLY"),
    attack("execute_data", "executes data", FETCH, "NO_EXECUTE"),
    attack("load_tls", "loads a tenant's TLS segment", PROTECTION, "TLS_EMPTY_FOR_DRIVERS"),
    attack("read_fpu_registers", "a tenant's XMM0", NO_FPU, "FPU_CLOSED_TO_DRIVERS"),
    attack("read_foreign_port", "another driver's port", PROTECTION, "DRIVER_PORTS_CLOSED"),
    attack("write_core_port", "the interrupt controller's port", PROTECTION, "PORTS_DENIED"),
    attack("disable_interrupts", "`cli`", PROTECTION, "IOPL_ZERO"),
    attack("forge_interrupt", "`int` to a device's vector", PROTECTION, "INTERRUPT_GATE_LEVEL"),
    attack("direction_into_gate", "a gate call with DF set", REFUSED, "GATE_FLAG_SCRUB"),
    attack("trap_into_gate", "a gate call with TF set", REFUSED, "GATE_DEBUG_WINDOW"),
    attack("call_past_table", "a call number past the table", REFUSED, "GATE_CALL_BOUND"),
    attack("log_past_slot", "a pointer past its slot", REFUSED, "COPY_RANGE"),
    attack(
        "complete_unasked", "completes a request that nobody made", SENTENCE, "COMPLETION_CHECK"
    ),
    attack("master_bus", "turns bus mastering on without DMA", REFUSED, "BUS_MASTER_GRANT"),
    attack("write_configuration", "writes a PCI command register", REFUSED, "PCI_WRITE_FILTER"),
    attack("survive_restart", "leaves data for its next copy", INVALID_OPCODE, "PRISTINE_RESTART"),
    # More of the same lines.
    attack("execute_driver", "jumps into another driver's text", JUMP_OUT, **FENCE),
    attack("execute_tenant", "jumps into a manager's text", JUMP_OUT, **FENCE),
    attack("read_frame_window", "reads all frames of a tenant", CROSSING, **FENCE),
    attack("write_idt", "writes the IDT", CROSSING, **TABLES),
    attack("write_tss", "writes the TSS", CROSSING, **TABLES),
    attack("write_fault_task", "writes the TSS of #DF", CROSSING, **TABLES),
    attack("write_port_bitmap", "writes the port bitmap", CROSSING, **TABLES),
    attack("write_entry_text", "writes the entry stubs", CROSSING, **TABLES),
    attack(
        "execute_entry_text", "jumps into them", both(r"ring 1: #(GP|SS|PF|UD)\b"), because=SEVERAL
    ),
    attack("write_entry_stack", "fills the entry stack", STEPPED_ON, **LIMIT),
    attack("execute_stack", "executes its stack", FETCH, "NO_EXECUTE"),
    attack("execute_bounce", "executes a tenant's bytes", FETCH, "NO_EXECUTE"),
    # Each segment register, string instructions, the stack, the very edge.
    attack("read_by_cs", "reads the core with a CS prefix", CROSSING, **FENCE),
    attack("read_by_ss", "with SS", CROSSING, **FENCE),
    attack("read_by_es", "with ES", CROSSING, **FENCE),
    attack("read_by_fs", "with FS", CROSSING, **FENCE),
    attack("read_by_gs", "with GS", CROSSING, **FENCE),
    attack("write_by_ss", "writes the core with an SS prefix", CROSSING, **FENCE),
    attack("write_by_es", "with ES", CROSSING, **FENCE),
    attack("write_by_fs", "with FS", CROSSING, **FENCE),
    attack("write_by_gs", "with GS", CROSSING, **FENCE),
    attack("read_first_byte", "the first byte behind the slot", CROSSING, **LIMIT),
    attack("straddle_slot", "a word, half of it behind the slot", CROSSING, **LIMIT),
    attack("read_below_slot", "a negative offset: the slot before it", CROSSING, **FENCE),
    attack("wrap_around", "a word over the end of the 4 GiB", CROSSING, **LIMIT),
    attack("copy_from_core", "`rep movs` from the core", CROSSING, **FENCE),
    attack("copy_into_core", "`rep movs` into it", CROSSING, **FENCE),
    attack("fill_core", "`rep stos`", CROSSING, **FENCE),
    attack("compare_with_core", "`repe cmps`", CROSSING, **FENCE),
    attack("scan_core", "`repne scas`", CROSSING, **FENCE),
    attack("call_on_core_stack", "a near call with ESP in the core", CROSSING, **FENCE),
    attack("pop_from_core", "`pop` with ESP in the core", CROSSING, **FENCE),
    attack("push_all_into_core", "`pusha`", CROSSING, **FENCE),
    attack("push_flags_into_core", "`pushf`", CROSSING, **FENCE),
    attack("enter_frame_in_core", "`enter`", CROSSING, **FENCE),
    attack("pop_flags_from_core", "`popf`", CROSSING, **FENCE),
    # Names and far transfers.
    attack("inspect_selectors", "`lar` on all selectors", REFUSED, "TASK_LEVEL"),
    attack("measure_selectors", "`lsl` on all selectors", REFUSED, "TASK_LEVEL"),
    attack(
        "use_farthest_selector",
        "`verr` on all selectors, and reads the core by the one that reaches farthest",
        CROSSING,
        **FENCE,
    ),
    attack(
        "use_every_stack_segment",
        "`verw` on all selectors, makes those that pass its stack",
        REFUSED,
        because=SEVERAL,
    ),
    attack("call_every_gate", "calls all gates that `lar` shows", REFUSED, "GATE_CALL_BOUND"),
    attack("load_core_data", "the core's data segment into DS", PROTECTION, because=THE_CPU),
    attack("load_tenant_data", "a manager's data segment into ES", FAR, because=THE_CPU),
    attack("load_null_stack", "null into SS", PROTECTION, because=THE_CPU),
    attack("load_past_ldt", "a selector past the LDT", PROTECTION, because=THE_CPU),
    attack("jump_to_core_segment", "far jump to the core's code segment", FAR, because=THE_CPU),
    attack("call_core_segment", "far call to it", FAR, because=THE_CPU),
    attack("return_to_core_segment", "far return to it", FAR, because=THE_CPU),
    attack("jump_through_gate", "far jump through its gate", FAR, because=THE_CPU),
    attack("call_tenant_gate", "calls a gate of tenants", FAR, because=THE_CPU),
    attack("call_task", "far call to the TSS of #DF", FAR, segment="TASK_LEVEL", because=SEVERAL),
    attack("jump_past_limit", "far jump within its segment, to the core", FAR_JUMP, **FENCE),
    attack("iret_to_core", "`iret` to the core", FAR, because=THE_CPU),
    attack("iret_past_limit", "`iret` within its segment, to the core", FAR_JUMP, **FENCE),
    attack("iret_to_null_stack", "`iret` to ring 3 with a null SS", FAR, because=THE_CPU),
    attack(
        "return_to_nested_task", "`iret` with NT set", TASK, segment="NO_TASK_LINK", because=SEVERAL
    ),
    attack(
        "virtual_8086_by_iret",
        "`iret` with VM set, and a CS like ring 0's",
        both(r"ring 1: (#(GP|TS)\b|virtual-8086)"),
        paging="VIRTUAL_8086",
        because=THE_CPU,
    ),
    attack("forge_nmi", "`int 2`", PROTECTION, "INTERRUPT_GATE_LEVEL"),
    attack("forge_double_fault", "`int 8`", PROTECTION, "INTERRUPT_GATE_LEVEL"),
    attack("forge_machine_check", "`int 18`", PROTECTION, "INTERRUPT_GATE_LEVEL"),
    attack(
        "forge_debug_trap",
        "`icebp`, which asks for no level",
        both(r"ring 1: #(DB|UD)\b"),
        because=SEVERAL,
    ),
    attack("forge_system_call", "`int 0x80`", FAR, because=THE_CPU),
    attack("interrupt_past_idt", "`int` past the IDT", PROTECTION, because=THE_CPU),
    attack("enter_system", "`sysenter`", PROTECTION, "SYSENTER_OFF"),
    # Ports.
    attack(
        "write_foreign_port", "`out` to another driver's port", PROTECTION, "DRIVER_PORTS_CLOSED"
    ),
    attack(
        "straddle_ports_below",
        "`in` of four ports, two of them the console's",
        PROTECTION,
        "DRIVER_PORTS_CLOSED",
    ),
    attack(
        "straddle_ports_above",
        "`in` of four ports, two of them nobody's",
        PROTECTION,
        "PORTS_DENIED",
    ),
    attack(
        "read_last_port",
        "`in` of four ports, two of them past the last",
        PROTECTION,
        "PORTS_DENIED",
    ),
    attack("read_foreign_port_string", "`ins`", PROTECTION, "DRIVER_PORTS_CLOSED"),
    attack("write_foreign_port_string", "`outs`", PROTECTION, "DRIVER_PORTS_CLOSED"),
    # Flags.
    attack("interrupts_off_by_popf", "`popf` with IF clear", REFUSED, "IOPL_ZERO"),
    attack("interrupts_off_by_iret", "`iret` with IF clear", REFUSED, "IOPL_ZERO"),
    attack("raise_io_level_by_popf", "`popf` with IOPL 3", REFUSED, "IOPL_ZERO"),
    attack("raise_io_level_by_iret", "`iret` with IOPL 3", REFUSED, "IOPL_ZERO"),
    attack(
        "direction_into_exception", "an exception with DF set", INVALID_OPCODE, "TRAP_FLAG_SCRUB"
    ),
    attack(
        "trap_behind_stack_switch",
        "a gate call with TF set right after MOV SS",
        REFUSED,
        "GATE_DEBUG_WINDOW",
    ),
    attack("alignment_into_gate", "a gate call with AC set", REFUSED, "GATE_FLAG_SCRUB"),
    attack("nested_into_gate", "a gate call with NT set", REFUSED, "GATE_FLAG_SCRUB"),
    # Through its gate.
    attack("gate_with_stack_at_zero", "a gate call with ESP 0", REFUSED, because=THE_CPU),
    attack("gate_with_stack_past_slot", "with ESP past its slot", REFUSED, because=THE_CPU),
    attack("gate_with_null_segments", "with DS, ES, FS and GS null", REFUSED, because=THE_CPU),
    attack("read_registers_after_gate", "registers after a gate call", REFUSED, because=SEVERAL),
    attack("log_across_slot_end", "a text that ends past its slot", REFUSED, because=SEVERAL),
    attack("log_from_hole", "a text where nothing is mapped", REFUSED, because=SEVERAL),
    attack("log_too_long", "a line of 2,000 bytes", REFUSED, "TEXT_BOUND"),
    attack("forge_log_line", "a line feed in a line", REFUSED, "LOG_PRINTABLE"),
    attack("flood_log", "lines without a pause", REFUSED, "LOG_LIMIT"),
    attack("ready_past_slot", "a description past its slot", REFUSED, because=SEVERAL),
    attack("ready_twice", "says twice that it is ready", REFUSED, "READY_ONCE"),
    attack(
        "ready_too_deep", "takes more requests at once than there are ids", REFUSED, because=SEVERAL
    ),
    attack("complete_past_depth", "a completion with an absurd id", SENTENCE, "COMPLETION_CHECK"),
    attack(
        "read_past_configuration",
        "PCI registers past its function's",
        REFUSED,
        "PCI_REGISTER_BOUND",
    ),
    attack("flood_gate_calls", "gate calls without a pause", REFUSED, because=SEVERAL),
    attack("never_return", "never comes back", both(r"ring 1: the time budget"), "DRIVER_BUDGET"),
    attack(
        "never_rest",
        "comes back, and is awake again at once",
        both(r"ring 1: no rest (for a second|in two thousand activations)"),
        "DRIVER_REST",
    ),
    # A device with DMA and a line, which Bochs has not.
    attack(
        "write_by_dma",
        "has a device write to the GDT",
        both(r"(unfenced|refused): "),
        because="nothing: no IOMMU",
        emulators=("qemu",),
    ),
    attack(
        "flood_interrupts",
        "never lowers its device's line",
        REFUSED,
        because=SEVERAL,
        emulators=("qemu",),
    ),
    # What others left.
    attack("read_x87_registers", "a tenant's ST(0)", NO_FPU, "FPU_CLOSED_TO_DRIVERS"),
    attack("read_mmx_registers", "a tenant's MM0", NO_FPU, "FPU_CLOSED_TO_DRIVERS"),
    attack("read_sse_control", "a tenant's MXCSR", NO_FPU, "FPU_CLOSED_TO_DRIVERS"),
]

ATTACKS += instruction_attacks(
    lambda name, *rest, **more: attack(name.replace("-", "_"), *rest, **more)
)

MANIFESTS = [
    attack(
        "greedy_ports", "a manifest that asks for the interrupt controller", REFUSED, "PORT_OWNERS"
    ),
    attack(
        "greedy_unclaimed_ports",
        "a manifest that asks for ports of a PCI function without a driver",
        REFUSED,
        "FIXED_PORTS",
    ),
    attack(
        "greedy_apic", "a manifest that asks for the local APIC", REFUSED, "FIXED_DEVICE_MEMORY"
    ),
    attack("greedy_line", "a manifest that asks for the timer's line", REFUSED, "LINE_OWNERS"),
    attack(
        "greedy_messages",
        "a manifest that asks for the table of its interrupt messages",
        REFUSED,
        "MESSAGE_TABLE",
        emulators=("qemu",),  # Bochs has no function with one
    ),
]
