# SPDX-License-Identifier: MIT
"""Ring 0 keeps interrupts off for less than 20,000 instructions, whoever asks it for what.

A kernel of its own (DEFINES=-DTEST_STRETCH, kernel/cpu/stretch.h) times gate calls too, and instructions
count as time. Hostile managers (domains/hostile/busy.c) ask for what costs most; honest tenants bring
load, birth, death and crashes.
"""

import json

from escape.arena import MACHINE, bundle_entries
from lib import cases, variant

MOST = 20_000
SLEEP_GROWTH = 1.3

HOSTILE = "manager=hostile image=attacker restart=never"
DISK = "disk.device=blk0 disk.offset={}MiB disk.size=1MiB"
WAIT = "while rfctl tenants | grep -q '{}.*running'; do usleep 50000; done"


def create(name, memory, disk=None):
    grant = DISK.format(disk) if disk is not None else ""
    return f"rfctl create {name} {HOSTILE} memory={memory}MiB {grant}"


def ended(name):
    return WAIT.format(name)


def hostile(name, memory, disk=None):
    return f"{create(name, memory, disk)}; {ended(name)}"


LINKED = [create("link-take", 40), create("link-many", 40), "rfctl allow link-take link-many"]
STRESS = {
    "threads": [hostile("sleep-by-the-thousand", 16, disk=0)],
    "deadlines": [hostile("wake-at-once", 16)],
    "spaces": [hostile("fill-bucket", 16)],
    "batches": [hostile("scatter", 32, disk=0)],
    "links": [
        *LINKED, ended("link-many"), ended("link-take"), "rfctl destroy link-take; rfctl destroy link-many; sleep 0.5",
        *LINKED, "sleep 0.25; rfctl deny link-many link-take", ended("link-take"),
    ],
    "load": [
        "rfctl create red memory=24MiB " + DISK.format(1),
        "rfctl exec red -- sh -c 'for i in $(seq 150); do sleep 1 & done; wait'",
        "rfctl exec red -- sh -c"
        " 'dd if=/dev/zero of=/tmp/f bs=64k; rm /tmp/f; cat /dev/vda >/dev/null'",
        "for i in 1 2 3; do rfctl create brief memory=8MiB;"
        " rfctl exec brief -- sh -c 'dd if=/dev/zero of=/f bs=64k count=40'; rfctl destroy brief; done",
        "rfctl exec red -- cat /dev/vda >/dev/null & rfctl crash blk0 wild-write; wait",
        "rfctl crash blk0 loop; sleep 1; rfctl crash console wild-write; sleep 1; rfctl drivers",
        "rfctl audit; rfctl stats red",
    ],
}


@cases(*STRESS)
def test_longest_stretch(guest, case):
    result = guest.boot(
        *STRESS[case],
        "rfctl stats --json",
        kernel=variant.kernel("TEST_STRETCH"),
        machine=MACHINE,
        entries=bundle_entries(),
        icount=True,
        timeout=250,
    )
    assert result.statuses[-1] == 0 and (case != "links" or not any(result.statuses)), result.explain()
    stretches = [line for line in result.log if "interrupts were off" in line]
    stats = json.loads(result.output[result.output.rindex("{\n\t\"") :])
    longest = stats["longest_interrupts_off_ticks"]
    assert 0 < longest < MOST, "\n".join([f"{longest} ticks", *stretches, result.explain()])
    if case != "load":
        assert any("ends: refused: " in line for line in result.log), result.explain()


def test_a_neighbours_sleepers_do_not_show(guest):
    """A thousand threads that sleep elsewhere do not make one sleep dearer."""
    costs = []
    for neighbour in ("true", f"rfctl create sleep-far-ahead {HOSTILE} memory=16MiB; sleep 2"):
        result = guest.boot(
            neighbour,
            f"rfctl create sleep-often {HOSTILE} memory=4MiB; sleep 1",
            "rfctl stats sleep-often --json",
            machine=MACHINE,
            entries=bundle_entries(),
            icount=True,
        )
        assert result.statuses == [0, 0, 0], result.explain()
        cpu = json.loads(result.output[result.output.index("{") :])["cpu"]
        costs.append(cpu["used"] / cpu["wakeups"])
    assert costs[1] < SLEEP_GROWTH * costs[0], f"nanoseconds a sleep: {costs[0]} alone, {costs[1]} beside"
