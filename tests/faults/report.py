# SPDX-License-Identifier: MIT
"""The report of a campaign, in Markdown: REPORT.md is one."""

from collections import Counter

from faults import targets
from faults.plan import CLASSES
from faults.record import DETECTIONS


LOST = ("lost", "down", "core")
OUTCOME_HEAD = (
    "where",
    "injected",
    "met",
    "failures",
    "recovered without an error",
    "not recovered",
    "slow",
    "replayed",
    "IO errors",
    "wrong bytes",
    "tenants lost",
    "core failures",
)


def _table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]) + "\n"


def _percentile(values, percent):
    """The smallest value that so many percent of all do not exceed."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None


def _time(microseconds):
    if microseconds is None:
        return "–"
    return f"{microseconds} us" if microseconds < 1000 else f"{microseconds / 1000:.3g} ms"


def _times(values):
    """p50, p99 and the longest."""
    return " · ".join(_time(_percentile(values, percent)) for percent in (50, 99, 100))


def _share(part, whole):
    return f"{100 * part / whole:.2f} %" if whole else "–"


def _name(boot):
    kinds = {target.name: _kind(target) for target in targets.everything()}
    verify = ", verify=on" if boot.verify else ""
    return f"{boot.driver}{kinds.get(boot.driver, '')}{verify}"


def _kind(target):
    if target.is_manager:
        return " (manager)"
    return " (DMA, unfenced)" if target.manifest.dma else ""


def _groups(boots):
    """The rows by driver and verify, in the order of their first boot."""
    groups = {}
    for boot in boots:
        groups.setdefault(_name(boot), []).append(boot)
    return groups


def _rows(boots):
    return [row for boot in boots for row in boot.rows]


def _outcome_line(name, boots):
    rows = _rows(boots)
    met = [row for row in rows if row.is_met]
    failed = [row for row in rows if row.failures]
    whole = sum(row.verdict not in LOST and not row.errors for row in failed)
    return (
        name,
        len(rows),
        len(met),
        len(failed),
        f"{whole} ({_share(whole, len(failed))})",
        sum(row.verdict in ("lost", "down") for row in rows),
        sum(row.verdict == "slow" for row in rows),
        sum(row.replayed for row in rows),
        sum(row.errors for row in rows),
        sum(row.wrong for row in rows),
        sum(boot.lost_tenant for boot in boots),
        sum(bool(boot.core_failure) and not boot.lost_tenant for boot in boots),
    )


def _detection_line(name, boots):
    found = Counter(row.found_by for row in _rows(boots) if row.failures)
    return (name, *(found[way] for way in DETECTIONS))


def _time_line(name, boots):
    rows = [row for row in _rows(boots) if row.failures]
    return (
        name,
        _times([row.detection for row in rows if row.detection is not None]),
        _times([row.restart for row in rows if row.restart is not None]),
    )


def _class_line(kind, rows):
    of_kind = [row for row in rows if row.kind == kind]
    met = sum(row.is_met for row in of_kind)
    failed = sum(row.failures > 0 for row in of_kind)
    wrong = sum(row.wrong > 0 for row in of_kind)
    return (kind, len(of_kind), met, failed, _share(failed, met), wrong)


def write(boots, seed):
    groups = _groups(boots)
    rows = _rows(boots)
    failures = [boot for boot in boots if boot.core_failure]
    text = f"# The fault campaign, seed {seed}\n\n"
    met = sum(row.is_met for row in rows)
    text += f"{len(rows)} faults injected, {met} met, in {len(boots)} boots.\n\n## What came of them\n\n"
    text += _table(
        OUTCOME_HEAD,
        [_outcome_line(*group) for group in groups.items()],
    )
    text += "\n## How failures were found\n\n"
    text += _table(("where", *DETECTIONS), [_detection_line(*group) for group in groups.items()])
    text += "\n## How long it took, in time of the guest: p50 · p99 · longest\n\n"
    head = ("where", "from the fault to its detection", "from there to its return")
    text += _table(head, [_time_line(*group) for group in groups.items()])
    text += "\n## By class\n\n"
    head = ("class", "injected", "met", "failures", "of those met", "with wrong bytes")
    text += _table(head, [_class_line(kind, rows) for kind in CLASSES])
    if failures:
        text += "\n## Tenants lost, and core failures\n\n"
        text += "".join(f"- {_name(boot)}, fault {boot.end - 1}: {boot.core_failure}\n" for boot in failures)
    ends = Counter((_name(boot), boot.emulator_failure) for boot in boots if boot.emulator_failure)
    if ends:
        text += "\n## Boots that ended by a failed assertion of the emulator's\n\n"
        text += "".join(f"- {name}: {count} times, {words}\n" for (name, words), count in ends.items())
    return text
