# SPDX-License-Identifier: MIT
"""Faults by number: a seed and a number name one fault of one driver or manager, today and tomorrow, as long
as its program is the same."""

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from faults.instructions import disassemble
from faults.mutations import TEXT_CLASSES
from faults.state import STATE_CLASSES

SERIES = 16  # faults that may pile up in one copy of a driver; the first of each meets a fresh copy
TEXT, STATE, REQUEST, COMPLETION, SILENCE = range(5)  # enum fault_place, kernel/abi/fault.h
CLASSES = (*TEXT_CLASSES, "state", "corrupted completion")
MANAGER_CLASSES = (*TEXT_CLASSES, "state")
# Where code is changed: what runs all the time, what runs at the start (in a copy that has not started yet),
# all of it.
STEADY, AT_START, ANYWHERE = 80, 15, 5


@dataclass(frozen=True)
class Fault:
    number: int
    kind: str  # one of CLASSES
    place: int
    address: int
    length: int = 4
    change: int = 0
    addend: int = 0
    code: bytes = b""
    at_start: bool = False
    words: str = ""  # for a person: what it does

    @property
    def line(self):
        """As tests/faults/runner/table.c reads it."""
        numbers = (self.place, self.at_start, self.address, self.length, self.change, self.addend)
        return f"fault {self.number} " + " ".join(f"{int(n):x}" for n in numbers) + f" {self.code.hex()}\n"


@lru_cache
def _code(elf):
    return disassemble(elf)


def make(target, coverage, seed, number, classes=None):
    """The fault; of `classes` alone, if any are named."""
    random = Random(f"{seed} {target.name} {number}")
    kind = random.choice(classes or (MANAGER_CLASSES if target.is_manager else CLASSES))
    if kind in STATE_CLASSES:
        return Fault(number, kind, **STATE_CLASSES[kind](target, random))
    while True:
        fault = _text_fault(target, coverage, number, kind, random)
        if fault:
            return fault


def _text_fault(target, coverage, number, kind, random):
    at_start = 0 if target.is_manager else AT_START
    (where,) = random.choices(("steady", "start", "anywhere"), (STEADY, at_start, ANYWHERE))
    instruction = random.choice(_code(target.elf))
    while where != "anywhere" and instruction.address not in coverage[where]:
        instruction = random.choice(_code(target.elf))
    code = TEXT_CLASSES[kind](instruction, random)
    if code is None:
        return None
    return Fault(
        number,
        kind,
        TEXT,
        instruction.address,
        length=len(code),
        code=code,
        at_start=where == "start",
        words=f"{instruction.address:#x}: {instruction.text} -> {code.hex(' ')}",
    )


def series_of(number):
    """The numbers of the series that a fault belongs to, up to the fault itself."""
    first = number - number % SERIES
    return range(first, number + 1)


def table(faults, seconds=0):
    """The file for the runner: first a pause, then the faults."""
    lines = [f"pause {int(seconds * 1000)}\n"]
    for fault in faults:
        if fault.number % SERIES == 0 and len(lines) > 1:
            lines.append("fresh\n")
        lines.append(fault.line)
    return "".join(lines).encode()
