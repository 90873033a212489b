# SPDX-License-Identifier: MIT
"""Kernels without one defence: build/control/NAME/kernel.elf.

What the defence does not touch is taken from the normal build as it is, so that a control costs a
few files and a link. A file is touched if it or a header that it includes names the constant.
"""

import os
import shutil
import subprocess

from lib.once import once
from ringfence import BUILD, ROOT

BUILD_TIMEOUT = 300
FOLDERS = ("kernel", "boot")
HOME = "kernel/defence.h"  # where all constants are; naming one here is no use of it


@once
def kernel(defence):
    """The path of the core built without `defence`; AssertionError with the compiler's words."""
    folder = BUILD / "control" / defence.lower().replace("_", "-")
    shutil.rmtree(folder, ignore_errors=True)
    touched = _touched_objects(f"DEFENCE_{defence}")
    assert touched, f"nothing uses DEFENCE_{defence}"
    for object_file in _objects() - touched:
        copy = folder / object_file.relative_to(BUILD)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(object_file, copy)
    command = ["make", f"BUILD={folder}", f"DEFINES=-DDEFENCE_{defence}=0", "kernel"]
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
    built = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=BUILD_TIMEOUT
    )
    assert built.returncode == 0, f"{' '.join(command)}\n{built.stdout}{built.stderr}"
    return folder / "kernel.elf"


def _objects():
    return {path for folder in FOLDERS for path in (BUILD / "obj" / folder).rglob("*.o")}


def _touched_objects(constant):
    users = {
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.[chS]")
        if constant in path.read_text()
    } - {HOME}
    return {path for path in _objects() if users & _sources_of(path)}


def _sources_of(object_file):
    """What the compiler read for it, by the dependency file beside it."""
    rule = object_file.with_suffix(".d").read_text().replace("\\\n", " ")
    return set(rule.split("\n", 1)[0].split(":", 1)[1].split())
