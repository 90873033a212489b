# SPDX-License-Identifier: MIT
"""Preempts before every instruction of the way in, the way out and the gate stubs: no signal is lost
and no register changes.

A kernel of its own (DEFINES=-DTEST_PREEMPT, kernel/sched/sweep.h) lets the alarm ring a few
instructions after each time it leaves ring 0, and tells at power-off before which instructions it has
rung. objdump says which instructions there are."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from lib import cases, linux, variant
from ringfence import BUILD

PROGRAM = BUILD / "abi" / "signal_storm"
SIGNALS = 100  # enough to come by every instruction
GATES = ["thread"]  # the one that the program makes its manager call most; all are one macro
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


# Where each fence is tried, and the kernel's stubs for it.
FENCES = {
    "paging": ("qemu", "paging"),
    "both": ("qemu", "paging"),
    "segment": ("bochs", "segment"),
}


@cases("paging", "segment", long=("both",))
def test_no_signal_is_lost(guest, fence):
    emulator, stubs = FENCES[fence]
    kernel = variant.kernel("TEST_PREEMPT")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(PROGRAM, folder)
        result = guest.boot(
            f"rfctl exec red -- /signal_storm {SIGNALS}",
            kernel=kernel,
            emulator=emulator,
            fence=fence,
            icount=emulator == "qemu",
            roots={"red": folder},
            timeout=240,
        )
    wanted_output = f"{SIGNALS} of {SIGNALS} signals handled, registers damaged 0 times\n"
    assert result.output == wanted_output, result.explain()
    hit = {address for address, _ in result.marks}
    wanted = instructions(MANAGER, "exit_range", "exit_range_end")
    wanted += instructions(MANAGER, "entry_int80", "exit_range")
    for group in GATES:  # interrupts are off behind the scrub
        wanted += instructions(kernel, f"gate_{group}_{stubs}", f"gate_{group}_{stubs}_scrubbed")
    missed = [hex(address) for address in wanted if address not in hit]
    assert not missed, f"the alarm never rang before {missed}"
