#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The fault campaign: see README.md. Prints a line of progress, and at the end the report.

    tests/faults/campaign.py --count N --seed SEED [--target NAME] [--verify on|off|both] [--jobs N]
    tests/faults/campaign.py --seed SEED --target NAME --fault NUMBER    one fault again, with its series
"""

import argparse
import os
import sys
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "tools")]

from faults import battle, record, report, targets
from faults.plan import SERIES, series_of
from ringfence import BUILD

BOOT_FAULTS = 64 * SERIES
MISFIRES_MOST = 5


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1000, help="faults that are met, over all drivers")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--target", help="one driver, or linux, the manager")
    parser.add_argument("--verify", choices=("on", "off", "both"), default="both")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="guests at a time")
    parser.add_argument("--fault", type=int, help="this one and those before it in its series")
    parser.add_argument("--output", type=Path, help="where the report goes as well")
    return parser.parse_args()


class Part:
    """One driver with verify on or off: what was done, and what comes next."""

    def __init__(self, target, verify, wanted, done):
        self.target, self.verify, self.wanted = target, verify, wanted
        self.done = [boot for boot in done if (boot.driver, boot.verify) == (target.name, verify)]
        self.next = max((_after(boot) for boot in self.done), default=0)
        self.running = 0

    @property
    def met(self):
        return sum(boot.met for boot in self.done)

    @property
    def progress(self):
        """Of what is wanted, with those counted that are on their way."""
        return (self.met + self.running * BOOT_FAULTS * 0.8) / self.wanted

    def take(self):
        first, self.next = self.next, self.next + BOOT_FAULTS
        self.running += 1
        return range(first, self.next)


def _after(boot):
    """A boot that ended early is not gone on with in the middle of a series."""
    return -(-boot.end // BOOT_FAULTS) * BOOT_FAULTS


def parts(arguments, done):
    chosen = [t for t in targets.everything() if arguments.target in (None, t.name)]
    pairs = [
        (target, verify)
        for target in chosen
        for verify in (False, True)
        if arguments.verify in ("both", "on" if verify else "off")
        and (target.is_block_driver or not verify)
    ]
    return [Part(target, verify, arguments.count / len(pairs), done) for target, verify in pairs]


def fight_all(work, arguments, path):
    """Boots until every part has met its faults; a boot that ended early is followed by the next. One that
    never came to its first fault says nothing of faults and is not kept, but there must not be many."""
    pending, started, misfires = {}, time.monotonic(), 0
    before = sum(part.met for part in work)
    with ThreadPoolExecutor(arguments.jobs) as pool:
        while True:
            open_parts = [part for part in work if part.progress < 1]
            while open_parts and len(pending) < arguments.jobs:
                part = min(open_parts, key=lambda part: part.progress)
                numbers = part.take()
                boot = pool.submit(battle.fight, part.target, numbers, arguments.seed, part.verify)
                pending[boot] = part
                open_parts = [part for part in work if part.progress < 1]
            if not pending:
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                part, boot = pending.pop(future), future.result()
                part.running -= 1
                if not boot.rows:
                    misfires += 1
                    assert misfires <= MISFIRES_MOST, f"no fault is reached: {boot}"
                    continue
                part.done.append(boot)
                record.save(path, boot)
                show_progress(work, before, started)


def show_progress(work, before, started):
    met, wanted = sum(part.met for part in work), sum(part.wanted for part in work)
    failures = sum(bool(boot.core_failure) for part in work for boot in part.done)
    rate = (met - before) / max(time.monotonic() - started, 0.001)
    left = max(wanted - met, 0) / rate if rate else 0
    print(
        f"\r{met} of {wanted:.0f} faults met, {rate:.1f} a second, {left / 60:.0f} min left, "
        f"{failures} core failures   ",
        end="",
        file=sys.stderr,
        flush=True,
    )


def repeat(arguments):
    target = next(t for t in targets.everything() if t.name == arguments.target)
    numbers, verify = series_of(arguments.fault), arguments.verify == "on"
    boot = battle.fight(target, numbers, arguments.seed, verify, tell=print)
    print(boot.core_failure or "the core and the other tenants are well")


def main():
    arguments = parse_arguments()
    if arguments.fault is not None:
        repeat(arguments)
        return 0
    path = BUILD / "faults" / f"campaign-{arguments.seed}.jsonl"
    work = parts(arguments, record.load(path))
    fight_all(work, arguments, path)
    print(file=sys.stderr)
    boots = [boot for part in work for boot in part.done]
    text = report.write(boots, arguments.seed)
    print(text)
    if arguments.output:
        arguments.output.write_text(text)
    return 1 if any(boot.core_failure for boot in boots) else 0


if __name__ == "__main__":
    sys.exit(main())
