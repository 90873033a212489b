# SPDX-License-Identifier: MIT
"""What more CPUs bring: as many tenants as CPUs, each computing checksums, on one and on all of them.

In wall time, for under -icount an emulator's CPUs take turns: so a ratio within one run, and the best of several.
With more CPUs than the host has there is nothing to gain; what is shown then is what waiting costs."""

import json
import os
import re
import tempfile
from pathlib import Path

from lib import cases

SECONDS = 5
ATTEMPTS = 3
MACHINE = """
[machine]
memory = "128MiB"
cpus = {cpus}

[operator]
image = "operator"
memory = "16MiB"
"""
TENANT = """
[tenant.t{number}]
image = "base"
memory = "6MiB"
"""
# A process is a round: FILES times 64 KiB through md5.
FILES = 200
WORK = (
    "head -c 65536 /dev/urandom >/tmp/data; files=$(yes /tmp/data | head -{files}); n=0; "
    "end=$(($(date +%s) + {seconds})); "
    "while [ $(date +%s) -lt $end ]; do md5sum $files >/dev/null; n=$((n + 1)); done; echo rounds $n"
)


def rounds(guest, tenants, cpus):
    """Rounds of all tenants together, and the share of the CPUs' time that waited for the core lock."""
    with tempfile.TemporaryDirectory() as folder:
        machine = Path(folder) / "cpus.toml"
        text = MACHINE.format(cpus=cpus) + "".join(TENANT.format(number=n) for n in range(tenants))
        machine.write_text(text)
        work = WORK.format(seconds=SECONDS, files=FILES)
        all_at_once = "".join(f"rfctl exec t{n} -- sh -c '{work}' & " for n in range(tenants))
        stats = "rfctl stats --json"
        output = guest.run(f"{stats}; {all_at_once} wait; {stats}", machine=machine, disks=(), timeout=120)
    done = [int(n) for n in re.findall(r"rounds (\d+)", output)]
    assert len(done) == tenants and all(n > 0 for n in done), output
    before, after = (json.loads(text) for text in re.findall(r"^{.*?^}", output, flags=re.M | re.S))
    waited = after["lock_wait"] - before["lock_wait"]
    return sum(done), waited / (cpus * (after["nanoseconds"] - before["nanoseconds"]))


@cases(2, 4, 8)
def test_throughput(guest, cpus):
    host = os.cpu_count()
    best = (0, 0, 0, 0)
    for _ in range(ATTEMPTS):
        alone, _ = rounds(guest, cpus, 1)
        together, waited = rounds(guest, cpus, cpus)
        best = max(best, (together / alone, alone, together, waited))
    ratio, alone, together, waited = best
    print(
        f"{cpus} tenants on {cpus} CPUs (the host has {host}): {together} rounds, on one CPU {alone}: "
        f"{ratio:.2f} times; waiting for the core lock: {100 * waited:.2f} % of the CPUs' time",
        flush=True,
    )
    if cpus <= host:
        assert ratio > 1 + (cpus - 1) / 4, f"only {ratio:.2f} times the work of one CPU"
