# SPDX-License-Identifier: MIT
"""Preempts before every instruction of the way in, the way out and the gate stubs: no signal is lost
and no register changes.

A kernel of its own (DEFINES=-DTEST_PREEMPT, kernel/sched/sweep.h) lets the alarm ring a little later
each time it leaves ring 0, and tells at power-off before which instructions it has rung. objdump says
which instructions there are."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from lib import cases, linux, long, variant
from ringfence import BUILD

PROGRAM = BUILD / "abi" / "signal_storm"
SIGNALS = 50
MISSES_ALLOWED = 1  # of about 40: where the sweep's steps never meet an instruction
MANAGER = BUILD / "domains" / "linux.elf"


def instructions(elf, first, last):
    """Addresses of the instructions from symbol `first` up to symbol `last`."""
    symbols = subprocess.run(["nm", elf], check=True, capture_output=True, text=True).stdout
    at = {name: int(address, 16) for address, _, name in (line.split() for line in symbols.splitlines())}
    listing = subprocess.run(
        ["objdump", "-d", f"--start-address={at[first]}", f"--stop-address={at[last]}", elf],
        check=True, capture_output=True, text=True,
    ).stdout
    return [int(address, 16) for address in re.findall(r"^\s*([0-9a-f]+):\t", listing, re.M)]


def test_the_program_itself_on_linux(guest):
    output = linux.run(PROGRAM)
    assert output == "300 of 300 signals handled, registers damaged 0 times\n", output


@long
@cases("paging", "both")
def test_no_signal_is_lost(guest, fence):
    kernel = variant.kernel("TEST_PREEMPT")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(PROGRAM, folder)
        result = guest.boot(
            f"rfctl exec red -- /signal_storm {SIGNALS}",
            kernel=kernel, fence=fence, icount=True, roots={"red": folder}, timeout=240,
        )
    wanted_output = f"{SIGNALS} of {SIGNALS} signals handled, registers damaged 0 times\n"
    assert result.output == wanted_output, result.explain()
    hit = {address for address, _ in result.marks}
    wanted = instructions(MANAGER, "exit_range", "exit_range_end")
    wanted += instructions(MANAGER, "entry_int80", "exit_range")
    missed = [hex(address) for address in wanted if address not in hit]
    assert len(missed) <= MISSES_ALLOWED, f"the alarm never rang before {missed}"
    gates = set(instructions(kernel, "gate_first_paging", "gate_last_paging"))
    assert gates & hit, "the alarm never rang inside a gate stub"
