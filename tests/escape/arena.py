# SPDX-License-Identifier: MIT
"""Boots the machine of the attacks and reads what the referee says."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lib.image import image
from ringfence import BUILD, ROOT, bundle
from ringfence.boot import KERNEL

from escape.attack import instructions
from escape.attacks import MANIFESTS

MACHINE = ROOT / "tests" / "escape" / "machine.toml"
RING_1_LIST = ROOT / "drivers" / "test" / "hostile" / "attack.h"
STRIPPED = BUILD / "stripped"
CORE_BASE = 0xE0000000
FLOOD_INTERRUPTS = "17"  # drivers/test/i82551/main.c
DEVICES = {"qemu": ("-device", "i82551", "-device", "virtio-rng-pci"), "bochs": ()}
LINUX = STRIPPED / "domains" / "linux.elf"  # the manager of the apps that attack


@dataclass
class Outcome:
    text: str  # the core's words, or the attacker's own
    harm: str  # to others; "none"

    @property
    def words(self):
        return self.text if self.harm == "none" else f"{self.text}; harm: {self.harm}"


def ring_1_numbers():
    names = re.findall(r"ATTACK\((\w+)\)", RING_1_LIST.read_text())
    for kind in ("PRIVILEGED", "FORBIDDEN"):
        names += [name.replace("-", "_") for name, _ in instructions(kind)]
    return {name: number for number, name in enumerate(names)}


def gdt_address():
    """The bus address of the first CPU's GDT, as no driver should know it."""
    symbols = subprocess.run(["nm", KERNEL], check=True, capture_output=True, text=True).stdout
    return int(re.search(r"^(\w+) \w first_cpu$", symbols, re.M)[1], 16) - CORE_BASE


def _argument(attack):
    words = [str(attack.patience), str(attack.ring), attack.name]
    if attack.name == "write_by_dma":
        words.append(f"{gdt_address():x}")
    elif attack.name == "flood_interrupts":
        words += [FLOOD_INTERRUPTS, "dma0"]
    elif attack.ring == 1 and attack not in MANIFESTS:
        words += [str(ring_1_numbers()[attack.name]), "hostile0"]
    elif attack.accomplice:
        words.append(attack.accomplice)
    return ":".join(words)


def bundle_entries(manager=LINUX):
    drivers = [path for path in sorted((ROOT / "drivers" / "test").iterdir()) if path.is_dir()]
    entries = [
        bundle.Entry(
            bundle.DRIVER, path.name, (STRIPPED / "drivers" / f"{path.name}.elf").read_bytes()
        )
        for path in drivers
    ]
    hostile = (STRIPPED / "domains" / "hostile.elf").read_bytes()
    entries.append(bundle.Entry(bundle.MANAGER, "hostile", hostile))
    entries.append(bundle.Entry(bundle.MANAGER, "attacked", manager.read_bytes()))
    entries.append(image("attacker", BUILD / "escape" / "attack"))
    referee = (BUILD / "escape" / "referee").read_bytes()
    return entries + [bundle.Entry(bundle.FILE, "referee", referee)]


def fight(guest, arena, attacks, timeout, manager=LINUX, **arguments):
    """Runs `attacks` in one boot in `arena`. Gives the boot's result, and the outcomes by attack.

    An attack that was begun and has no outcome took the machine with it: its outcome says so.
    """
    words = " ".join(_argument(attack) for attack in attacks)
    result = guest.boot(
        f"cp /boot/referee /tmp/referee && chmod 755 /tmp/referee && /tmp/referee {words}",
        emulator=arena.emulator,
        fence=arena.fence,
        cpus=arena.cpus,
        machine=MACHINE,
        entries=bundle_entries(manager),
        timeout=timeout,
        qemu_args=DEVICES[arena.emulator],
        **arguments,
    )
    return result, _outcomes(result, attacks)


def _outcomes(result, attacks):
    by_label = {attack.label: attack for attack in attacks}
    outcomes, begun = {}, None
    for line in result.output.splitlines():
        kind, *fields = line.split("|")
        if kind == "begin":
            begun = by_label.get(f"ring {fields[0]} {fields[1]}")
        elif kind == "result" and begun:
            outcomes[begun] = Outcome(fields[2], fields[3])
            begun = None
    if begun:
        last = (result.panic or result.log or ["no word"])[0 if result.panic else -1]
        outcomes[begun] = Outcome(f"the machine is lost: {last}", "all")
    return outcomes
