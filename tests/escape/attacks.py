# SPDX-License-Identifier: MIT
"""Every attack: from which ring, what contains it, and which one defence each fence rests on.

A defence is a constant of kernel/defence.h. Where a fence has no defence named, more than one thing
contains the attack there, so that removing one shows nothing; there is no control for it then.
"""

import re
from dataclasses import dataclass

FENCES = {"qemu": "paging", "bochs": "segment"}

# What may end an attack. CROSSING: under the segment fence the limit itself must have said no; a
# page fault would mean that the access got past the segment.
CROSSING = {"segment": r"ring \d: #(GP|SS)\b", "paging": r"ring \d: #(PF|GP|SS)\b"}
# A jump out must fault at the jump (segment) or at the fetch (paging), not on what was fetched.
JUMP = {
    "segment": r"ring \d: #GP\b.* at [0-9a-f]{4}:(?!e01)",
    "paging": r"ring \d: #PF\b.*, fetching ",
}


def both(pattern):
    return {"segment": pattern, "paging": pattern}


FAULT_OF_PAGE = both(r"ring \d: #PF\b")
FETCH = both(r"ring \d: #PF\b.*, fetching ")
PROTECTION = both(r"ring \d: #GP\b")
TASK = both(r"ring \d: #(TS|GP)\b")
INVALID_OPCODE = both(r"ring \d: #UD\b")
NO_FPU = both(r"ring \d: #NM\b")
REFUSED = both(r"refused: ")
SENTENCE = both(r"ring 1: bad completion\b")


@dataclass(frozen=True, eq=False)
class Attack:
    ring: int
    name: str
    contained: dict  # fence -> what the outcome must look like
    defences: dict  # fence -> the defence whose removal lets it through
    accomplice: str = ""

    @property
    def label(self):
        return f"ring {self.ring} {self.name}"

    def is_contained(self, fence, outcome):
        return re.match(self.contained[fence], outcome) is not None


def attack(ring, name, contained, defence=None, *, segment=None, paging=None, accomplice=""):
    segment, paging = segment or defence, paging or defence
    defences = {"segment": segment, "paging": paging}
    named = {fence: name for fence, name in defences.items() if name}
    return Attack(ring, name, contained, named, accomplice)


RING_3 = [
    attack(3, "read-core", CROSSING, segment="APP_LIMIT"),
    attack(3, "write-core", CROSSING, segment="APP_LIMIT"),
    attack(3, "read-manager", CROSSING, segment="APP_LIMIT", paging="MANAGER_SUPERVISOR"),
    attack(3, "write-manager", CROSSING, segment="APP_LIMIT", paging="MANAGER_SUPERVISOR"),
    attack(3, "execute-manager", JUMP, segment="APP_LIMIT"),
    attack(3, "read-frame-window", CROSSING, segment="APP_LIMIT", paging="MANAGER_SUPERVISOR"),
    attack(3, "read-driver", CROSSING, segment="APP_LIMIT"),
    attack(3, "execute-data", FETCH, "NO_EXECUTE"),
    attack(3, "write-image", FAULT_OF_PAGE, "IMAGE_READ_ONLY"),
    attack(3, "call-memory-gate", PROTECTION, "CALL_GATE_LEVEL"),
    attack(3, "call-thread-gate", PROTECTION, "CALL_GATE_LEVEL"),
    attack(3, "forge-interrupt", PROTECTION, "INTERRUPT_GATE_LEVEL"),
    attack(3, "forge-page-fault", PROTECTION, "INTERRUPT_GATE_LEVEL"),
    attack(3, "read-port", PROTECTION, "TENANT_PORTS_CLOSED"),
    attack(3, "disable-interrupts", PROTECTION, "IOPL_ZERO"),
    attack(3, "store-gdt-register", PROTECTION, "UMIP"),
    attack(3, "enter-system", PROTECTION, "SYSENTER_OFF"),
    attack(3, "reach-by-tls", CROSSING, segment="TLS_CUT", paging="MANAGER_SUPERVISOR"),
    attack(3, "direction-into-exception", INVALID_OPCODE, "TRAP_FLAG_SCRUB"),
    attack(3, "trap-into-manager", both(r"refused: |ring 3: #DB\b"), "MANAGER_DEBUG_WINDOW"),
    attack(3, "read-fpu-registers", REFUSED, "FPU_SWITCH"),
]

