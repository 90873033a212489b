# SPDX-License-Identifier: MIT
"""A disk's reservations, limits and weights, as tenants see them; Linux's io.cost and io.max beside them, on the same
emulator and with the same programs. In wall-clock time: run it on a quiet host."""

import json
import re

from bench.io import crashes, linux, measure, report, ringfence, shares
from bench.io.disks import DISKS
from lib import cases
from lib.guest import Guest
from lib.once import once

KEPT_LEAST, USED_LEAST = 0.98, 0.90
BUSY_LEAST = 0.95
P99_MOST_IN_CRASHES = 1.5
LIMIT_SLACK, RESERVED_LEAST, WEIGHT_WITHIN = 0.0, 0.98, 0.05


@once
def capacity(disk):
    return ringfence.capacity(Guest(), DISKS[disk])


@cases(*DISKS)
def test_a_victim_keeps_its_reservation(guest, disk):
    """Its IOPS, and a p99 of no more than alone and one request of the antagonist, who gets what is left."""
    loads = ringfence.isolation(guest, DISKS[disk], capacity(disk))
    report.keep_isolation("ringfence", disk, loads, ["none", "reservation"])
    one_request = 1e6 / capacity(disk)
    rows = measure.rows(loads, ["none", "reservation"])
    missed = []
    for (rate, control, operation), row in rows.items():
        if control == "none":
            continue
        good = row.kept >= KEPT_LEAST and row.p99 <= row.p99_alone + one_request
        if not good or (rate and row.used < USED_LEAST):
            missed.append(f"{rate or 'never enough'} beside {operation}: {row}")
    uncontrolled = rows[(0, "none", "r")]
    assert uncontrolled.kept < KEPT_LEAST, f"without a reservation it is the same: {uncontrolled}"
    assert not missed, "\n".join(missed)


@cases(*DISKS)
def test_linux(disk):
    """Nothing is asked of Linux but that it finishes."""
    loads = linux.isolation(DISKS[disk], capacity(disk))
    report.keep_isolation("linux", disk, loads, ["none", "io.cost", "io.max"])


def test_five_tenants(guest):
    disk = "throttled"
    output = ringfence.run(guest, DISKS[disk], shares.script(), ringfence.described(capacity(disk)))
    loads = shares.read(output)
    all_get = sum(load.steady for load in loads.values())
    should = shares.expected(all_get)
    tenants = {}
    for name, share in shares.TENANTS.items():
        load, second = loads[name], measure.WINDOWS_A_SECOND
        each_second = [sum(load.windows[at : at + second]) for at in range(second, len(load.windows) - second + 1, second)]
        tenants[name] = {
            "reservation": share.reservation, "weight": share.weight, "limit": share.limit, "should": should[name],
            "gets": load.steady, "worst": min(each_second) / share.reservation if share.reservation else 0,
            "over": shares.over_limit(load, share.limit) if share.limit else 0, "windows": load.windows,
        }
    report.keep("shares", {"tenants": tenants})
    story = {name: {key: value for key, value in tenant.items() if key != "windows"} for name, tenant in tenants.items()}
    assert all(tenant["gets"] >= RESERVED_LEAST * tenant["reservation"] for tenant in tenants.values()), story
    assert all(tenant["over"] <= LIMIT_SLACK for tenant in tenants.values()), story
    assert all_get >= BUSY_LEAST * capacity(disk), story
    assert all(abs(tenant["gets"] / tenant["should"] - 1) <= WEIGHT_WITHIN for tenant in tenants.values()), story


def crashing(guest, crash):
    output = ringfence.run(guest, None, crashes.script(crash), crashes.DISK, timeout=280)
    loads, writer, states = re.split(r"^### (?:writer|json)\n", output, flags=re.MULTILINE)
    ends = re.findall(r"^end\|(\d+)\|(\d+)$", writer, re.MULTILINE)
    assert len(ends) == crashes.WORKERS, writer[-500:]
    drivers, end = json.JSONDecoder().raw_decode(states)
    disk = next(tenant for tenant in json.loads(states[end:]) if tenant["name"] == "writer")["disks"][0]
    return {
        "requests": disk["reads"] + disk["writes"],
        "errors": sum(int(errors) for _, errors in ends),
        "wrong": sum(int(wrong) for wrong, _ in ends) + writer.count("wrong|") + writer.count("memory|"),
        "p99": measure.middle(load.p99 for load in measure.read(loads)[("neighbour", 0, "crashes", "r")]),
        "crashes": next(driver for driver in drivers if driver["device"] == "blk0")["restarts"],
    }


def test_a_driver_that_crashes_ten_times_a_second(guest):
    figures = {"quiet": crashing(guest, False), "crashing": crashing(guest, True)}
    report.keep("crashes", figures)
    quiet, crashed = figures["quiet"], figures["crashing"]
    assert crashed["crashes"] >= 8 * crashes.SECONDS and quiet["crashes"] == 0, figures
    assert crashed["errors"] == crashed["wrong"] == 0 and crashed["requests"] > quiet["requests"] / 2, figures
    assert crashed["p99"] <= P99_MOST_IN_CRASHES * quiet["p99"], figures
