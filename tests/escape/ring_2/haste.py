# SPDX-License-Identifier: MIT
"""Races with a thread of its own on the other CPU, and floods."""

from escape.attack import CROSSING, FAULT_OF_PAGE, REFUSED, SEVERAL, STILL_RUNNING, both
from escape.ring_2.manager import TABLES, attack

ATTACKS = [
    # With a thread on the other CPU.
    attack("race-map-entries", "map entries rewritten during the call", REFUSED, because=SEVERAL, cpus=2),
    attack("race-thread-start", "a thread's start rewritten during the call", REFUSED, because=SEVERAL, cpus=2),
    attack("race-submission", "a request's position rewritten during the call", REFUSED, because=SEVERAL, cpus=2),
    attack("race-block", "the word that it sleeps on rewritten during the call", REFUSED, because=SEVERAL, cpus=2),
    attack(
        "read-after-unmap-elsewhere",
        "reads on while the other CPU unmaps the page",
        FAULT_OF_PAGE,
        segment="TLB_SHOOTDOWN",
        because=SEVERAL,
        cpus=2,
    ),
    attack(
        "read-after-unbind-elsewhere",
        "reads on while the other CPU gives the frame back",
        FAULT_OF_PAGE,
        "TLB_SHOOTDOWN",
        cpus=2,
    ),
    attack(
        "write-after-protect-elsewhere",
        "writes on while the other CPU makes the page read-only",
        FAULT_OF_PAGE,
        segment="TLB_SHOOTDOWN",
        because=SEVERAL,
        cpus=2,
    ),
    attack("end-with-thread-in-core", "ends while a thread is in the core on the other CPU", REFUSED, because=SEVERAL, cpus=2),
    attack("end-with-thread-running", "ends while a thread runs on the other CPU", REFUSED, because=SEVERAL, cpus=2),
    attack("flood-from-both", "gate calls from both CPUs", REFUSED, because=SEVERAL, cpus=2),
    attack("write-gdt-elsewhere", "writes the other CPU's GDT, from there", CROSSING, **TABLES, cpus=2 ),
    # Floods.
    attack("flood-threads", "threads without end", REFUSED, because=SEVERAL),
    attack("flood-spaces", "spaces without end", REFUSED, because=SEVERAL),
    attack("flood-frames", "frames without end", REFUSED, because=SEVERAL),
    attack("flood-gate-calls", "gate calls without a pause", REFUSED, because=SEVERAL),
    attack("flood-log", "lines without a pause", REFUSED, "LOG_LIMIT"),
    attack("flood-alarms", "alarms that are due at once", REFUSED, because=SEVERAL),
    attack("flood-wakes", "wakes without a pause", REFUSED, because=SEVERAL),
    attack("flood-pokes", "pokes without a pause", REFUSED, because=SEVERAL),
    attack("flood-yields", "yields without a pause", REFUSED, because=SEVERAL),
    attack("flood-submissions", "requests without a pause", REFUSED, because=SEVERAL),
    attack("put-off-driver", "says that it waits for its disk, and goes on", REFUSED, because=SEVERAL),
    attack("flood-bad-submissions", "requests that come back at once", REFUSED, because=SEVERAL),
    attack("never-return", "never calls, never sleeps", STILL_RUNNING, patience=1000, because=SEVERAL ),
]
