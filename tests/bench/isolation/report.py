# SPDX-License-Identifier: MIT
"""The isolation table, for people (build/isolation/table.md) and programs (figures.json): rewritten whenever
a row is there."""

import json
import threading
from dataclasses import asdict

from ringfence import BUILD

from bench.isolation.measure import compare
from bench.isolation.rows import GOAL, ROWS

FOLDER = BUILD / "isolation"
FIGURES, TABLE = FOLDER / "figures.json", FOLDER / "table.md"
SYSTEMS = ("ringfence", "linux")

HEAD = """\
# The isolation table

Degradation of three tenants in percent, and the figures with the stress idle → active: turns a second, and the p99 of a
request. Below 0: better than without the stress. The goal is at most {goal:.0f} % (published for other workloads: VMware
0, Xen up to 1.67, OpenVZ 21.3); a row with a number has a note below. In
the last four rows "idle" has the operator at work without harm. Made by `make isolation`.

| stress in one tenant | work | p99 | Linux: work | Linux: p99 |
|---|---|---|---|---|
"""

lock = threading.Lock()


def add(system, row, idle, active):
    """Notes the figures of a row, and rewrites both files."""
    entry = {"idle": asdict(idle), "active": asdict(active), "degradation": asdict(compare(idle, active))}
    with lock:
        figures = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
        figures.setdefault(row, {})[system] = entry
        FOLDER.mkdir(parents=True, exist_ok=True)
        FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")
        TABLE.write_text(table(figures))


def table(figures):
    keys = [key for key in ROWS if key in figures]
    notes = [key for key in keys if ROWS[key].why]
    text = HEAD.format(goal=GOAL) + "".join(line(key, figures[key], notes) for key in keys) + "\n"
    return text + "".join(f"{number}. {ROWS[key].why}\n" for number, key in enumerate(notes, start=1))


def line(key, row, notes):
    mark = f" ({notes.index(key) + 1})" if key in notes else ""
    cells = [cell(row.get(system), what) for system in SYSTEMS for what in ("work", "p99")]
    return f"| {ROWS[key].name}{mark} | {' | '.join(cells)} |\n"


def cell(entry, what):
    """`+1.23 % (4567 → 4511)`; a p99 in microseconds."""
    if entry is None:
        return "–"
    scale, unit = (1000, " µs") if what == "p99" else (1, "")
    idle, active = (entry[run][what] / scale for run in ("idle", "active"))
    return f"{entry['degradation'][what]:+.2f} % ({idle:,.0f} → {active:,.0f}{unit})"
