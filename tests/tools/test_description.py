# SPDX-License-Identifier: MIT
"""Machine descriptions: the good are understood, and each kind of mistake is named with its line."""

import json

from lib import cases
from ringfence import ROOT
from ringfence.boot import kernel_options
from ringfence.description import DescriptionError, check

IMAGES = ["base", "operator"]
GOOD = """\
[machine]
memory = "256MiB"
[operator]
memory = "32MiB"
[tenant.red]
image = "base"
memory = "64MiB"
cpu = { reservation = 20, cap = 50 }
disk = { volume = "red", iops = 2000, bandwidth = "50MiB" }
[volume.red]
device = "blk0"
offset = "1MiB"
size = "64MiB"
"""


def complaints(text):
    try:
        check("m.toml", text, images=IMAGES)
    except DescriptionError as error:
        return str(error).splitlines()
    return []


def test_sizes_become_bytes_and_defaults_are_filled():
    values = json.loads(check("m.toml", GOOD, images=IMAGES).json())
    assert values["machine"] == {"memory": 256 << 20, "cpus": 1, "fence": "auto", "verify": "off", "mitigations": "on"}
    red = values["tenant"]["red"]
    assert red["cpu"] == {"reservation": 20, "weight": 100, "cap": 50}
    assert red["disk"] == {
        "volume": "red", "iops": 2000, "bandwidth": 50 << 20, "device": "blk0",
        "reservation": 0, "weight": 100, "burst": 100,
    }
    assert red["restart"] == "always" and "command" not in red
    assert values["volume"]["red"] == {"device": "blk0", "offset": 1 << 20, "size": 64 << 20}


@cases("on", "off")
def test_mitigations_reach_the_command_line(switch):
    text = GOOD.replace("[machine]", f'[machine]\nmitigations = "{switch}"')
    options = kernel_options(check("m.toml", text, images=IMAGES)).split()
    assert ("mitigations=off" in options) == (switch == "off"), options


@cases("on", "off")
def test_verify_reaches_the_command_line(switch):
    text = GOOD.replace("[machine]", f'[machine]\nverify = "{switch}"')
    options = kernel_options(check("m.toml", text, images=IMAGES)).split()
    assert ("verify=on" in options) == (switch == "on"), options


def test_shipped_descriptions_are_good():
    for path in (ROOT / "tools" / "machines").glob("*.toml"):
        check(str(path), path.read_text(), images=IMAGES)


MISTAKES = {
    "unknown key": ('memory = "64MiB"', 'memroy = "64MiB"', "m.toml:7: tenant.red.memroy: unknown key"),
    "operator as a tenant": ("[tenant.red]", "[tenant.operator]", "m.toml:5: tenant.operator: the operator is"),
    "unknown table": ("[volume.red]", "[volumes.red]", "m.toml:10: volumes: unknown table"),
    "unknown key in an inline table": ("cap = 50", "cpa = 50", "m.toml:8: tenant.red.cpu.cpa: unknown"),
    "missing key": ('image = "base"\n', "", "m.toml:5: tenant.red.image: missing"),
    "wrong type": ('"64MiB"\ncpu', "[64]\ncpu", "m.toml:7: tenant.red.memory: [64] is no size"),
    "no unit": ('"32MiB"', '"32 megs"', "m.toml:4: operator.memory: '32 megs' is no size"),
    "zero": ('"32MiB"', '"0MiB"', "m.toml:4: operator.memory: 0B is out of range"),
    "absurd": ("iops = 2000", "iops = -1", "m.toml:9: tenant.red.disk.iops: -1 is out of range"),
    "truth for a number": ("iops = 2000", "iops = true", "m.toml:9: tenant.red.disk.iops: True is not"),
    "over memory": ('"256MiB"', '"96MiB"', "m.toml:2: machine.memory: the tenants ask for 96MiB"),
    "over CPU": ("reservation = 20", "reservation = 101", "m.toml:1: machine.cpus: the reservations add"),
    "cap above the CPUs": ("cap = 50", "cap = 101", "m.toml:8: tenant.red.cpu: the cap is 101 percent, the CPUs have 100"),
    "memory without the core's": ('"256MiB"', '"97MiB"', "m.toml:2: machine.memory: the tenants ask for 96MiB"),
    "gateway elsewhere": ("cpu =", 'network = { address = "10.0.2.20/24", gateway = "10.0.3.2" }\ncpu =', "m.toml:8: tenant.red.network.gateway: 10.0.3.2 is not in"),
    "cap below reservation": ("cap = 50", "cap = 10", "m.toml:8: tenant.red.cpu: the cap is below"),
    "missing volume": ('volume = "red"', 'volume = "green"', "m.toml:9: tenant.red.disk: there is no"),
    "missing image": ('image = "base"', 'image = "bose"', "m.toml:6: tenant.red.image: there is no"),
    "wrong device": ("iops", 'device = "blk1", iops', "m.toml:9: tenant.red.disk: volume red is on blk0"),
    "syntax": ("[tenant.red]", "[tenant.red", "m.toml:5: "),
}


