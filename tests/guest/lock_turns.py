# SPDX-License-Identifier: MIT
"""Who needs the manager's lock for a moment has it after few turns of those who hold it all the time, and whoever ends meanwhile
takes it with him from nobody.

What is bounded is counted in calls of theirs, not in time, so a busy host changes nothing."""

import shutil
import tempfile
from pathlib import Path

from lib import cases
from ringfence import BUILD

MACHINE = Path(__file__).parent / "machines" / "pair.toml"
BUSYBOX = BUILD / "third-party" / "busybox" / "busybox"
LOCK_TURNS = BUILD / "abi" / "lock_turns"
# Each of those that end waits for the lock among others.
ENDINGS = """
for round in $(/busybox seq 40); do
    for n in 1 2 3 4; do (while :; do /busybox cat /proc/self/maps >/dev/null; done) & done
    /busybox usleep 5000
    for n in 1 2 3 4; do kill -KILL %$n; done
    wait
done 2>/dev/null
echo all ended
"""


def in_red(guest, cpus, command, script=""):
    with tempfile.TemporaryDirectory() as folder:
        for program in (BUSYBOX, LOCK_TURNS):
            shutil.copy(program, folder)
        Path(folder, "script").write_text(script)
        return guest.run(
            "rfctl set red cpu.cap=200; rfctl exec red -- " + command,
            machine=MACHINE,
            roots={"red": folder},
            cpus=cpus,
            icount=True,
            timeout=200,
        )


@cases(1, 2)
def test_a_short_call_beside_long_ones(guest, cpus):
    output = in_red(guest, cpus, "/lock_turns")
    assert "checks, 0 failed" in output, output


@cases(1, 2)
def test_those_who_wait_may_be_ended(guest, cpus):
    output = in_red(guest, cpus, "/busybox sh -m /script", ENDINGS)
    assert "all ended" in output, output
