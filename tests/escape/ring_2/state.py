# SPDX-License-Identifier: MIT
"""What the CPU is left in when the core takes over: flags, and a stack that is none; and ports."""

from escape.attack import PROTECTION, REFUSED, SEVERAL, THE_CPU, both
from escape.ring_2.manager import NO_STACK, attack

ATTACKS = [
    # Flags.
    attack("alignment-into-gate", "a gate call with AC set", REFUSED, "GATE_FLAG_SCRUB"),
    attack("resume-into-gate", "with RF set", REFUSED, because=THE_CPU),
    attack("interrupts-off-by-popf", "`popf` with IF clear", REFUSED, "IOPL_ZERO"),
    attack("interrupts-off-by-iret", "`iret` with IF clear", REFUSED, "IOPL_ZERO"),
    attack("raise-io-level-by-popf", "`popf` with IOPL 3", REFUSED, "IOPL_ZERO"),
    attack("raise-io-level-by-iret", "`iret` with IOPL 3", REFUSED, "IOPL_ZERO"),
    attack(
        "virtual-8086-by-iret",
        "`iret` with VM set, and a CS like ring 0's",
        both(r"ring \d: (#(GP|TS)\b)|refused: exception 13"),
        paging="VIRTUAL_8086",
        because=THE_CPU,
    ),
    # ESP at a gate and at an upcall.
    attack("gate-with-stack-at-zero", "a gate call with ESP 0", REFUSED, because=THE_CPU),
    attack("gate-with-stack-in-core", "with ESP past the fence", REFUSED, because=THE_CPU),
    attack("gate-with-stack-unmapped", "with ESP in a hole", REFUSED, because=THE_CPU),
    attack("gate-with-stack-misaligned", "with an odd ESP", REFUSED, because=THE_CPU),
    attack("sleep-with-stack-at-zero", "sleeps with ESP 0", REFUSED, because=THE_CPU),
    attack("gate-with-null-segments", "with DS, ES, FS and GS null", REFUSED, because=THE_CPU),
    attack("upcall-at-zero", "an upcall onto ESP 0", NO_STACK, because=SEVERAL),
    attack("upcall-past-fence", "onto a stack past the fence", NO_STACK, "COPY_RANGE"),
    attack("upcall-onto-app", "onto the app's memory", NO_STACK, because=SEVERAL),
    attack("upcall-onto-hole", "onto a hole", NO_STACK, because=SEVERAL),
    attack("upcall-onto-ldt", "onto the LDT", NO_STACK, "COPY_WRITABLE"),
    attack("upcall-onto-text", "onto the text of all managers", NO_STACK, "COPY_WRITABLE"),
    attack("upcall-misaligned", "onto an odd ESP", REFUSED, because=THE_CPU),
    attack("enter-onto-core-stack", "a thread with ESP2 in the entry area", REFUSED, "THREAD_RANGE" ),
    attack("start-thread-in-core", "a thread that begins in the core", REFUSED, "THREAD_RANGE"),
    attack("start-thread-in-app", "a thread that begins in the app", REFUSED, "THREAD_RANGE"),
    # Ports.
    attack("write-port", "`out` to a driver's port", PROTECTION, "TENANT_PORTS_CLOSED"),
    attack("read-wide-port", "`in` of four ports at once", PROTECTION, "TENANT_PORTS_CLOSED"),
    attack("read-port-string", "`ins`", PROTECTION, "TENANT_PORTS_CLOSED"),
    attack("write-port-string", "`outs`", PROTECTION, "TENANT_PORTS_CLOSED"),
]