@cases(*MISTAKES)
def test_mistake(case):
    old, new, expected = MISTAKES[case]
    assert old in GOOD
    found = complaints(GOOD.replace(old, new, 1))
    assert any(line.startswith(expected) for line in found), f"{expected!r} is not in {found}"


COSTS = '[device.blk0]\nread = "500us"\nlatency = "1ms"\n'


def with_reservation(number, more=""):
    return GOOD.replace("iops = 2000", f"reservation = {number}, iops = 2000") + more


def test_costs_that_are_not_said_follow_those_that_are():
    values = json.loads(check("m.toml", with_reservation(2000, COSTS), images=IMAGES).json())
    assert values["device"]["blk0"] == {
        "read": 500_000, "read-next": 500_000, "write": 500_000, "write-next": 500_000,
        "read-megabyte": 0, "write-megabyte": 0, "latency": 1_000_000, "depth": 0,
    }


RESERVATIONS = {
    "of an unknown device": (500, "", "m.toml:9: tenant.red.disk.reservation: needs to know what blk0 can do"),
    "of more than it does": (2000, COSTS.replace("500us", "501us"), "m.toml:9: tenant.red.disk.reservation: the"
                             " reservations at blk0 add up to 2000 reads a second, it does 1996"),
    "above the limit": (2001, COSTS, "m.toml:9: tenant.red.disk.reservation: is above the limit"),
    "no time": (5, COSTS.replace("500us", "500"), "m.toml:15: device.blk0.read: '500' is no time"),
    "another name": (5, COSTS.replace("blk0", "disk"), "m.toml:14: device.disk: 'disk' is no device, like blk0"),
}


@cases(*RESERVATIONS)
def test_reservation(case):
    number, more, expected = RESERVATIONS[case]
    found = complaints(with_reservation(number, more))
    assert any(line.startswith(expected) for line in found), f"{expected!r} is not in {found}"


def test_overlapping_volumes():
    text = GOOD + '[volume.blue]\ndevice = "blk0"\noffset = "64MiB"\nsize = "1MiB"\n'
    assert complaints(text) == ["m.toml:14: volume.blue: overlaps volume.red on blk0"]


def test_two_tenants_on_one_volume():
    text = GOOD + GOOD[GOOD.index("[tenant.red]") : GOOD.index("[volume")].replace("red]", "blue]")
    assert complaints(text) == [
        "m.toml:18: tenant.blue.disk: volume red already belongs to tenant red"
    ]


def test_all_complaints_at_once():
    text = GOOD.replace('"256MiB"', '"1KiB"').replace('"base"', "7").replace("iops = 2000", "iops = 0")
    assert len(complaints(text)) == 3


def test_options_replace_values_and_are_checked():
    assert check("m.toml", GOOD, images=IMAGES, memory=128 << 20, cpus=2).memory == 128 << 20
    for options in ({"memory": 0}, {"cpus": 0}, {"cpus": 99}, {"memory": 64 << 20}):
        try:
            check("m.toml", GOOD, images=IMAGES, **options)
        except DescriptionError:
            continue
        raise AssertionError(f"accepted {options}")
