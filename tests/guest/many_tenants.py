# SPDX-License-Identifier: MIT
"""Many tenants at once, each forking and writing a file without end, each making progress."""

import json
import tempfile
from pathlib import Path

from lib import long

TENANT = """
[tenant.t{number}]
image = "base"
memory = "4MiB"
"""
MACHINE = """
[machine]
memory = "{memory}MiB"

[operator]
image = "operator"
memory = "{operator}MiB"
cpu = {{ reservation = 30, weight = 1000, cap = 100 }}
"""

# The loop keeps its count in a file, each written by a child.
LOOP = "n=0; while :; do n=$((n + 1)); (echo $n >/tmp/new; mv /tmp/new /tmp/count); sleep 0.2; done"
START = """
for n in $(seq {tenants}); do
    rfctl exec t$n -- sh -c '{loop}' >/tmp/t$n 2>&1 </dev/null &
done
"""
COUNTS = "for n in $(seq {tenants}); do rfctl exec t$n -- cat /tmp/count || echo 0; done"
AWAIT = "for n in $(seq {tenants}); do until rfctl exec t$n -- test -e /tmp/count; do sleep 0.2; done; done"


def run(guest, tenants, memory, operator, timeout):
    with tempfile.TemporaryDirectory() as folder:
        machine = Path(folder) / "many.toml"
        text = MACHINE.format(memory=memory, operator=operator)
        machine.write_text(text + "".join(TENANT.format(number=n + 1) for n in range(tenants)))
        commands = [START.format(tenants=tenants, loop=LOOP), AWAIT.format(tenants=tenants)]
        commands += [COUNTS.format(tenants=tenants), "sleep 2", COUNTS.format(tenants=tenants)]
        commands += ["cat /tmp/t*", "rfctl tenants --json", "rfctl audit --json"]
        marked = [f"echo '### '; {command}" for command in commands]
        result = guest.boot(*marked, machine=machine, disks=(), timeout=timeout)
    assert result.statuses == [0] * len(commands), result.explain()
    _, _, _, first, _, second, complaints, states, audit = result.output.split("### \n")
    pairs = list(zip(first.split(), second.split()))
    assert len(pairs) == tenants and all(int(a) < int(b) for a, b in pairs), f"no progress: {pairs}"
    assert complaints == "", complaints
    states = [tenant for tenant in json.loads(states) if tenant["id"] > 0]
    assert len(states) == tenants, states
    assert all(t["state"] == "running" and t["restarts"] == 0 for t in states), states
    assert all(t["memory"]["reserved"] == 4 << 20 for t in states), states
    audit = json.loads(audit)
    assert audit["charged"] == audit["found"] and audit["leaked"] == audit["foreign"] == 0, audit


def test_twenty(guest):
    run(guest, tenants=20, memory=112, operator=16, timeout=150)


@long
def test_a_hundred_in_512_MiB(guest):
    run(guest, tenants=100, memory=512, operator=48, timeout=900)


# ---- Idle tenants ------------------------------------------------------------------------------------

IDLE_MACHINE = """
[machine]
memory = "768MiB"
networks = 1

[operator]
image = "operator"
memory = "48MiB"
cpu = {{ reservation = 30, weight = 1000, cap = 100 }}
"""
IDLE_TENANT = """
[tenant.t{number}]
image = "base"
memory = "3MiB"
disk = {{ volume = "t{number}" }}
network = {{ address = "10.0.3.{number}/16" }}

[volume.t{number}]
device = "blk0"
offset = "{offset}KiB"
size = "256KiB"
"""
SETTLED, SPAN = 150, 10  # seconds; a network's stack sleeps for good 70 seconds after its last frame
INSTRUCTIONS_MOST = 1000  # of each tenant, in SPAN


def idle(guest, tenants):
    """Instructions that are not idle in SPAN, and interrupts, with so many tenants at the disk and the switch."""
    with tempfile.TemporaryDirectory() as folder:
        machine = Path(folder) / "idle.toml"
        text = "".join(IDLE_TENANT.format(number=n + 1, offset=n * 256) for n in range(tenants))
        machine.write_text(IDLE_MACHINE.format() + text)
        looks = [f"sleep {SETTLED}; rfctl stats --json", f"echo '### '; sleep {SPAN}; rfctl stats --json"]
        result = guest.boot(*looks, "echo '### '; rfctl tenants", machine=machine, icount=True, timeout=300)
    assert result.statuses == [0] * 3, result.explain()
    before, after, states = result.output.split("### \n")
    assert states.count(" running ") == tenants + 1, states
    before, after = json.loads(before), json.loads(after)
    busy = [state["nanoseconds"] - state["idle"] for state in (before, after)]
    return busy[1] - busy[0], after["interrupts"] - before["interrupts"]


def test_idle_tenants_cost_no_instructions(guest):
    few, few_interrupts = idle(guest, 2)
    many, many_interrupts = idle(guest, 200)
    assert many - few < 198 * INSTRUCTIONS_MOST, f"{few} with 2 tenants, {many} with 200"
    assert abs(many_interrupts - few_interrupts) < 10, f"{few_interrupts}, {many_interrupts}"
