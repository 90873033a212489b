# SPDX-License-Identifier: MIT
"""What an attack is, where it is tried, and what must contain it there.

A defence is a constant of kernel/defence.h, or of domains/linux/defence.h where an app attacks its
manager. An attack names the one without which it gets through, for each fence. Where one fence has
none, or none has, `because` says what contains the attack there: the CPU itself, two or more
defences, so that removing one would show nothing, or one that the machine does not start without.
There is no control for it then.
"""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Arena:
    emulator: str
    fence: str
    cpus: int

    @property
    def line(self):
        """What says no to an access across the fence. TCG leaves limits alone; where they are
        enforced, they come before the page tables."""
        return "segment" if self.emulator == "bochs" and self.fence != "paging" else "paging"

    @property
    def name(self):
        return f"{self.emulator}, {self.fence}, {self.cpus} CPU" + ("s" if self.cpus > 1 else "")


CPUS = (1, 2)
PLACES = (("qemu", "paging"), ("bochs", "segment"), ("bochs", "both"))
ARENAS = {a.name: a for a in (Arena(*place, cpus) for cpus in CPUS for place in PLACES)}

# CROSSING: where limits are enforced, the limit itself must have said no; a page fault would mean
# that the access got past the segment.
CROSSING = {"segment": r"ring \d: #(GP|SS)\b", "paging": r"ring \d: #(PF|GP|SS)\b"}
# A jump out must fault at the jump (segment) or at the fetch (paging), not on what was fetched.
JUMP = {
    "segment": r"ring \d: #GP\b.* at [0-9a-f]{4}:(?!e01)",
    "paging": r"ring \d: #PF\b.*, fetching ",
}


# A far jump names the segment anew, and its limit is checked then, by TCG too.
FAR_JUMP = {
    "segment": r"ring \d: #GP\b.* at [0-9a-f]{4}:(?!e01)",
    "paging": r"ring \d: #(PF\b.*, fetching |GP\b)",
}


def both(pattern):
    return {"segment": pattern, "paging": pattern}


FAULT_OF_PAGE = both(r"ring \d: #PF\b")
FETCH = both(r"ring \d: #PF\b.*, fetching ")
PROTECTION = both(r"ring \d: #GP\b")
FAR = both(r"ring \d: #(GP|NP|TS|SS)\b")
TASK = both(r"ring \d: #(TS|GP)\b")
INVALID_OPCODE = both(r"ring \d: #UD\b")
PRIVILEGED = both(r"ring \d: #(GP|UD)\b")
NO_FPU = both(r"ring \d: #NM\b")
REFUSED = both(r"refused: ")
SENTENCE = both(r"ring 1: bad completion\b")
STILL_RUNNING = both(r"it is still running$")

THE_CPU = "the CPU"
SEVERAL = "several"
NEEDED = "what nothing runs without"


@dataclass(frozen=True, eq=False)
class Attack:
    ring: int
    name: str
    tries: str
    contained: dict  # line -> what the outcome must look like
    defences: dict  # fence -> the defence whose removal lets it through
    because: str = ""  # why a fence has no defence named
    accomplice: str = ""
    patience: int = 10000  # milliseconds that it may take
    cpus: int = 1  # it takes so many
    emulators: tuple = ("qemu", "bochs")  # where the device is that it needs
    sweep: bool = False  # so long that it is tried only where one fence is alone, with one CPU

    @property
    def label(self):
        return f"ring {self.ring} {self.name}"


    def is_contained(self, arena, outcome):
        return re.match(self.contained[arena.line], outcome) is not None

    def can_be_tried(self, arena):
        if self.sweep and (arena.fence == "both" or arena.cpus > 1):
            return False
        return arena.cpus >= self.cpus and arena.emulator in self.emulators

    def defence(self, arena):
        """The defence that alone holds here. Two different ones under `both` are two that hold."""
        if arena.fence != "both":
            return self.defences.get(arena.fence)
        if arena.line == "paging":
            return self.defences.get("paging")
        one, other = self.defences.get("segment"), self.defences.get("paging")
        return one if one == other else None


def attack(ring, name, tries, contained, defence=None, *, segment=None, paging=None, **rest):
    defences = {"segment": segment or defence, "paging": paging or defence}
    named = {fence: constant for fence, constant in defences.items() if constant}
    return Attack(ring, name, tries, contained, named, **rest)


def instructions(kind):
    """Name and text of those that tests/escape/instructions.h lists as `kind`, for all rings."""
    header = (Path(__file__).parent / "instructions.h").read_text()
    listed = header.split(f"#define {kind}_INSTRUCTIONS(", 1)[1].split("#define ", 1)[0]
    entries = re.findall(r'INSTRUCTION\(\w+, "([\w-]+)",\s*(?:\\\s*)?"(.*?)"\)', listed)
    return [(name, text.replace("%%", "%")) for name, text in entries]


def instruction_attacks(attack):
    """All of them, as attacks of the ring that `attack` is for."""
    return [
        attack(name, f"`{text}`", PRIVILEGED, because=THE_CPU)
        for name, text in instructions("PRIVILEGED")
    ] + [
        attack(name, f"`{text}`", PROTECTION, "COUNTERS_CLOSED" if text == "rdpmc" else "UMIP")
        for name, text in instructions("FORBIDDEN")
    ]
