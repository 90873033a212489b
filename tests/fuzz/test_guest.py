# SPDX-License-Identifier: MIT
"""Random calls in the guest, a short run of each: `tests/fuzz/in-guest` makes ten million."""

from fuzz.guest import Run, is_contained, perform
from lib import cases

CALLS = {"qemu": 50_000, "bochs": 20_000}


def expect_contained(guest, run):
    result, outcome, harm = perform(guest, run)
    detail = f"{outcome}; harm: {harm}\nreplay: {run.describe()}\n{result.explain()}"
    assert is_contained(outcome, harm), detail


@cases("qemu", "bochs")
def test_gates_from_ring_2(guest, emulator):
    expect_contained(guest, Run(2, seed=1, calls=CALLS[emulator], emulator=emulator))


@cases("qemu", "bochs")
def test_gates_from_ring_1(guest, emulator):
    expect_contained(guest, Run(1, seed=1, calls=CALLS[emulator], emulator=emulator))


@cases("qemu", "bochs")
def test_system_calls_from_ring_3(guest, emulator):
    expect_contained(guest, Run(3, seed=1, calls=CALLS[emulator], emulator=emulator))
