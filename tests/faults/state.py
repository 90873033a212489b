# SPDX-License-Identifier: MIT
"""Faults in what a driver remembers, is told and answers. Each class takes the target and a random.Random, and gives
the fields of a Fault."""

import subprocess

TEXT, STATE, REQUEST, COMPLETION, SILENCE = range(5)
STACK_TOP, STACK_BYTES = 0x200000, 0x200  # kernel/abi/layout.h; the part that is in use
DMA = 0x300000
WORD = 4

# struct driver_request, kernel/abi/driver.h: what may come wrong out of it, and by which bits. Not its segments: their
# bus addresses reach all memory where no IOMMU stands between, and other faults find that out often enough.
REQUEST_FIELDS = {0: ("id", 4), 4: ("operation", 1), 8: ("position", 24), 16: ("bytes", 16)}
COMPLETION_FIELDS = {0: "id", 4: "status", 8: "bytes"}


def _ranges(target):
    """Where a driver keeps what it knows: data and bss, stack, DMA area; as (start, bytes)."""
    listing = subprocess.run(["size", "-A", target.elf], check=True, capture_output=True, text=True).stdout
    found = [(STACK_TOP - STACK_BYTES, STACK_BYTES)]
    for line in listing.splitlines():
        name, *numbers = line.split() or [""]
        if name in (".data", ".bss") and int(numbers[0]) >= WORD:
            found.append((int(numbers[1]), int(numbers[0])))
    if target.manifest.dma_bytes:
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
    way = random.randrange(3)
    if way == 0:
        return {"place": SILENCE, "address": 0, "words": "a completion is lost"}
    if way == 1:
        address = random.choice(list(REQUEST_FIELDS))
        name, bits = REQUEST_FIELDS[address]
        return {"place": REQUEST, "address": address, "change": 1 << random.randrange(bits), "words": f"its request's {name}"}
    address = random.choice(list(COMPLETION_FIELDS))
    return {"place": COMPLETION, "address": address, "words": f"its completion's {COMPLETION_FIELDS[address]}", **_change(random)}


STATE_CLASSES = {"state": state, "corrupted completion": completion}
