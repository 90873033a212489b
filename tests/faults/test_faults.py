# SPDX-License-Identifier: MIT
"""Two hundred faults, in every driver of the tree and in a manager; and lies, with and without verify=on."""

from faults import battle, coverage, plan, targets
from lib import cases

SEED = "test"
NAMES = [target.name for target in targets.everything()]
FAULTS = -(-200 // len(NAMES) // plan.SERIES) * plan.SERIES
BOCHS_FAULTS = plan.SERIES
LIES = 2 * plan.SERIES
RECOVERED = ("unmet", "overwritten", "harmless", "felt", "slow", "recovered")
RESTART_MOST = 50_000  # microseconds; the campaign's report has percentiles


def _named(name):
    return next(target for target in targets.everything() if target.name == name)


def _judge(target, boot, told):
    """A driver with DMA reaches all memory while no IOMMU holds it: what it does to the core by that is no
    surprise."""
    story = "\n".join(told)
    is_unfenced = not target.is_manager and target.manifest.dma
    if boot.core_failure and is_unfenced:
        return
    assert not boot.core_failure, f"{boot.core_failure}\n{story}"
    assert len(boot.rows) == len(told), story
    assert sum(row.is_met for row in boot.rows) >= len(boot.rows) // 5, story
    assert any(row.failures for row in boot.rows), story
    assert all(row.verdict in RECOVERED for row in boot.rows), story
    late = [row for row in boot.rows if row.failures == 1 and (row.restart or 0) > RESTART_MOST]
    assert target.is_manager or not late, f"{late}\n{story}"


@cases(*NAMES)
def test_qemu(name):
    target, told = _named(name), []
    _judge(target, battle.fight(target, range(FAULTS), SEED, False, tell=told.append), told)


@cases("ata", long=("console",))
def test_bochs(name):
    target, told = _named(name), []
    boot = battle.fight(target, range(BOCHS_FAULTS), SEED, False, tell=told.append, emulator="bochs")
    _judge(target, boot, told)


LIARS = {"off": (False, ""), "on": (True, ""), "on, without copies": (True, "verify_copies=0")}


@cases(*LIARS)
def test_lies(case):
    """A driver that does something else than it was asked. Without verify=on tenants take wrong bytes for good
    ones; with it nobody does, and what was damaged is put right, unless no copies are kept: then some of it is
    an IO error."""
    target, told = _named("virtio_blk"), []
    verify, options = LIARS[case]
    boot = battle.fight(
        target, range(LIES), SEED, verify, tell=told.append, classes=("lie",), options=options
    )
    story = "\n".join(told + boot.late)
    assert not boot.core_failure, f"{boot.core_failure}\n{story}"
    wrong = sum(row.wrong for row in boot.rows) + sum("|wrong|" in line for line in boot.late)
    errors = sum(row.errors for row in boot.rows) + sum("|error|" in line for line in boot.late)
    found = sum(row.found_by == "wrong data" for row in boot.rows)
    assert (wrong > 0) == (not verify), story
    assert (found > 0) == verify, story
    assert (errors > 0) == ("copies" in options), story
