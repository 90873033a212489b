# SPDX-License-Identifier: MIT
"""What faults are put into: the drivers of the tree, found by their folders, with the machine in which each
comes to life; and the manager of a tenant.

A driver of a disk or a console is the only one of its class in its machine's bundle, so that nobody takes its device; which disks and
options it needs is found by trying MACHINES in turn. A new driver joins by being there; one for hardware that
none of these machines has needs a line here."""

import struct
from dataclasses import dataclass, field
from pathlib import Path

from ringfence import BUILD, ROOT, bundle
from ringfence.boot import BASE_BUNDLE

MANIFEST = struct.Struct("<I16s16sII32sHHI24sI12sII16sIII")
PAGE = 4096
BLOCK, CONSOLE, NETWORK = range(3)  # enum device_class


@dataclass(frozen=True)
class Shape:
    """A machine: disks as of `rf run --disk`, and further options of QEMU."""

    disks: tuple
    qemu: tuple = ()
    machine: str = "machine.toml"

    @property
    def has_cards(self):
        return self.machine != "machine.toml"


# Two cards and the wire between them: each has a driver of its own, so that one has faults and the other has none.
WIRE = (
    *("-netdev", "hubport,id=wire0,hubid=0", "-device", "virtio-net-pci,netdev=wire0"),
    *("-netdev", "hubport,id=wire1,hubid=0", "-device", "e1000,netdev=wire1"),
)
MACHINES = (Shape(("virtio:",)), Shape(("ata:",)), Shape(("virtio:",), WIRE, "machine-with-cards.toml"))
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

    @property
    def is_card_driver(self):
        return not self.is_manager and self.manifest.device_class == NETWORK


def drivers():
    """Every driver of the tree but those that test the core."""
    folders = sorted(path.parent for path in (ROOT / "drivers").glob("*/*/main.c"))
    names = [folder.name for folder in folders if folder.parent.name not in ("test", "lib")]
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
    """The base bundle without the other drivers of the target's class, for a card with them; the file that was written."""
    if target.is_manager or target.is_card_driver:
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