RING_2 = [
    attack(2, "read-core", CROSSING, segment="MANAGER_LIMIT", paging="OUTER_VIEW"),
    attack(2, "write-core", CROSSING, segment="MANAGER_LIMIT", paging="OUTER_VIEW"),
    attack(2, "execute-core", JUMP, segment="MANAGER_LIMIT", paging="OUTER_VIEW"),
    attack(2, "push-into-core", CROSSING, segment="MANAGER_LIMIT", paging="OUTER_VIEW"),
    attack(2, "read-driver", CROSSING, segment="MANAGER_LIMIT", paging="OUTER_VIEW"),
    attack(2, "write-driver", CROSSING, segment="MANAGER_LIMIT", paging="OUTER_VIEW"),
    attack(2, "write-gdt", CROSSING, segment="MANAGER_LIMIT", paging="TABLES_READ_ONLY"),
    attack(2, "write-idt", CROSSING, segment="MANAGER_LIMIT", paging="TABLES_READ_ONLY"),
    attack(2, "write-tss", CROSSING, segment="MANAGER_LIMIT", paging="TABLES_READ_ONLY"),
    attack(2, "write-entry-text", CROSSING, segment="MANAGER_LIMIT", paging="TABLES_READ_ONLY"),
    attack(2, "write-ldt", FAULT_OF_PAGE, "CORE_PAGES_READ_ONLY"),
    attack(2, "write-information", FAULT_OF_PAGE, "CORE_PAGES_READ_ONLY"),
    attack(2, "write-shared-text", FAULT_OF_PAGE, "SHARED_TEXT_READ_ONLY"),
    attack(2, "execute-data", FETCH, "NO_EXECUTE"),
    # The core takes a manager's fault in the app's memory for a user copy and tells the manager.
    attack(2, "execute-app", both(r"refused: exception 14 in ring 2 "), "SMEP"),
    attack(2, "call-control-gate", both(r"ring 2: #(GP|NP)\b"), "CONTROL_GATE_ABSENT"),
    attack(2, "reach-by-tls", CROSSING, segment="TLS_CUT", paging="OUTER_VIEW"),
    attack(2, "put-tls-above-fence", REFUSED, segment="TLS_BASE"),
    attack(2, "leak-stack-pointer", REFUSED, paging="TLS_32_BIT"),
    attack(2, "use-probe-segment", PROTECTION, segment="PROBE_SEGMENTS_CLEARED"),
    attack(2, "call-task", PROTECTION, segment="TASK_LEVEL"),
    attack(2, "forge-interrupt", PROTECTION, "INTERRUPT_GATE_LEVEL"),
    attack(2, "direction-into-gate", REFUSED, "GATE_FLAG_SCRUB"),
    attack(2, "trap-into-gate", REFUSED, "GATE_DEBUG_WINDOW"),
    attack(2, "trap-behind-stack-switch", REFUSED, "GATE_DEBUG_WINDOW"),
    attack(2, "nested-into-gate", REFUSED, "GATE_FLAG_SCRUB", accomplice="spin"),
    attack(2, "return-to-nested-task", TASK, segment="NO_TASK_LINK"),
    attack(2, "direction-into-exception", INVALID_OPCODE, "TRAP_FLAG_SCRUB"),
    attack(2, "disable-interrupts", PROTECTION, "IOPL_ZERO"),
    attack(2, "read-port", PROTECTION, "TENANT_PORTS_CLOSED"),
    attack(2, "store-gdt-register", PROTECTION, "UMIP"),
    attack(2, "enter-system", PROTECTION, "SYSENTER_OFF"),
    attack(2, "name-frame-past-window", REFUSED, "FRAME_INDEX_BOUND"),
    attack(2, "read-foreign-image", REFUSED, "IMAGE_GRANT"),
    attack(2, "write-image", REFUSED, "IMAGE_READ_ONLY"),
    attack(2, "map-over-ldt", REFUSED, "MAP_RANGE"),
    attack(2, "map-app-page-above-fence", REFUSED, "MAP_RANGE"),
    attack(2, "give-back-mapped-frame", REFUSED, "UNBIND_IN_USE"),
    attack(2, "give-back-pinned-frame", REFUSED, "UNBIND_IN_USE"),
    attack(2, "exceed-quota", REFUSED, "FRAME_QUOTA"),
    attack(2, "answer-into-ldt", REFUSED, "COPY_WRITABLE"),
    attack(2, "call-past-table", REFUSED, "GATE_CALL_BOUND"),
    attack(2, "overrun-ring", REFUSED, "RING_COUNTERS"),
    attack(2, "read-past-volume", REFUSED, "VOLUME_BOUND"),
    attack(2, "read-past-frame", REFUSED, "IO_OFFSET"),
    attack(2, "name-absurd-device", REFUSED, "DEVICE_BOUND"),
    attack(2, "read-fpu-registers", REFUSED, "FPU_SWITCH"),
    attack(2, "read-stale-frames", REFUSED, "FRAME_ZERO", accomplice="leave-frames"),
    attack(
        2,
        "read-entry-stack",
        {"segment": CROSSING["segment"], "paging": REFUSED["paging"]},
        segment="MANAGER_LIMIT",
        accomplice="leave-registers",
    ),
    attack(2, "empty-segment-in-gate", REFUSED, "GATE_FIXUPS"),
    attack(2, "empty-segment-in-sleep", REFUSED, "RESUME_FIXUPS"),
]

