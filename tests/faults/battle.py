# SPDX-License-Identifier: MIT
"""One boot judged: the faults of a range of numbers, and whether the machine and all on it came through."""

import json
import re

from faults import arena, coverage, plan, record, targets
from lib.guest import Guest

SECONDS_A_FAULT, SECONDS_A_BOOT = 1.5, 60
BOCHS_SLOWER = 8


def fight(target, numbers, seed, verify, tell=None, classes=None, options="", **arguments):
    """The record of the boot. `tell` gets a line for each fault; `classes` are the only ones, if named;
    `options` are further ones of the kernel's."""
    measured = coverage.of(target)
    chosen = [plan.make(target, measured, seed, number, classes) for number in numbers]
    is_bochs = arguments.get("emulator") == "bochs"
    seconds = (SECONDS_A_BOOT + SECONDS_A_FAULT * len(chosen)) * (BOCHS_SLOWER if is_bochs else 1)
    outcome = arena.fight(
        Guest(),
        target,
        targets.BOCHS if is_bochs else targets.MACHINES[measured["shape"]],
        chosen,
        options=f"verify=on {options}" if verify else options,
        timeout=seconds,
        **arguments,
    )
    by_number = {fault.number: fault for fault in chosen}
    rows = [record.row(trial, by_number[trial.number]) for trial in outcome.trials]
    for trial in outcome.trials if tell else ():
        tell(describe(by_number[trial.number], trial))
    emulator = emulator_failure(outcome.result)
    failure = "" if emulator else core_failure(target, outcome)
    seconds = outcome.result.seconds
    return record.Boot(target.name, verify, numbers[0], rows, failure, seconds, late(outcome), emulator)


def describe(fault, trial):
    """A fault and what came of it, for a person."""
    when = " at the start" if fault.at_start else ""
    text = f"{fault.number} {fault.kind}, {fault.words}{when}: {trial.verdict}"
    if trial.cause:
        text += f"; {trial.cause}"
    if trial.failed and trial.met:
        text += f"; found after {(trial.failed - trial.met) // 1000} us"
    if trial.recovered and trial.failed:
        text += f", back after {(trial.recovered - trial.failed) // 1000} us, {trial.replayed} replayed"
    text += "".join(f"; wrong: {line}" for line in trial.wrong)
    return text + "".join(f"; error: {line}" for line in trial.errors)


def emulator_failure(result):
    """The assertion of the emulator's that failed; "" if none did. A device that a faulty driver programs in a
    way that no driver does may find one."""
    found = re.search(r"\S+ Assertion .* failed\.", result.emulator)
    return found[0] if found else ""


def core_failure(target, outcome):
    """What happened to the machine beyond the driver; "" if nothing did."""
    result = outcome.result
    if result.panic:
        return result.panic[0]
    if result.status == 124:
        return "the machine stands still"
    deaths = _deaths(target, outcome)
    if deaths:
        return deaths[0]
    if len(result.statuses) < 2:
        return f"the machine is gone: {(result.log or ['no word'])[-1]}"
    return _audit(result)


def _deaths(target, outcome):
    """Of those who have nothing to do with the faults; or harm to a manager's neighbours."""
    spared = (*(arena.WITNESSES if target.is_manager else arena.TENANTS), "operator")
    pattern = re.compile(rf"\b({'|'.join(spared)}): ends: ")
    deaths = [line for line in outcome.result.log if pattern.search(line)]
    return deaths + _harm(outcome) if target.is_manager else deaths


def _harm(outcome):
    """What neighbours say of wrong bytes and errors, with which a manager's faults have nothing to do."""
    said = [line for trial in outcome.trials for line in trial.wrong + trial.errors]
    said += [line for line in outcome.rest if re.search(r"\|(wrong|error|memory)\|", line)]
    return [line for line in said if line.split("|")[0] in arena.WITNESSES]


def _audit(result):
    found = json.loads(result.output[result.output.rindex("\n{\n") :])
    if not found["leaked"] and not found["foreign"]:
        return ""
    frames = [line for line in result.log if "audit: frame" in line]  # the core names some
    return "; ".join([f"the audit: {found['leaked']} frames leaked, {found['foreign']} foreign", *frames])


def late(outcome):
    return [line for line in outcome.rest if re.search(r"\|(wrong|error)\|", line)]
