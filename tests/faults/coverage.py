# SPDX-License-Identifier: MIT
"""Which instructions of a driver or manager the workload makes it execute, as QEMU's log tells: all the
time ("steady"), and only while it starts ("start"). So that faults are put where they are met.

QEMU writes down each block of code when it translates it (in_asm) and each time it runs it (exec). For a
manager, which runs far more, the first has to do."""

import hashlib
import json
import re
import tempfile
from dataclasses import replace
from pathlib import Path

from ringfence import BUILD

from faults import arena
from faults.instructions import symbols
from faults.targets import MACHINES
from lib.guest import Guest

SLOTS, SLOT_BYTES = 0xC0000000, 0x400000
MANAGER, MANAGER_BYTES = 0x80000000, 0x2000000
STEADY_RUNS = 8  # what ran less often in the whole boot belongs to the start
STEADY_REQUESTS = 12  # and so does what ran less than once in so many: a fault waits for 24 to be met
REQUESTS_SECONDS = 0.5  # of guest time in which the workload runs


def of(target):
    """{"shape": index of MACHINES, "steady": addresses, "start": addresses}, measured once for each program."""
    digest = hashlib.sha256(target.elf.read_bytes()).hexdigest()[:16]
    path = BUILD / "faults" / f"coverage-{target.name}-{digest}.json"
    if not path.exists():
        path.write_text(json.dumps(_measure(target)))
    found = json.loads(path.read_text())
    return found | {"steady": set(found["steady"]), "start": set(found["start"])}


def _measure(target):
    for index, shape in enumerate(MACHINES):
        if shape.has_cards != target.is_card_driver:
            continue
        runs = _runs(target, shape)
        least = max(STEADY_RUNS, _requests(target, runs) // STEADY_REQUESTS)
        steady = sorted(address for address, count in runs.items() if count >= least)
        if steady:
            start = sorted(runs.keys() - set(steady))
            return {"shape": index, "steady": steady, "start": start}
    raise RuntimeError(f"{target.name} comes to life in none of the machines of tests/faults/targets.py")


def _requests(target, runs):
    """How many it has completed; a manager has none."""
    return 0 if target.is_manager else runs.get(symbols(target.elf)["loop_complete"], 0)


def _runs(target, shape):
    """How often each instruction was executed, by its address in the driver's slot."""
    with tempfile.TemporaryDirectory(prefix="ringfence-coverage-") as folder:
        log = Path(folder) / "log"
        start, size = (MANAGER, MANAGER_BYTES) if target.is_manager else (SLOTS, 16 * SLOT_BYTES)
        what = "in_asm" if target.is_manager else "in_asm,exec,nochain"
        options = ("-d", what, "-dfilter", f"{start:#x}+{size:#x}", "-D", str(log))
        logged = replace(shape, qemu=(*shape.qemu, *options))
        outcome = arena.fight(Guest(), target, logged, [], seconds=REQUESTS_SECONDS)
        if not outcome.is_whole:
            return {}
        if target.is_manager:
            return {address: STEADY_RUNS for address in _translated(log, MANAGER, MANAGER_BYTES)}
        slot = _slot(target, outcome.result.log)
        return _counted(log, slot) if slot is not None else {}


def _slot(target, log):
    for line in log:
        match = re.search(rf"driver {target.name}: slot ([0-9a-f]+),", line)
        if match:
            return int(match[1], 16)
    return None


def _read(log):
    """Instructions by the block that they are translated in, and how often each block ran."""
    blocks, block, runs = {}, [], {}
    with open(log, errors="replace") as lines:
        for line in lines:
            if line.startswith("IN:"):
                block = []
            elif match := re.match(r"0x([0-9a-f]{8}):  ", line):
                block.append(int(match[1], 16))
                blocks[block[0]] = block
            elif match := re.match(r"Trace 0: 0x[0-9a-f]+ \[[0-9a-f]+/([0-9a-f]+)/", line):
                address = int(match[1], 16)
                runs[address] = runs.get(address, 0) + 1
    return blocks, runs


def _translated(log, start, size):
    """The instructions of the range that were translated, so that they ran at least once, but for an exception."""
    blocks, _ = _read(log)
    return {address for block in blocks.values() for address in block if start <= address < start + size}


def _counted(log, slot):
    """How often each instruction of the slot ran, by its offset in it."""
    blocks, block_runs = _read(log)
    runs = {}
    for first, count in block_runs.items():
        for address in blocks.get(first, ()):
            if slot <= address < slot + SLOT_BYTES:
                runs[address - slot] = runs.get(address - slot, 0) + count
    return runs
