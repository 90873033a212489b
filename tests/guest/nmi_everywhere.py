# SPDX-License-Identifier: MIT
"""An NMI before every instruction of the ways into the core and out of it: nothing is lost, and no register
changes. The core cannot turn it off, so it may come with either view loaded and on any of its stacks.

A kernel of its own (DEFINES=-DTEST_NMI, kernel/sched/sweep.h) keeps the second CPU busy with sending
them to the first, and tells at power-off before which instructions they have come. objdump says which
instructions there are on the straight way through a gate, a trap and the way out."""

import re
import shutil
import subprocess
import tempfile

from guest.preempt_everywhere import PROGRAM
from lib import cases, long, variant

SIGNALS = 20
FENCES = {"paging": ("qemu", "paging"), "segment": ("bochs", "segment")}


def listing(kernel):
    """Address and text of each instruction of the entry text, and the addresses of its symbols."""
    symbols = subprocess.run(["nm", kernel], check=True, capture_output=True, text=True).stdout
    at = {name: int(address, 16) for address, _, name in (line.split() for line in symbols.splitlines())}
    text = subprocess.run(
        ["objdump", "-d", "--no-show-raw-insn", f"--start-address={at['entry_text_start']}",
         f"--stop-address={at['entry_text_end']}", kernel],
        check=True, capture_output=True, text=True,
    ).stdout
    found = re.findall(r"^\s*([0-9a-f]+):\t(.*)$", text, re.M)
    return [(int(address, 16), words) for address, words in found], at


def way(instructions, first, last):
    """From `first` to the first instruction that begins with `last`, without what only a trap from
    ring 0 executes (kernel/cpu/entry.S, JUMP_IF_NESTED)."""
    taken, nested_until = [], 0
    for address, words in instructions:
        if address < first or address < nested_until:
            continue
        taken.append(address)
        jump = re.match(r"jne\s+([0-9a-f]+) <entry_", words)
        nested_until = int(jump[1], 16) if jump else 0
        if words.startswith(last):
            break
    return taken


def wanted(kernel, stubs):
    instructions, at = listing(kernel)
    return (
        way(instructions, at[f"gate_thread_{stubs}"], "jmp")
        + way(instructions, at[f"gate_common_{stubs}"], "lret")
        + way(instructions, at[f"stub_{stubs}_14"], "jmp")
        + way(instructions, at[f"entry_{stubs}"], "call")
        + way(instructions, at["resume_frame"], "iret")
    )


@long
@cases(*FENCES)
def test_nothing_is_lost(guest, fence):
    emulator, stubs = FENCES[fence]
    kernel = variant.kernel("TEST_NMI")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(PROGRAM, folder)
        result = guest.boot(
            f"rfctl exec red -- /signal_storm {SIGNALS}",
            kernel=kernel,
            emulator=emulator,
            fence=fence,
            cpus=2,
            icount=emulator == "qemu",
            # Else TCG looks for interrupts only where a block of instructions begins.
            qemu_args=("-singlestep",) if emulator == "qemu" else (),
            roots={"red": folder},
            timeout=900,
        )
    told = f"{SIGNALS} of {SIGNALS} signals handled, registers damaged 0 times\n"
    assert result.output == told, result.explain()
    hit = {address for address, _ in result.marks}
    missed = [hex(address) for address in wanted(kernel, stubs) if address not in hit]
    assert not missed, f"no NMI came before {missed}"
