# SPDX-License-Identifier: MIT
"""What `rf` says where nothing is booted: its notes, its refusals and their exit statuses."""

import subprocess

from lib import cases
from ringfence import DEFAULT_MACHINE, ROOT

FINE = f"{DEFAULT_MACHINE}: fine\n"
SAID = {
    "one CPU": (["check", DEFAULT_MACHINE], 0, FINE, ""),
    "two CPUs": (
        ["check", DEFAULT_MACHINE, "--cpus", "2"],
        0,
        FINE,
        "rf: note: the machine has 2 CPUs, the core uses one so far\n",
    ),
}


@cases(*SAID)
def test_said(case):
    words, status, output, errors = SAID[case]
    done = subprocess.run([ROOT / "tools" / "rf", *words], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (status, output, errors), done
