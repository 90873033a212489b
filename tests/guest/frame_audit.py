# SPDX-License-Identifier: MIT
"""The frame audit: what is charged is what page tables and live objects reach, and nothing stays behind.

`rfctl audit` walks page tables and objects only; the quotas count by themselves. A leak planted by a
kernel that is built with it shows that the two are independent. An entry of a page table that is not
present and not 0 counts as foreign: on a CPU with L1TF it would be a way to the frame that it names.
"""

import json
from pathlib import Path

from lib import cases, long, variant

MACHINE = Path(__file__).parent / "machines" / "spare.toml"
CYCLES, LONG_CYCLES = 50, 1000

AUDIT = "rfctl audit --json; rfctl stats --json"

# Forks, pipes, private and shared pages, files that stay, and processes that stay.
LOAD = """
rfctl exec red -- sh -c '
    for i in $(seq 12); do
        (dd if=/dev/zero bs=4k count=20 2>/dev/null | tee /tmp/f$i | gzip | sha256sum >/dev/null) &
    done
    wait
    ls /tmp | wc -l
    cat /dev/vda >/dev/null
    (kill -9 $$)'
rfctl exec red -- sh -c 'exec 5</dev/vda; echo up; sleep 1000 | cat' & stays=$!
sleep 1
"""

# A tenant that dies in the middle of work: a read in flight, a loop, a pipe, a file half written.
CYCLE = """
for cycle in $(seq {cycles}); do
    rfctl create brief memory=2MiB disk.device=blk0 disk.offset=8MiB disk.size=8MiB >/dev/null || exit 9
    rfctl exec brief -- sh -c '
        echo up
        cat /dev/vda >/dev/null &
        while :; do :; done &
        cat /dev/zero | dd of=/tmp/f bs=64k count=8 2>/dev/null
        sleep 1000' >/tmp/up 2>/dev/null &
    until [ -s /tmp/up ]; do usleep 5000; done
    usleep $((cycle * 7919 % 60000))
    rfctl destroy brief || exit 9
    wait
    rm /tmp/up
done
"""


def audits(text):
    """The pairs of audit and machine counters in the output of AUDITs."""
    decoder, values = json.JSONDecoder(), []
    while text := text.lstrip():
        value, end = decoder.raw_decode(text)
        values.append(value)
        text = text[end:]
    return list(zip(values[::2], values[1::2]))


def assert_whole(audit):
    assert audit["leaked"] == audit["foreign"] == 0, audit
    assert audit["charged"] == audit["found"] > 0, audit
    assert all(tenant["charged"] == tenant["found"] > 0 for tenant in audit["tenants"]), audit


@cases("qemu", "bochs")
def test_charged_is_found_after_load(guest, emulator):
    crash = "rfctl crash blk0 wild-write; sleep 1; kill $stays"
    output = guest.run(
        AUDIT, f"({LOAD}) >/tmp/said 2>&1; {AUDIT}", f"{crash}; {AUDIT}", "cat /tmp/said",
        machine=MACHINE, emulator=emulator, timeout=150
    )
    end = output.rindex("}") + 1
    assert output[end:].split()[:1] == ["12"] and "up" in output[end:], output[end:]
    before, loaded, after = audits(output[:end])
    for audit, _ in (before, loaded, after):
        assert_whole(audit)
    assert loaded[0]["charged"] > before[0]["charged"] + 12 * 20, "the load left no files"
    assert len({machine["frames_free"] for _, machine in (before, loaded, after)}) == 1


def test_planted_leak_is_found(guest):
    kernel = variant.kernel("TEST_PLANT_LEAK")
    result = guest.boot(AUDIT, machine=MACHINE, kernel=kernel, timeout=60)
    assert result.status == 0, result.explain()
    ((audit, _),) = audits(result.output)
    red = next(tenant for tenant in audit["tenants"] if tenant["id"] == 1)
    assert audit["leaked"] == 1 and red["charged"] == red["found"] + 1, audit
    assert any("is in use and reached by nothing" in line for line in result.log), result.log


def create_and_destroy(guest, cycles, timeout):
    result = guest.boot(
        CYCLE.format(cycles=2), AUDIT, CYCLE.format(cycles=cycles), AUDIT,
        machine=MACHINE, timeout=timeout
    )
    assert result.statuses == [0, 0, 0, 0], result.explain()
    (before, machine_before), (after, machine_after) = audits(result.output)
    assert_whole(before)
    assert_whole(after)
    assert machine_after["frames_free"] == machine_before["frames_free"], (before, after)
    assert machine_after["frames_core"] == machine_before["frames_core"], (before, after)
    assert sum("brief: gone" in line for line in result.log) == cycles + 2
    red = [next(t["charged"] for t in audit["tenants"] if t["id"] == 1) for audit in (before, after)]
    assert red[0] == red[1], red


def test_nothing_stays_behind(guest):
    create_and_destroy(guest, CYCLES, timeout=120)


@long
def test_nothing_stays_behind_after_a_thousand(guest):
    create_and_destroy(guest, LONG_CYCLES, timeout=1500)
