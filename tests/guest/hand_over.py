# SPDX-License-Identifier: MIT
"""Two processes that wait for each other hand their tenant's turn to and fro, without a choice. Nobody waits for that who would
not wait otherwise: not who sleeps beside them, in their own tenant.

Time is instructions (icount), so a busy host changes nothing."""

import re
import shutil
import tempfile
from pathlib import Path

from ringfence import BUILD

MACHINE = Path(__file__).parent / "machines" / "pair.toml"
PROGRAMS = (BUILD / "third-party" / "busybox" / "busybox", BUILD / "abi" / "pace")
# A byte goes round from shortly before the sleeper, which begins with a second of its own, until it has slept so often.
SCRIPT = """
box=/busybox
/pace 0 {wake_ups} & sleeper=$!
$box usleep 950000
$box mkfifo /tmp/a /tmp/b
$box cat <>/tmp/a >/tmp/b & one=$!
$box cat </tmp/b >/tmp/a & other=$!
echo >/tmp/a
wait $sleeper; kill $one $other
"""
WAKE_UPS = 50
LATE = 50000  # nanoseconds: what two turns of the byte take, and a choice, several times over


def test_a_sleeper_beside_them_wakes_in_time(guest):
    with tempfile.TemporaryDirectory() as folder:
        for program in PROGRAMS:
            shutil.copy(program, folder)
        Path(folder, "script").write_text(SCRIPT.format(wake_ups=WAKE_UPS))
        result = guest.boot(
            "rfctl exec red -- /busybox sh /script",
            "rfctl stats red",
            machine=MACHINE,
            roots={"red": folder},
            icount=True,
            timeout=200,
        )
    assert result.statuses == [0, 0], result.explain()
    late = re.search(r"p50 (\d+) p99 (\d+)", result.output)
    busy = re.search(r"cpu: +([\d.]+)ms used", result.output)
    assert late and busy and float(busy[1]) > WAKE_UPS, f"the byte did not go round: {result.output}"
    assert int(late[2]) < LATE, f"half of the wake-ups were late by {late[1]} ns, one in a hundred by {late[2]} ns"
