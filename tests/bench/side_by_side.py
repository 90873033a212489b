# SPDX-License-Identifier: MIT
"""The calls of an operating system, by one binary (mbench/): what they cost in a tenant, and on Linux in the same run.

In instructions, and the ratio of wall-clock times beside it, which is as noisy as the host. QEMU counts a word of a
page that is copied or cleared as an instruction, on both sides; where an operation must do so, those are subtracted."""

import re
from pathlib import Path

from bench.linux.peer import COUNTED, Peer
from lib.guest import Guest
from lib.image import image
from ringfence import BUILD

PROGRAM = BUILD / "bench" / "mbench"
TABLE = BUILD / "bench" / "side-by-side.txt"
HERE = Path(__file__).parent / "mbench"
TIMEOUT = 280
HALF, QUARTER = 0.5, 0.25
QUARTERS = ("null_syscall", "pipe_round_trip")
NO_GOAL = ("loop", "tcp_stream_64K")

WORDS = 1024  # of a page
PAGES_MOVED = {  # that each operation copies or clears at least
    "page_fault_anonymous": 1,
    "page_fault_copy": 1,
    "mmap_touch_munmap_4M": 1024,
    "file_write_4K": 1,
    "file_read_4K": 1,
    "unix_stream_64K": 32,  # in and out
    "tcp_stream_64K": 32,
}

# Rows above their goals, and why: the ratio that each must not exceed, and the reason.
MISSED = {}


def figures(output):
    found = {name: float(value) for name, value in re.findall(r"^(\w+) ([\d.]+)$", output, re.MULTILINE)}
    assert len(found) == 27 and "FAILED" not in output, output[-2000:]
    return found


def of_linux(counted):
    return figures(Peer(HERE / "linux-init", [PROGRAM], COUNTED if counted else [], []).boot("/mbench\n"))


def of_tenant(counted):
    command = "rfctl exec -T red -- /mbench </dev/null"
    guest = Guest()
    return figures(
        guest.run(command, machine=HERE / "machine.toml", entries=[image("base", PROGRAM)], disks=(),
                  icount=counted, timeout=TIMEOUT)
    )


def net(name, value):
    return value - WORDS * PAGES_MOVED.get(name, 0)


def goal(name):
    return None if name in NO_GOAL else QUARTER if name in QUARTERS else HALF


def line(name, ours, linux, wall):
    ratio, wanted = net(name, ours) / net(name, linux), goal(name)
    verdict = "" if wanted is None else f"{wanted:6.2f}" + ("  missed" if ratio > wanted else "")
    return f"  {name:<22}{ours:>12.0f}{linux:>12.0f}{ratio:>8.2f}{wall:>8.2f}{verdict}".rstrip()


def test_side_by_side():
    ours, linux = of_tenant(True), of_linux(True)
    our_time, linux_time = of_tenant(False), of_linux(False)
    ratios = {name: net(name, ours[name]) / net(name, linux[name]) for name in ours if goal(name)}
    lines = ["instructions              Ringfence       Linux   ratio    wall  goal"]
    lines += [line(name, ours[name], linux[name], our_time[name] / linux_time[name]) for name in ours]
    lines += [f"  {name}: {reason}" for name, (_, reason) in MISSED.items()]
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text("\n".join(lines) + "\n")
    print("\n".join(lines), flush=True)
    over = {name for name, ratio in ratios.items() if ratio > goal(name)}
    assert over == set(MISSED), f"above the goal, or listed as that: {over ^ set(MISSED)}"
    worse = {name: ratios[name] for name in over if ratios[name] > MISSED[name][0]}
    assert not worse, f"further from the goal than they were: {worse}"
