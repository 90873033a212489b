# SPDX-License-Identifier: MIT
"""What is booted: the kernel, its modules, disks and options, whatever emulator runs it."""

import json
from dataclasses import dataclass, field
from pathlib import Path

from . import BUILD, bundle, disk, erofs, image_file, images
from .description import DescriptionError, Machine

KERNEL = BUILD / "kernel.elf"
BASE_BUNDLE = BUILD / "base.bundle"
INTERFACES = ("virtio", "ata")
BASE_IMAGES = ("base", "operator")  # in the base bundle
MODULES_ROOM = 64 << 20  # CORE_MODULES in kernel/layout.h


class BootError(Exception):
    pass


@dataclass(frozen=True)
class Disk:
    path: Path
    interface: str
    keep_writes: bool


@dataclass
class Boot:
    machine: Machine
    directory: Path  # holds what this run makes; gone after it
    kernel: Path = KERNEL
    base_bundle: Path = BASE_BUNDLE
    commands: list = field(default_factory=list)
    roots: dict = field(default_factory=dict)  # tenant -> host folder
    entries: list = field(default_factory=list)  # further bundle entries, for tests
    fence: str | None = None  # overrides the machine's
    firmware: str | None = None  # None: QEMU loads the kernel itself
    terminal: dict | None = None  # what the prompt stands on, for interactive runs
    disks: list = field(default_factory=list)
    deterministic: bool = False  # guest time is instructions
    instruction_shift: int = 0  # one takes 2 to the power of this, in nanoseconds
    idle_is_real: bool = False  # and, while the guest waits, the host's time: for runs with disks
    network: "object" = None  # network.Network; None: its defaults
    emulator_arguments: list = field(default_factory=list)
    bochs_cpu: str = "corei7_icelake_u"  # the CPU that Bochs models
    options: str = ""  # further words for the kernel's command line

    @property
    def interactive(self):
        return not self.commands

    @property
    def command_line(self):
        return kernel_options(self.machine, self.fence, self.options)

    @property
    def run_bundle(self):
        return self.directory / "run.bundle"

    @property
    def serial_log(self):
        return self.directory / "serial.txt"

    def prepare(self):
        """Writes the run's own bundle; BootError if a part of the boot is missing."""
        for part in (self.kernel, self.base_bundle):
            if not part.exists():
                raise BootError(f"{part} is missing: run make")
        entries = self._further_images()
        entries += [self._root_entry(tenant, folder) for tenant, folder in self.roots.items()]
        entries.append(bundle.Entry(bundle.FILE, "machine.json", self.machine.json()))
        for name, content in (("commands.json", self.commands), ("terminal.json", self.terminal)):
            if content:
                entries.append(bundle.Entry(bundle.FILE, name, json.dumps(content).encode()))
        entries += self.entries  # of two with one name the later wins
        self.run_bundle.write_bytes(bundle.pack(entries))
        size = sum(module.stat().st_size for module in (self.base_bundle, self.run_bundle))
        if size > MODULES_ROOM:
            raise BootError(
                f"the boot modules have {size >> 20} MiB with all --root folders, "
                f"the core has room for {MODULES_ROOM >> 20} MiB"
            )

    def _further_images(self):
        """Those that the description names and the base bundle does not have."""
        owners = [self.machine.values["operator"], *self.machine.tenants.values()]
        named = {owner["image"] for owner in owners} - set(BASE_IMAGES)
        return [bundle.Entry(bundle.IMAGE, name, image_file(name).read_bytes()) for name in sorted(named)]

    def _root_entry(self, tenant, folder):
        if tenant not in self.machine.tenants:
            known = ", ".join(self.machine.tenants)
            raise BootError(f"--root: there is no tenant {tenant!r}; there are: {known}")
        image = self.directory / f"{tenant}.erofs"
        erofs.make_root(folder, image)
        self.machine.tenants[tenant]["image"] = f"root-{tenant}"
        return bundle.Entry(bundle.IMAGE, f"root-{tenant}", image.read_bytes())


def kernel_options(machine, fence=None, further=""):
    """The kernel's command line: what the core must know before it can read a description."""
    operator = machine.values["operator"]["memory"] >> 20
    off = "" if machine.mitigations == "on" else "mitigations=off "
    verify = "verify=on " if machine.verify == "on" else ""
    return f"fence={fence or machine.fence} {off}{verify}operator={operator} {further}".strip()


def parse_disks(texts, machine, emulator):
    """The disks of the `--disk` options, in the order in which the guest finds them."""
    default = "ata" if emulator == "bochs" else "virtio"
    disks = [_parse_disk(text, machine, index, default) for index, text in enumerate(texts)]
    _check_interfaces([disk.interface for disk in disks], emulator)
    return disks


def _check_interfaces(interfaces, emulator):
    if emulator == "bochs" and "virtio" in interfaces:
        raise BootError("--disk: Bochs has no virtio disks, only ata:")
    if interfaces.count("ata") > 1:
        raise BootError("--disk: the guest drives only one ATA disk; with QEMU others can be virtio:")
    if "ata" in interfaces[1:]:
        raise BootError(
            "--disk: the guest calls the ATA disk blk0 and counts the virtio disks from there: "
            "give the ata: disk first"
        )


def _parse_disk(text, machine, index, default_interface):
    """The disk of `--disk [virtio:|ata:][FILE]`; without a FILE the seeded one, writes thrown away."""
    interface, separator, file = text.partition(":")
    if not separator or interface not in INTERFACES:
        interface, file = default_interface, text
    device = f"blk{index}"
    if not file:
        return Disk(disk.seeded(machine, device), interface, keep_writes=False)
    path, needed = Path(file), disk.required_size(machine, device)
    if not path.is_file():
        raise BootError(f"--disk: there is no file {file}")
    if path.stat().st_size < needed:
        raise BootError(
            f"--disk: {file} has {path.stat().st_size} bytes, the volumes on {device} need {needed}"
        )
    return Disk(path, interface, keep_writes=True)


def available_images():
    """The image names that a description may use; DescriptionError before the first build."""
    found = images()
    if not found:
        raise DescriptionError("build/images is empty: run make")
    return found
