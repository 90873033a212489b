# SPDX-License-Identifier: MIT
"""What is kept of a campaign: a line of JSON for each boot, in build/faults/, so that a campaign that was
stopped goes on where it was."""

import json
from dataclasses import asdict, dataclass, field

from faults.plan import CLASSES

# By what the core says about a failure: how it was found.
DETECTIONS = {
    "fault": ("#",),
    "gave up": ("gave up", "panic"),
    "budget": ("time budget", "no rest"),
    "heartbeat": ("in flight",),
    "bad answer": ("bad completion", "fetches a request", "doubtful error"),
    "wrong data": ("wrong data",),
    "no progress": ("no round", "its program has ended"),
    "start": ("did not come back", "does not get ready"),
}


def detection(cause):
    for name, words in DETECTIONS.items():
        if any(word in cause for word in words):
            return name
    return "other"


@dataclass
class Row:
    """One fault, as small as the report allows; times in microseconds of the guest."""

    number: int
    kind: str
    verdict: str
    is_met: bool
    failures: int = 0
    found_by: str = ""
    detection: int | None = None  # from the moment it was met
    restart: int | None = None  # from its detection to the driver's return
    replayed: int = 0
    wrong: int = 0  # bytes that a tenant took for good
    errors: int = 0  # IO errors that tenants saw


def row(trial, fault):
    failed = trial.failures > 0
    return Row(
        trial.number,
        fault.kind,
        trial.verdict,
        trial.met != 0,
        trial.failures,
        detection(trial.cause) if failed else "",
        (trial.failed - trial.met) // 1000 if failed and trial.met else None,
        (trial.recovered - trial.failed) // 1000 if failed and trial.recovered else None,
        trial.replayed,
        sum(int(text.split("|")[2]) for text in trial.wrong),
        len(trial.errors),
    )


@dataclass
class Boot:
    """The faults of one boot, and how it ended."""

    driver: str
    verify: bool
    first: int
    rows: list
    core_failure: str = ""  # what happened to the machine
    seconds: float = 0.0
    late: list = field(default_factory=list)  # what tenants found wrong after the last fault
    emulator_failure: str = ""  # it ended the boot by a failed assertion of its own

    @property
    def end(self):
        """The number that the next boot of the driver begins with."""
        return self.rows[-1].number + 1 if self.rows else self.first

    @property
    def met(self):
        return sum(row.is_met for row in self.rows)

    @property
    def lost_tenant(self):
        """The machine went on, but a tenant did not."""
        return ": ends: " in self.core_failure


def save(path, boot):
    text = asdict(boot)
    text["rows"] = [list((asdict(row) | {"kind": CLASSES.index(row.kind)}).values()) for row in boot.rows]
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(text) + "\n")


def load(path):
    boots = []
    for line in path.read_text().splitlines() if path.exists() else []:
        values = json.loads(line)
        rows = [Row(row[0], CLASSES[row[1]], *row[2:]) for row in values.pop("rows")]
        boots.append(Boot(**values, rows=rows))
    return boots
