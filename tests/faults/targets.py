# SPDX-License-Identifier: MIT
"""What faults are put into: the drivers of the tree, found by their folders, with the machine in which each
comes to life; and the manager of a tenant.

A driver is the only one of its class in its machine's bundle, so that nobody takes its device; which disks and
options it needs is found by trying MACHINES in turn. A new driver joins by being there; one for hardware that
none of these machines has needs a line here."""

import struct
from dataclasses import dataclass, field
from pathlib import Path

from ringfence import BUILD, ROOT, bundle
from ringfence.boot import BASE_BUNDLE

MANIFEST = struct.Struct("<I16s16sII32sHHI24sI12sII16sIII")
PAGE = 4096
BLOCK = 0  # enum device_class


@dataclass(frozen=True)
class Shape:
    """A machine: disks as of `rf run --disk`, and further options of QEMU."""

    disks: tuple
    qemu: tuple = ()


MACHINES = (Shape(("virtio:",)), Shape(("ata:",)))
BOCHS = Shape(("ata:",))  # it has no other disks


@dataclass(frozen=True)
class Manifest:
    device: str
    device_class: int
    dma: bool
    dma_bytes: int


@dataclass(frozen=True)
class Target:
    name: str
    elf: Path
    manifest: Manifest | None = field(compare=False)  # None: a manager

    @property
    def is_manager(self):
        return self.manifest is None

    @property
    def is_block_driver(self):
        return not self.is_manager and self.manifest.device_class == BLOCK


def drivers():
    """Every driver of the tree but those that test the core, and network cards, for which there is no workload yet."""
    folders = sorted(path.parent for path in (ROOT / "drivers").glob("*/*/main.c"))
    names = [folder.name for folder in folders if folder.parent.name not in ("test", "lib", "network")]
    return [_target(name) for name in names]


def manager():
    """The Linux personality, which runs in every tenant; one of them gets the faults."""
    return Target("linux", BUILD / "domains" / "linux.elf", None)


def everything():
    return [*drivers(), manager()]


def _target(name):
    elf = BUILD / "drivers" / f"{name}.elf"
    return Target(name, elf, _manifest(elf.read_bytes()))


def _manifest(image):
    at = image.find(b"RNFM")
    values = MANIFEST.unpack_from(image, at)
    return Manifest(values[2].rstrip(b"\0").decode(), values[3], bool(values[15]), values[16] * PAGE)


def bundle_for(target, folder):
    """The base bundle without the other drivers of the target's class; the file that was written."""
    if target.is_manager:
        return BASE_BUNDLE
    others = {
        other.name
        for other in drivers()
        if other.name != target.name and other.manifest.device_class == target.manifest.device_class
    }
    entries = [
        entry
        for entry in bundle.unpack(BASE_BUNDLE.read_bytes())
        if entry.kind != bundle.DRIVER or entry.name not in others
    ]
    path = Path(folder) / "base.bundle"
    path.write_bytes(bundle.pack(entries))
    return path
