# SPDX-License-Identifier: MIT
"""Cores and managers without one defence, in build/control/NAME/.

What the defence does not touch is taken from the normal build as it is, so that a control costs a
few files and a link. A file is touched if it or a header that it includes names the constant.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lib.once import once
from ringfence import BUILD, ROOT

BUILD_TIMEOUT = 300


@dataclass(frozen=True)
class Part:
    """What has defences of its own."""

    header: str  # where all its constants are; naming one there is no use of it
    folders: tuple
    goal: str  # for make; {} is the folder of the build
    product: str

    def defences(self):
        return set(re.findall(r"#define DEFENCE_(\w+) 1", (ROOT / self.header).read_text()))

    def sources(self):
        for folder in self.folders:
            yield from (ROOT / folder).rglob("*.[chS]")

    def objects(self):
        return {path for folder in self.folders for path in (BUILD / "obj" / folder).rglob("*.o")}


CORE = Part("kernel/defence.h", ("kernel", "boot"), "kernel", "kernel.elf")
MANAGER = Part(
    "domains/linux/defence.h",
    ("domains/linux", "domains/lib"),
    "{}/stripped/domains/linux.elf",
    "stripped/domains/linux.elf",
)


@once
def build(defence):
    """The part that has `defence`, and its program without it; AssertionError with the compiler's
    words."""
    part = next(part for part in (CORE, MANAGER) if defence in part.defences())
    folder = BUILD / "control" / defence.lower().replace("_", "-")
    shutil.rmtree(folder, ignore_errors=True)
    touched = _touched_objects(part, f"DEFENCE_{defence}")
    assert touched, f"nothing uses DEFENCE_{defence}"
    for object_file in part.objects() - touched:
        copy = folder / object_file.relative_to(BUILD)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(object_file, copy)
    define, goal = f"DEFINES=-DDEFENCE_{defence}=0", part.goal.format(folder)
    command = ["make", f"BUILD={folder}", define, goal]
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
    built = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=BUILD_TIMEOUT
    )
    assert built.returncode == 0, f"{' '.join(command)}\n{built.stdout}{built.stderr}"
    return part, Path(folder / part.product)


def arguments(defence):
    """For escape.arena.fight: what to boot instead of the normal build."""
    part, program = build(defence)
    return {"kernel": program} if part is CORE else {"manager": program}


def _touched_objects(part, constant):
    users = {
        str(path.relative_to(ROOT)) for path in part.sources() if constant in path.read_text()
    } - {part.header}
    return {path for path in part.objects() if users & _sources_of(path)}


def _sources_of(object_file):
    """What the compiler read for it, by the dependency file beside it."""
    rule = object_file.with_suffix(".d").read_text().replace("\\\n", " ")
    return set(rule.split("\n", 1)[0].split(":", 1)[1].split())
