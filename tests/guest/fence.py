# SPDX-License-Identifier: MIT
"""Which fence holds, that it is told, that it is what stops a driver, and what is refused."""

import json
from pathlib import Path

from lib import cases

MACHINE = Path(__file__).parent / "machines" / "crash.toml"

# Volume blk0's driver writes over the core. Segments stop it before paging sees the address.
WILD_WRITE = """
rfctl fence --json
rfctl exec red -- sh -c 'for n in $(seq 30); do dd if=/dev/vda of=/dev/null bs=64k; done' 2>/dev/null & reader=$!
rfctl crash blk0 wild-write
wait $reader
"""


def boot_with(guest, **arguments):
    """What `rfctl fence --json` says, and the log's lines of a driver's crash."""
    result = guest.boot(WILD_WRITE, machine=MACHINE, timeout=90, **arguments)
    assert result.status == 0, result.explain()
    crashes = [line for line in result.log if " crashed: " in line]
    assert len(crashes) == 1, result.explain()
    return json.loads(result.output), crashes[0], result.log


@cases("qemu", "bochs")
def test_auto_takes_what_the_probe_saw(guest, emulator):
    said, crash, log = boot_with(guest, emulator=emulator)
    enforced = emulator == "bochs"
    assert said["fence"] == ("segment" if enforced else "paging"), said
    assert said["requested"] == "auto" and said["limits_enforced"] == enforced, said
    assert said["probe_checks"] >= 30, said
    assert said["probe_missed"] == (0 if enforced else said["probe_checks"]), said
    reason = f"this CPU {'enforces' if enforced else 'does not enforce'} segment limits"
    assert reason in said["reason"], said
    assert any(f"fence: {said['fence']} (" in line and reason in line for line in log), log
    assert ("#GP" if enforced else "#PF") in crash, crash


@cases("paging", "both")
def test_forced_where_limits_are_enforced(guest, fence):
    said, crash, _ = boot_with(guest, emulator="bochs", fence=fence)
    assert said["fence"] == said["requested"] == fence, said
    assert ("#PF" if fence == "paging" else "#GP") in crash, crash


def test_forced_paging_where_limits_are_not_enforced(guest):
    said, crash, _ = boot_with(guest, fence="paging")
    assert said["fence"] == said["requested"] == "paging", said
    assert "#PF" in crash, crash


def assert_refused(result, *words):
    assert result.status == 70 and not result.statuses, result.explain()
    said = "\n".join(result.panic)
    assert all(word in said for word in words), result.explain()


def test_forced_segment_is_refused_where_limits_are_not_enforced(guest):
    result = guest.boot("true", fence="segment", timeout=30)
    assert_refused(result, "fence=segment refused", "does not enforce segment limits")


def test_both_claims_nothing_that_the_probe_did_not_see(guest):
    said, crash, _ = boot_with(guest, fence="both")
    assert not said["limits_enforced"] and "paging alone holds" in said["reason"], said
    assert "#PF" in crash, crash
    lines = guest.run("rfctl fence", fence="both", timeout=60).splitlines()
    assert "paging alone holds" in lines[0] and "segment limits and" not in lines[1], lines


def test_dma_without_an_iommu_is_called_unfenced(guest):
    output = guest.run("rfctl drivers; rfctl drivers --json", timeout=60)
    table, drivers = output.split("\n[", 1)
    fenced = {driver["driver"]: not driver["dma_unfenced"] for driver in json.loads(f"[{drivers}")}
    assert not fenced["virtio_blk"] and not fenced["ata"] and fenced["console"], fenced
    said = {line.split()[1]: "unfenced" in line for line in table.splitlines()[1:]}
    assert said == {driver: not is_fenced for driver, is_fenced in fenced.items()}, output


@cases("NX", "PAE")
def test_cpu_without(guest, feature):
    cpu = {"NX": "qemu32", "PAE": "qemu64,-pae"}[feature]
    result = guest.boot("true", qemu_args=["-cpu", cpu], timeout=30)
    assert_refused(result, f"needs a CPU with {feature}")
