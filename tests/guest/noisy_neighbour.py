# SPDX-License-Identifier: MIT
"""What red does to itself does not change what blue gets done, nor when blue wakes up.

Both runs of each comparison are the same but for what red does, and count instructions as time: the
differences are the kernel's, not the host's.
"""

import re
import shutil
import tempfile
from pathlib import Path

from lib import cases
from lib.guest import Guest
from lib.once import once
from ringfence import BUILD

MACHINE = Path(__file__).parent / "machines" / "neighbours.toml"
BUSYBOX = BUILD / "third-party" / "busybox" / "busybox"
PACE = BUILD / "abi" / "pace"
SECONDS, WAKE_UPS = 1, 200
TOLERANCE = 0.02

ANTAGONISTS = {
    "memory": "while :; do dd if=/dev/zero of=/f bs=64k; rm /f; done",
    "forks": "bomb() { bomb | bomb & }; while :; do bomb; done",
    "spin": "while :; do :; done",
}


def pace(guest, antagonist):
    """The turns, the wake-up p99 in nanoseconds, and the boot."""
    commands = [f"rfctl exec blue -- /pace {SECONDS} {WAKE_UPS}", "rfctl stats red"]
    if antagonist:
        red = f"rfctl exec red -- /busybox sh -c '{antagonist}' >/dev/null 2>&1 </dev/null &"
        commands[0] = f"{red} sleep 1; {commands[0]}"
    else:
        commands[0] = f"sleep 1; {commands[0]}"
    with tempfile.TemporaryDirectory() as folder:
        for program in (BUSYBOX, PACE):
            shutil.copy(program, folder)
        roots = {"red": folder, "blue": folder}
        result = guest.boot(*commands, machine=MACHINE, roots=roots, icount=True, timeout=280)
    assert result.statuses == [0, 0], result.explain()
    work = re.search(r"work (\d+)", result.output)
    wake = re.search(r"p99 (\d+)", result.output)
    assert work and wake, result.explain()
    return int(work[1]), int(wake[1]), result


@once
def undisturbed(antagonist):
    return pace(Guest(), antagonist)[:2]


@cases("memory", "spin", long=("forks",))
def test_red(guest, case):
    work_alone, late_alone = undisturbed(None)
    work, late, result = pace(guest, ANTAGONISTS[case])
    busy = re.search(r"cpu: +([\d.]+)(m?s) used", result.output)
    used = float(busy[1]) * (1 if busy[2] == "s" else 0.001)
    assert used > 0.2, f"red was hardly at work: {result.output}"
    story = f"work {work} beside {work_alone} alone, wake-up p99 {late} ns beside {late_alone} ns alone"
    assert abs(work - work_alone) <= TOLERANCE * work_alone, story
    assert late - late_alone <= TOLERANCE * late_alone, story
    assert not any("red: ends" in line for line in result.log), result.explain()
