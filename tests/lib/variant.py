# SPDX-License-Identifier: MIT
"""Kernels that are built differently for one test, each in a folder of its own under build/variants/."""

import os
import subprocess

from ringfence import BUILD, ROOT

from .once import once

BUILD_TIMEOUT = 300


@once
def kernel(define):
    """The path of a kernel built with -D`define`; AssertionError with the compiler's words."""
    folder = BUILD / "variants" / define.lower().replace("_", "-").replace("=", "-")
    command = ["make", f"BUILD={folder}", f"DEFINES=-D{define}", "kernel"]
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
    built = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=BUILD_TIMEOUT
    )
    assert built.returncode == 0, f"{' '.join(command)}\n{built.stdout}{built.stderr}"
    return folder / "kernel.elf"
