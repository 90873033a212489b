# SPDX-License-Identifier: MIT
"""Eight faults of a driver, which the project's measurements of Linux have too: each is put into the running
driver as machine code, under load, and really executed. The fault is contained, service goes on, and the
driver is usable again."""

import struct

from faults import arena, battle, coverage, plan, targets
from faults.instructions import disassemble, symbols
from lib import cases, variant
from lib.guest import Guest

SLOT = 0xC0000000  # of the first driver of the bundle
MARK = 0xDEADBEEF


def _write_to(linear):
    """movl $MARK, address: an address of the driver's segment that wraps to a linear one."""
    return b"\xc7\x05" + struct.pack("<II", (linear - SLOT) & 0xFFFFFFFF, MARK)


def _overrun(start):
    """mov $start, %edi; or $-1, %ecx; rep stosb: upwards until something stops it."""
    return b"\xbf" + struct.pack("<I", start) + b"\x83\xc9\xff\xf3\xaa"


def _eight(driver, core):
    """What happens, where in the driver, and as which code."""
    null_write = b"\xc7\x05" + struct.pack("<II", 0, MARK)
    # A virtio disk that is quick does not interrupt: its answers are taken before the next wait.
    interrupt = driver.get("settle", driver["interrupt"])
    return (
        ("null write in a request", driver["dispatch"], null_write),
        ("null write while a request is being finished", driver["loop_complete"], null_write),
        ("null write in an interrupt", interrupt, null_write),
        ("wild write to the core's text", driver["dispatch"], _write_to(core["core_image_start"])),
        ("overrun of its data", driver["dispatch"], _overrun(driver["image_end"])),
        ("write to its thread's block in the core", driver["dispatch"], _write_to(core["blocks"])),
        ("stack overflow", driver["dispatch"], b"\xe8\xfb\xff\xff\xff"),
        ("endless loop", driver["dispatch"], b"\xeb\xfe"),
    )


def _faults(target):
    eight = _eight(symbols(target.elf), symbols(variant.kernel("TEST_FAULTS")))
    return [_written(number, *one) for number, one in enumerate(eight)]


def _written(number, words, address, code, **more):
    return plan.Fault(
        number * plan.SERIES, "written", plan.TEXT, address, len(code), code=code, words=words, **more
    )


def _oversleeps(elf):
    """When it asks for a deadline before it is ready, it gets one a day and a half away."""
    start = symbols(elf)["loop_set_deadline"]
    high = next(i for i in disassemble(elf) if i.address >= start and i.text.endswith("0xc(%ebp),%edx"))
    code = b"\xb6\x7f\x90"  # mov $0x7f,%dh
    return _written(0, "a sleep before it is ready", high.address, code, at_start=True)


@cases("qemu virtio_blk", "qemu ata", "bochs ata")
def test_eight(case):
    emulator, name = case.split()
    target = next(target for target in targets.drivers() if target.name == name)
    _withstands(emulator, target, _faults(target))


@cases("qemu", "bochs")
def test_a_driver_that_oversleeps_its_start(emulator):
    target = next(target for target in targets.drivers() if target.name == "ata")
    _withstands(emulator, target, [_oversleeps(target.elf)])


def _withstands(emulator, target, chosen):
    shape = targets.MACHINES[coverage.of(target)["shape"]]
    outcome = arena.fight(Guest(), target, shape, chosen, emulator=emulator, timeout=300)
    told = [battle.describe(fault, trial) for fault, trial in zip(chosen, outcome.trials)]
    story = "\n".join(told)
    failure = battle.core_failure(target, outcome)
    assert not failure, f"contained: {failure}\n{story}"
    assert len(told) == len(chosen), story
    is_back = all(trial.verdict == "recovered" and trial.met for trial in outcome.trials)
    assert is_back, f"usable again:\n{story}"
    said = [line for trial in outcome.trials for line in trial.wrong + trial.errors] + battle.late(outcome)
    assert not said, f"service goes on: {said}\n{story}"
