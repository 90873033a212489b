# SPDX-License-Identifier: MIT
"""The hybrid ISO that SeaBIOS, OVMF and Bochs boot, built by grub-mkrescue from boot/grub.cfg."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from . import ROOT
from .boot import BootError

TEMPLATE = ROOT / "boot" / "grub.cfg"
TIME_STAMP = "2024010100000000"


def build(output, kernel, bundles, command_line):
    """Writes the ISO with `kernel`, stripped, and the bundles as its modules in that order."""
    with tempfile.TemporaryDirectory(prefix="ringfence-iso-") as staging:
        tree = Path(staging)
        folder = tree / "boot" / "grub"
        folder.mkdir(parents=True)
        stripped = tree / "boot" / "kernel.elf"
        subprocess.run(["objcopy", "--strip-debug", kernel, stripped], check=True)
        for bundle in bundles:
            shutil.copy(bundle, tree / "boot" / bundle.name)
        (folder / "grub.cfg").write_text(_configuration(bundles, command_line))
        command = ["grub-mkrescue", "-o", output, "--fonts=", "--themes="]
        command += ["--locales=", tree, "--", "-volume_date", "all_file_dates", TIME_STAMP]
        finished = subprocess.run(command, capture_output=True, text=True)
    if finished.returncode or not Path(output).exists():
        raise BootError(f"grub-mkrescue failed:\n{finished.stderr.strip()}")


def _configuration(bundles, command_line):
    text = TEMPLATE.read_text().replace("@COMMAND_LINE@", command_line)
    lines = []
    for line in text.splitlines():
        names = [bundle.name for bundle in bundles] if "@BUNDLE@" in line else [""]
        lines += [line.replace("@BUNDLE@", name) for name in names]
    return "\n".join(lines) + "\n"


def for_run(boot):
    """The ISO of one run, with the run's own bundle as the second module."""
    output = boot.directory / "run.iso"
    build(output, boot.kernel, [boot.base_bundle, boot.run_bundle], boot.command_line)
    return output
