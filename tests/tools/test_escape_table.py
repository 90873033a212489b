# SPDX-License-Identifier: MIT
"""Attacks, their sources, the defences, the README's figures and the committed table are in step."""

import re

from escape.attack import instructions
from escape.attacks import ATTACKS, MANIFESTS, RING_1, RING_2, RING_3
from escape.weakened import CORE, MANAGER
from ringfence import ROOT

ESCAPE = ROOT / "tests" / "escape"
BYSTANDERS = {
    "bystander", "leave-frames", "leave-registers", "link-show-and-close", "link-many", "link-take", "net-forge-sender",
    "net-send-past-page", "net-speak", "spin", "storm",
}
OTHERS = {"busy.c", "random_gates.c"}  # not of this table: tests/guest/interrupts_off.py, tests/fuzz
OTHER_DEVICE = {"write_by_dma", "flood_interrupts"}  # of drivers/test/i82551
INSTRUCTIONS = {name for kind in ("PRIVILEGED", "FORBIDDEN") for name, _ in instructions(kind)}


def _names_in_tables(folder):
    entry = re.compile(r'\{"([\w-]+)", \w+\}')
    files = [path for path in folder.glob("*.c") if path.name not in OTHERS]
    return {name for path in files for name in entry.findall(path.read_text())} | INSTRUCTIONS


def _names(attacks):
    return {attack.name for attack in attacks}


def test_every_attack_has_a_source():
    assert _names_in_tables(ESCAPE / "ring3") == _names(RING_3)
    assert _names_in_tables(ROOT / "domains" / "hostile") - BYSTANDERS == _names(RING_2)
    listed = (ROOT / "drivers" / "test" / "hostile" / "attack.h").read_text()
    in_ring_1 = set(re.findall(r"ATTACK\((\w+)\)", listed)) | {
        name.replace("-", "_") for name in INSTRUCTIONS
    }
    assert in_ring_1 | OTHER_DEVICE == _names(RING_1)
    drivers = {path.name for path in (ROOT / "drivers" / "test").iterdir() if path.is_dir()}
    assert drivers - {"hostile", "i82551", "short_lived"} == _names(MANIFESTS)


def test_no_attack_is_listed_twice():
    labels = [attack.label for attack in ATTACKS]
    assert len(labels) == len(set(labels))


def test_every_attack_has_a_control_or_says_why_not():
    assert all(len(attack.defences) == 2 or attack.because for attack in ATTACKS)


def test_every_defence_has_an_attack():
    used = {defence for attack in ATTACKS for defence in attack.defences.values()}
    assert used == CORE.defences() | MANAGER.defences()


def _mechanisms(attacks):
    return {attack.name.replace("_", "-") for attack in attacks}


def test_the_readme_counts_right():
    text = " ".join((ESCAPE / "README.md").read_text().split())
    controlled = [attack for attack in ATTACKS if attack.defences]
    assert f"{len(ATTACKS)} attacks by {len(_mechanisms(ATTACKS))} mechanisms" in text
    assert f"{len(_mechanisms(controlled))} of them have a control" in text
    assert f"{len(CORE.defences() | MANAGER.defences())} defences" in text


def test_the_committed_table_has_every_attack():
    text = (ESCAPE / "RESULTS.md").read_text()
    rows = re.findall(r"^\| (\d) \| `([\w-]+)` \| (.*?) \|", text, re.M)
    assert rows == [(str(attack.ring), attack.name, attack.tries) for attack in ATTACKS]
    assert "ESCAPED" not in text
