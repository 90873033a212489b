# SPDX-License-Identifier: MIT
"""kernel/SECURITY.md: each claim names what shows it, and each name exists."""

import re

from escape.attacks import ATTACKS
from lib.suites import SUITES, collect
from ringfence import ROOT

PAGE = ROOT / "kernel" / "SECURITY.md"
NOTHING = re.compile(r"nothing: \S")


def claims():
    """Pairs of a claim and its last column, of each table whose last column is "shown by"."""
    found, inside = [], False
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            inside = False
        elif cells[-1] == "shown by":
            inside = True
        elif inside and not set(cells[-1]) <= set("-"):
            found.append((cells[0], cells[-1]))
    return found


def known():
    """All names that a claim may give: tests as tests/run prints them, their files, attacks."""
    names = {attack.label for attack in ATTACKS}
    for suite in SUITES:
        names |= {name.partition("[")[0] for name, _ in collect(suite, long=True)}
    for source in (ROOT / "tests" / "unit").glob("test_*.c"):
        cases = re.findall(r"(?:cmocka_unit_test|TEST)\w*\((\w+)", source.read_text())
        names |= {f"unit.{source.stem}.{case}" for case in cases}
    return names


def test_each_claim_names_what_shows_it():
    found = claims()
    assert len(found) > 40, found
    bare = [claim for claim, shown in found if not re.search(r"`[^`]+`", shown) and not NOTHING.match(shown)]
    assert not bare, bare


def test_each_name_exists():
    names = known()
    shown_by = [(claim, shown) for claim, shown in claims() if not NOTHING.match(shown)]
    told = [(name, claim) for claim, shown in shown_by for name in re.findall(r"`([^`]+)`", shown)]
    missing = [(name, claim) for name, claim in told if name not in names]
    assert told and not missing, missing


def test_each_file_exists():
    """What the page names as a file, from the root or from kernel/."""
    files = set(re.findall(r"`((?:\w+/)+[\w.]+\.(?:py|c|h|S|md))`", PAGE.read_text()))
    missing = [file for file in files if not (ROOT / file).exists() and not (ROOT / "kernel" / file).exists()]
    assert files and not missing, missing
