# SPDX-License-Identifier: MIT
"""The host's half of the fault campaign: instructions taken apart, mutations, faults by number, the record and the report."""

import tempfile
from pathlib import Path
from random import Random

from faults import plan, record, report, targets
from faults.instructions import disassemble, parse
from faults.mutations import TEXT_CLASSES
from lib import cases

DRIVERS = {target.name: target for target in targets.drivers()}


def test_fields_of_an_instruction():
    move = parse(0, bytes.fromhex("c7 44 24 1c 01 02 03 04"), "movl $0x4030201,0x1c(%esp)")
    assert (move.modrm, move.displacement, move.displacement_bytes, move.immediate) == (1, 3, 1, 4)
    wide = parse(0, bytes.fromhex("66 0f b6 05 04 40 00 00"), "movzbw 0x4004,%ax")
    assert (wide.opcode, wide.number, wide.modrm, wide.displacement_bytes) == (1, 0x0FB6, 3, 4)
    jump = parse(0, bytes.fromhex("0f 84 00 01 00 00"), "je 0x106")
    assert jump.modrm is None and jump.immediate_bytes == 4


@cases(*DRIVERS)
def test_every_instruction_adds_up(name):
    for instruction in disassemble(DRIVERS[name].elf):
        sizes = (6,) if instruction.mnemonic == "lcall" else (0, 1, 2, 4)
        assert instruction.immediate_bytes in sizes, instruction


@cases(*TEXT_CLASSES)
def test_a_mutation_keeps_the_length_and_changes_something(kind):
    random, count = Random(7), 0
    for instruction in disassemble(DRIVERS["ata"].elf):
        code = TEXT_CLASSES[kind](instruction, random)
        count += code is not None
        assert code is None or (len(code) == len(instruction.code) and code != instruction.code), instruction
    assert count > 50, count


def _coverage(target):
    addresses = {instruction.address for instruction in disassemble(target.elf)}
    return {"steady": addresses, "start": addresses}


@cases(*DRIVERS)
def test_seed_and_number_name_a_fault(name):
    target = DRIVERS[name]
    coverage = _coverage(target)
    first = [plan.make(target, coverage, "a", number) for number in range(300)]
    assert first == [plan.make(target, coverage, "a", number) for number in range(300)]
    other = [plan.make(target, coverage, "b", number) for number in range(300)]
    assert sum(one != two for one, two in zip(first, other)) > 250
    assert {fault.kind for fault in first} == set(plan.CLASSES)


def test_a_series_begins_afresh():
    target = DRIVERS["ata"]
    faults = [plan.make(target, _coverage(target), 1, number) for number in range(3 * plan.SERIES)]
    lines = plan.table(faults).decode().splitlines()
    assert lines[0] == "pause 0" and lines.count("fresh") == 2
    assert list(plan.series_of(2 * plan.SERIES + 3)) == [2 * plan.SERIES + n for n in range(4)]


def test_what_is_recorded_is_reported():
    rows = [
        record.Row(0, "branch", "recovered", True, 1, "fault", 140, 2000, 1, 0, 0),
        record.Row(1, "state", "harmless", True, wrong=4096),
        record.Row(2, "pointer", "recovered", True, 1, "budget", 50000, 9000, 6, 0, 2),
        record.Row(3, "register", "unmet", False),
    ]
    ends = ("it is gone", "[ 1.2] red: ends: vector 14", "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "record"
        record.save(path, record.Boot("ata", False, 0, rows))
        for number, end in enumerate(ends, start=512):
            last = [record.Row(number, "branch", "core", False)]
            emulator = "" if end else "check: Assertion `0' failed."
            record.save(path, record.Boot("ata", False, number, last, end, emulator_failure=emulator))
        boots = record.load(path)
    assert boots[0].rows == rows and (boots[0].met, boots[0].end) == (3, 4)
    text = report.write(boots, 1)
    assert "| ata (DMA, unfenced) | 7 | 3 | 2 | 1 (50.00 %) | 0 | 0 | 7 | 2 | 4096 | 1 | 1 |" in text, text
    assert "fault 512: it is gone" in text and "fault 513: [ 1.2] red: ends" in text, text
    assert "(DMA, unfenced): 1 times, check: Assertion" in text, text
    assert "2 ms · 9 ms · 9 ms" in text, text
