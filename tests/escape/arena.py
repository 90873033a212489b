# SPDX-License-Identifier: MIT
"""Boots the machine of the attacks and reads what the referee says."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ringfence import BUILD, ROOT, bundle, erofs

from escape.attacks import FENCES, MANIFESTS

MACHINE = ROOT / "tests" / "escape" / "machine.toml"
RING_1_LIST = ROOT / "drivers" / "test" / "hostile" / "attack.h"
STRIPPED = BUILD / "stripped"


@dataclass
class Outcome:
    text: str  # the core's words, or the attacker's own
    harm: str  # to others; "none"


def ring_1_numbers():
    names = re.findall(r"ATTACK\((\w+)\)", RING_1_LIST.read_text())
    return {name: number for number, name in enumerate(names)}


def _argument(attack):
    if attack in MANIFESTS:
        return f"1:{attack.name}"
    if attack.ring == 1:
        return f"1:{attack.name}:{ring_1_numbers()[attack.name]}"
    accomplice = f":{attack.accomplice}" if attack.accomplice else ""
    return f"{attack.ring}:{attack.name}{accomplice}"


def _attacker_image():
    with tempfile.TemporaryDirectory(prefix="ringfence-escape-") as directory:
        root, image = Path(directory) / "root", Path(directory) / "attacker.erofs"
        root.mkdir()
        program = root / "attack"
        program.write_bytes((BUILD / "escape" / "attack").read_bytes())
        program.chmod(0o755)
        erofs.make_root(root, image)
        return image.read_bytes()


def bundle_entries():
    drivers = [path for path in sorted((ROOT / "drivers" / "test").iterdir()) if path.is_dir()]
    entries = [
        bundle.Entry(
            bundle.DRIVER, path.name, (STRIPPED / "drivers" / f"{path.name}.elf").read_bytes()
        )
        for path in drivers
    ]
    hostile = (STRIPPED / "domains" / "hostile.elf").read_bytes()
    entries.append(bundle.Entry(bundle.MANAGER, "hostile", hostile))
    entries.append(bundle.Entry(bundle.IMAGE, "attacker", _attacker_image()))
    referee = (BUILD / "escape" / "referee").read_bytes()
    return entries + [bundle.Entry(bundle.FILE, "referee", referee)]


def fight(guest, emulator, attacks, timeout, **arguments):
    """Runs `attacks` in one boot. Gives the boot's result, and the outcomes by attack.

    An attack that was begun and has no outcome took the machine with it: its outcome says so.
    """
    words = " ".join(_argument(attack) for attack in attacks)
    result = guest.boot(
        f"cp /boot/referee /tmp/referee && chmod 755 /tmp/referee && /tmp/referee {words}",
        emulator=emulator,
        machine=MACHINE,
        fence=FENCES[emulator],
        entries=bundle_entries(),
        timeout=timeout,
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
