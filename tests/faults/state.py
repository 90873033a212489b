# SPDX-License-Identifier: MIT
"""Faults in what a driver remembers, is told and answers. Each class takes the target and a random.Random,
and gives the fields of a Fault."""

import subprocess

TEXT, STATE, REQUEST, COMPLETION, SILENCE = range(5)
STACK_TOP, STACK_BYTES = 0x200000, 0x200  # kernel/abi/layout.h; the part that is in use
DMA = 0x300000
WINDOW, WINDOW_BYTES = 0x90000000, 0x100000  # a manager's frames, the first of them
WORD = 4

# struct driver_request, kernel/abi/driver.h: reads for writes, and another of the first 256 blocks.
REQUEST_FIELDS = {
    4: ("operation", lambda random: 1),
    8: ("position", lambda random: 1 << random.randrange(12, 20)),
}
COMPLETION_FIELDS = {0: "id", 4: "status", 8: "bytes"}


def _ranges(target):
    """Where it keeps what it knows: data and bss, a driver's stack and DMA area, a manager's frames; as
    (start, bytes)."""
    listing = subprocess.run(["size", "-A", target.elf], check=True, capture_output=True, text=True).stdout
    found = [(WINDOW, WINDOW_BYTES)] if target.is_manager else [(STACK_TOP - STACK_BYTES, STACK_BYTES)]
    for line in listing.splitlines():
        name, *numbers = line.split() or [""]
        if name in (".data", ".bss") and int(numbers[0]) >= WORD:
            found.append((int(numbers[1]), int(numbers[0])))
    if not target.is_manager and target.manifest.dma_bytes:
        found.append((DMA, target.manifest.dma_bytes))
    return found


def _change(random):
    """A bit, a word, or one more or less."""
    way = random.randrange(3)
    if way == 0:
        return {"change": 1 << random.randrange(32), "addend": 0}
    if way == 1:
        return {"change": random.randrange(1, 1 << 32), "addend": 0}
    return {"change": 0, "addend": random.choice((1, 0xFFFFFFFF))}


def state(target, random):
    start, size = random.choice(_ranges(target))
    address = (start + random.randrange(size)) & ~(WORD - 1)
    change = _change(random)
    return {"place": STATE, "address": address, "words": f"the word at {address:#x}", **change}


def completion(target, random):
    """An answer with another id, status or length, or one that is lost."""
    if random.randrange(4) == 0:
        return {"place": SILENCE, "address": 0, "words": "a completion is lost"}
    address = random.choice(list(COMPLETION_FIELDS))
    words = f"its completion's {COMPLETION_FIELDS[address]}"
    return {"place": COMPLETION, "address": address, "words": words, **_change(random)}


def lie(target, random):
    """The driver does something else than what it was asked, and answers that all went well."""
    address = random.choice(list(REQUEST_FIELDS))
    name, change = REQUEST_FIELDS[address]
    words = f"its request's {name}"
    return {"place": REQUEST, "address": address, "change": change(random), "words": words}


STATE_CLASSES = {"state": state, "corrupted completion": completion, "lie": lie}
