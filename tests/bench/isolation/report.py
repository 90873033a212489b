# SPDX-License-Identifier: MIT
"""The isolation table, for people (build/isolation/table.md) and programs (figures.json): rewritten whenever
a row is there."""

import json
import threading
from dataclasses import asdict

from ringfence import BUILD

from bench.isolation.measure import compare
from bench.isolation.rows import ROWS

FOLDER = BUILD / "isolation"
FIGURES, TABLE = FOLDER / "figures.json", FOLDER / "table.md"
SYSTEMS = ("ringfence", "linux")

HEAD = """\
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
    return HEAD + "".join(line(key, figures[key]) for key in ROWS if key in figures)


def line(key, row):
    cells = [cell(row.get(system), what) for system in SYSTEMS for what in ("work", "p99")]
    return f"| {ROWS[key].name} | {' | '.join(cells)} |\n"


def cell(entry, what):
    """`+1.23 % (4567 → 4511)`; a p99 in microseconds."""
    if entry is None:
        return "–"
    idle, active = entry["idle"][what], entry["active"][what]
    if what == "p99":
        idle, active = idle / 1000, active / 1000
    unit = " µs" if what == "p99" else ""
    return f"{entry['degradation'][what]:+.2f} % ({idle:.0f} → {active:.0f}{unit})"