RING_1 = [
    attack(1, "read_core", CROSSING, segment="DRIVER_LIMIT", paging="DRIVER_VIEW"),
    attack(1, "write_core", CROSSING, segment="DRIVER_LIMIT", paging="DRIVER_VIEW"),
    attack(1, "execute_core", JUMP, segment="DRIVER_LIMIT", paging="DRIVER_VIEW"),
    attack(1, "push_into_core", CROSSING, segment="DRIVER_LIMIT", paging="DRIVER_VIEW"),
    attack(1, "read_driver", CROSSING, segment="DRIVER_LIMIT", paging="DRIVER_VIEW"),
    attack(1, "write_driver", CROSSING, segment="DRIVER_LIMIT", paging="DRIVER_VIEW"),
    attack(1, "read_tenant", CROSSING, segment="DRIVER_LIMIT", paging="DRIVER_VIEW"),
    attack(1, "write_tenant", CROSSING, segment="DRIVER_LIMIT", paging="DRIVER_VIEW"),
    attack(1, "write_gdt", CROSSING, segment="DRIVER_LIMIT", paging="TABLES_READ_ONLY"),
    attack(1, "write_ldt", FAULT_OF_PAGE, "CORE_PAGES_READ_ONLY"),
    attack(1, "write_information", FAULT_OF_PAGE, "CORE_PAGES_READ_ONLY"),
    attack(1, "write_text", FAULT_OF_PAGE, "DRIVER_TEXT_READ_ONLY"),
    attack(1, "execute_data", FETCH, "NO_EXECUTE"),
    attack(1, "load_tls", PROTECTION, "TLS_EMPTY_FOR_DRIVERS"),
    attack(1, "read_fpu_registers", NO_FPU, "FPU_CLOSED_TO_DRIVERS"),
    attack(1, "read_foreign_port", PROTECTION, "DRIVER_PORTS_CLOSED"),
    attack(1, "write_core_port", PROTECTION, "PORTS_DENIED"),
    attack(1, "disable_interrupts", PROTECTION, "IOPL_ZERO"),
    attack(1, "forge_interrupt", PROTECTION, "INTERRUPT_GATE_LEVEL"),
    attack(1, "direction_into_gate", REFUSED, "GATE_FLAG_SCRUB"),
    attack(1, "trap_into_gate", REFUSED, "GATE_DEBUG_WINDOW"),
    attack(1, "call_past_table", REFUSED, "GATE_CALL_BOUND"),
    attack(1, "log_past_slot", REFUSED, "COPY_RANGE"),
    attack(1, "complete_unasked", SENTENCE, "COMPLETION_CHECK"),
    attack(1, "master_bus", REFUSED, "BUS_MASTER_GRANT"),
    attack(1, "write_configuration", REFUSED, "PCI_WRITE_FILTER"),
    attack(1, "survive_restart", INVALID_OPCODE, "PRISTINE_RESTART"),
]

MANIFESTS = [
    attack(1, "greedy_ports", REFUSED, "PORT_OWNERS"),
    attack(1, "greedy_apic", REFUSED, "FIXED_DEVICE_MEMORY"),
    attack(1, "greedy_line", REFUSED, "LINE_OWNERS"),
]

ATTACKS = RING_3 + RING_2 + RING_1 + MANIFESTS
