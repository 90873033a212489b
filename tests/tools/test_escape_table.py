# SPDX-License-Identifier: MIT
"""The attacks are listed in one place each: the table, the README, the sources, the defences."""

import re

from escape.attacks import ATTACKS, MANIFESTS, RING_1, RING_2, RING_3
from ringfence import ROOT

BYSTANDERS = {"bystander", "leave-frames", "leave-registers", "spin", "storm"}
OTHERS = {"busy.c", "random_gates.c"}  # not of this table: tests/guest/interrupts_off.py, tests/fuzz


def _names_in_tables(folder):
    entry = re.compile(r'\{"([\w-]+)", \w+\}')
    files = [path for path in folder.glob("*.c") if path.name not in OTHERS]
    return {name for path in files for name in entry.findall(path.read_text())}


def _names(attacks):
    return {attack.name for attack in attacks}


def test_every_attack_has_a_source():
    assert _names_in_tables(ROOT / "tests" / "escape" / "ring3") == _names(RING_3)
    assert _names_in_tables(ROOT / "domains" / "hostile") - BYSTANDERS == _names(RING_2)
    listed = (ROOT / "drivers" / "test" / "hostile" / "attack.h").read_text()
    assert set(re.findall(r"ATTACK\((\w+)\)", listed)) == _names(RING_1)
    drivers = {path.name for path in (ROOT / "drivers" / "test").iterdir() if path.is_dir()}
    assert drivers - {"hostile"} == _names(MANIFESTS)


def test_every_attack_has_a_control_and_every_defence_an_attack():
    assert all(attack.defences for attack in ATTACKS)
    used = {defence for attack in ATTACKS for defence in attack.defences.values()}
    header = (ROOT / "kernel" / "defence.h").read_text()
    assert used == set(re.findall(r"#define DEFENCE_(\w+) 1", header))


def test_the_readme_tells_the_same():
    text = (ROOT / "tests" / "escape" / "README.md").read_text()
    rows = re.findall(r"^\| (\d) \| `([\w-]+)` \| .* \| (\S+) \| (\S+) \|$", text, re.M)
    told = {(int(ring), name): (segment, paging) for ring, name, segment, paging in rows}
    known = {
        (attack.ring, attack.name): tuple(
            f"`{attack.defences[fence]}`" if fence in attack.defences else "–"
            for fence in ("segment", "paging")
        )
        for attack in ATTACKS
    }
    assert told == known
