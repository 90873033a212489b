# SPDX-License-Identifier: MIT
"""Which instructions of a driver or manager the workload makes it execute, as QEMU's log tells: all the time ("steady"), and only
while it starts ("start"). So that faults are put where they are met.

QEMU writes down each block of code when it translates it (in_asm) and each time it runs it (exec)."""

import hashlib
import json
import re
import tempfile
from pathlib import Path

from ringfence import BUILD

from faults import arena
from faults.targets import MACHINES, Shape
from lib.guest import Guest

SLOTS, SLOT_BYTES = 0xC0000000, 0x400000
MANAGER, MANAGER_BYTES = 0x80000000, 0x2000000
STEADY_RUNS = 8  # what ran less often in the whole boot belongs to the start
REQUESTS_SECONDS = 0.5  # of guest time in which the workload runs


def of(target):
    """{"shape": index of MACHINES, "steady": addresses, "start": addresses}, measured once for each program."""
    digest = hashlib.sha256(target.elf.read_bytes()).hexdigest()[:16]
    path = BUILD / "faults" / f"coverage-{target.name}-{digest}.json"
    if not path.exists():
        path.write_text(json.dumps(_measure(target)))
    return {key: set(value) if isinstance(value, list) else value for key, value in json.loads(path.read_text()).items()}


def _measure(target):
    for index, shape in enumerate(MACHINES):
        runs = _runs(target, shape)
        if sum(count >= STEADY_RUNS for count in runs.values()) > 0:
            steady = sorted(address for address, count in runs.items() if count >= STEADY_RUNS)
            start = sorted(runs.keys() - set(steady))
            return {"shape": index, "steady": steady, "start": start}
    raise RuntimeError(f"{target.name} comes to life in none of the machines of tests/faults/targets.py")


def _runs(target, shape):
    """How often each instruction was executed, by its address in the driver's slot."""
    with tempfile.TemporaryDirectory(prefix="ringfence-coverage-") as folder:
        log = Path(folder) / "log"
        watched = f"{MANAGER:#x}+{MANAGER_BYTES:#x}" if target.is_manager else f"{SLOTS:#x}+{16 * SLOT_BYTES:#x}"
        options = ("-d", "in_asm,exec,nochain", "-dfilter", watched, "-D", str(log))
        outcome = arena.fight(Guest(), target, Shape(shape.disks, (*shape.qemu, *options)), [], seconds=REQUESTS_SECONDS)
        if not outcome.is_whole:
            return {}
        if target.is_manager:
            return _count(log, MANAGER, MANAGER_BYTES, 0)
        slot = _slot(target, outcome.result.log)
        return _count(log, slot, SLOT_BYTES, slot) if slot is not None else {}


def _slot(target, log):
    for line in log:
        match = re.search(rf"driver {target.name}: slot ([0-9a-f]+),", line)
        if match:
            return int(match[1], 16)
    return None


def _count(log, start, size, base):
    """How often each instruction of the range ran; by its address less `base`."""
    blocks, block, counts = {}, [], {}
    with open(log, errors="replace") as lines:
        for line in lines:
            if line.startswith("IN:"):
                block = []
            elif match := re.match(r"0x([0-9a-f]{8}):  ", line):
                block.append(int(match[1], 16))
                blocks[block[0]] = block
            elif match := re.match(r"Trace 0: 0x[0-9a-f]+ \[[0-9a-f]+/([0-9a-f]+)/", line):
                address = int(match[1], 16)
                counts[address] = counts.get(address, 0) + 1
    runs = {}
    for first, count in counts.items():
        for address in blocks.get(first, ()):
            if start <= address < start + size:
                runs[address - base] = runs.get(address - base, 0) + count
    return runs
