# SPDX-License-Identifier: MIT
"""Reads and checks a machine description, and writes it as the JSON that the guest reads.

Checking goes in two steps: first every value by itself (schema.py), then what the values say
together: does the memory suffice, do volumes overlap, does every name exist. All complaints are
collected, each with the line of its key, so that one run shows all of them.
"""

import ipaddress
import json
import re
import tomllib

from . import schema
from .schema import ABSENT, REQUIRED, format_size


# What a machine's memory holds besides tenants: the core, its drivers and the boot modules, and a record of each frame.
CORE_MEMORY, CORE_PART = 5 << 20, 600


class DescriptionError(Exception):
    """One or more complaints, one a line."""


class KeyLines:
    """Finds the line of a key, which tomllib does not tell."""

    def __init__(self, text):
        self._lines = {}
        table = ""
        for number, line in enumerate(text.splitlines(), start=1):
            if header := re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line):
                table = header[1]
                for path in (table, table.partition(".")[0]):
                    self._lines.setdefault(path, number)
            elif key := re.match(r"\s*([A-Za-z0-9_.-]+)\s*=", line):
                path = f"{table}.{key[1]}" if table else key[1]
                self._lines.setdefault(path, number)

    def line(self, path):
        """The line of `path`, or of the nearest table around it; 1 if there is none."""
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path.rpartition(".")[0]
        return 1


class Machine:
    """A checked description. `values` has the nesting of the TOML file, sizes in bytes."""

    def __init__(self, values):
        self.values = values

    @property
    def memory(self):
        return self.values["machine"]["memory"]

    @property
    def cpus(self):
        return self.values["machine"]["cpus"]

    @property
    def fence(self):
        return self.values["machine"]["fence"]

    @property
    def mitigations(self):
        return self.values["machine"]["mitigations"]

    @property
    def verify(self):
        return self.values["machine"]["verify"]

    @property
    def tenants(self):
        return self.values["tenant"]

    @property
    def network_devices(self):
        """The names of the network cards: as many as are asked for, or those that tenants use."""
        if "networks" in self.values["machine"]:
            return [f"net{number}" for number in range(self.values["machine"]["networks"])]
        return sorted({t["network"]["device"] for t in self.tenants.values() if "network" in t})

    @property
    def volumes(self):
        return self.values["volume"]

    def json(self):
        return (json.dumps(self.values, indent=1) + "\n").encode()


class Checker:
    def __init__(self, name, text):
        self._name = name
        self._lines = KeyLines(text)
        self.complaints = []

    def complain(self, path, message):
        self.complaints.append(f"{self._name}:{self._lines.line(path)}: {path}: {message}")

    def table(self, path, fields, raw):
        """The table at `path`, each key checked by its field, defaults filled in."""
        if not isinstance(raw, dict):
            self.complain(path, "must be a table")
            return None
        for key in raw.keys() - fields.keys():
            self.complain(f"{path}.{key}", f"unknown key; known here: {', '.join(fields)}")
        checked = {}
        for key, field in fields.items():
            value = self._value(f"{path}.{key}", field, raw.get(key, field.default))
            if value is not ABSENT:
                checked[key] = value
        return checked

    def _value(self, path, field, value):
        if value is ABSENT:
            return ABSENT
        if value is REQUIRED:
            self.complain(path, "missing")
            return None
        if isinstance(field.check, dict):
            return self.table(path, field.check, value)
        try:
            return field.check(value)
        except ValueError as error:
            self.complain(path, str(error))
            return None

    def named_tables(self, kind, fields, raw, check_name=schema.tenant_name):
        """The tables [kind.NAME], by name, in the file's order."""
        if not isinstance(raw, dict):
            self.complain(kind, f"must be tables: [{kind}.NAME]")
            return {}
        for name in raw:
            try:
                check_name(name)
            except ValueError as error:
                self.complain(f"{kind}.{name}", str(error))
        return {name: self.table(f"{kind}.{name}", fields, raw[name]) for name in raw}


def _owners(values):
    """Everyone with quotas, by the path of its table."""
    tenants = {f"tenant.{name}": tenant for name, tenant in values["tenant"].items()}
    return {"operator": values["operator"]} | tenants


def _override(checker, machine, options):
    """Puts the command line's values in place of the file's."""
    for key, value in options.items():
        if value is not None:
            try:
                machine[key] = schema.MACHINE[key].check(value)
            except ValueError as error:
                checker.complaints.append(f"--{key}: {error}")


def _check_memory(checker, values):
    shares = {path: owner["memory"] for path, owner in _owners(values).items()}
    total, memory = sum(shares.values()), values["machine"]["memory"]
    core = CORE_MEMORY + memory // CORE_PART
    if total + core > memory:
        asked = ", ".join(f"{path} {format_size(share)}" for path, share in shares.items())
        checker.complain(
            "machine.memory",
            f"the tenants ask for {format_size(total)} ({asked}), the machine has "
            f"{format_size(memory)}, and the core needs about {core >> 20}MiB of it",
        )


def _check_cpu(checker, values):
    owners = _owners(values)
    have = 100 * values["machine"]["cpus"]
    for path, owner in owners.items():
        if owner["cpu"]["cap"] < owner["cpu"]["reservation"]:
            checker.complain(f"{path}.cpu", "the cap is below the reservation")
        if owner["cpu"]["cap"] > have:
            checker.complain(f"{path}.cpu", f"the cap is {owner['cpu']['cap']} percent, the CPUs have {have}")
    total = sum(owner["cpu"]["reservation"] for owner in owners.values())
    if total > have:
        checker.complain(
            "machine.cpus", f"the reservations add up to {total} percent, the CPUs have {have}"
        )


def _check_disks(checker, values):
    owner_of = {}
    for name, tenant in values["tenant"].items():
        if "disk" not in tenant:
            continue
        disk, path = tenant["disk"], f"tenant.{name}.disk"
        volume = values["volume"].get(disk["volume"])
        if volume is None:
            checker.complain(path, f"there is no [volume.{disk['volume']}]")
            continue
        if disk.setdefault("device", volume["device"]) != volume["device"]:
            checker.complain(path, f"volume {disk['volume']} is on {volume['device']}")
        other = owner_of.setdefault(disk["volume"], name)
        if other != name:
            checker.complain(path, f"volume {disk['volume']} already belongs to tenant {other}")


def _check_networks(checker, values):
    owner_of = {}
    for name, tenant in values["tenant"].items():
        network, path = tenant.get("network"), f"tenant.{name}.network"
        if network is None:
            continue
        own = network["address"]
        if own != "dhcp" and "gateway" in network:
            interface = ipaddress.IPv4Interface(own)
            if ipaddress.IPv4Address(network["gateway"]) not in interface.network:
                checker.complain(f"{path}.gateway", f"{network['gateway']} is not in the tenant's network {interface.network}")
        for key in ("address", "hardware"):
            value = network.get(key, "dhcp").partition("/")[0]
            other = name if value == "dhcp" else owner_of.setdefault((network["device"], value), name)
            if other != name:
                checker.complain(f"{path}.{key}", f"{value} is tenant {other}'s already")
        if network.get("send-reservation", 0) > network.get("send-bandwidth", 1 << 41):
            checker.complain(f"{path}.send-reservation", "is above the limit, send-bandwidth")
        for peer in network.get("peers", []):
            if "network" not in values["tenant"].get(peer, {}):
                checker.complain(f"{path}.peers", f"there is no tenant {peer!r} with a network")


def _join_peers(checker, tenants):
    """A tenant's peers are those of its links and those of its network: the core makes no difference."""
    for name, tenant in tenants.items():
        for peer in tenant.get("peers", []):
            if peer not in tenants or peer == name:
                checker.complain(f"tenant.{name}.peers", f"there is no other tenant {peer!r}")
        peers = tenant.pop("peers", []) + tenant.get("network", {}).pop("peers", [])
        if peers:
            tenant["peers"] = sorted(set(peers))


def _fill_costs(devices):
    """What is not said of writes is as with reads; what is not said of requests in sequence, as at random."""
    for device in devices.values():
        device.setdefault("read-next", device["read"])
        device.setdefault("write", device["read"])
        device.setdefault("write-next", device["write"])
        device.setdefault("write-megabyte", device["read-megabyte"])


def _check_reservations(checker, values):
    reserved = {}
    for name, tenant in values["tenant"].items():
        disk, path = tenant.get("disk"), f"tenant.{name}.disk"
        if disk is None or not disk.get("device") or not disk["reservation"]:
            continue
        if disk["reservation"] > disk.get("iops", disk["reservation"]):
            checker.complain(f"{path}.reservation", "is above the limit, iops")
        device = values["device"].get(disk["device"])
        if device is None:
            checker.complain(
                f"{path}.reservation", f"needs to know what {disk['device']} can do: there is no [device.{disk['device']}]"
            )
            continue
        capacity = 10**9 // (device["read"] + 4096 * device["read-megabyte"] // (1 << 20))
        total = reserved[disk["device"]] = reserved.get(disk["device"], 0) + disk["reservation"]
        if total > capacity:
            checker.complain(
                f"{path}.reservation",
                f"the reservations at {disk['device']} add up to {total} reads a second, it does {capacity}",
            )


def _check_volumes(checker, volumes):
    """One without an offset lies where the disk's partition table says, on a disk of such volumes alone."""
    named = {v["device"] for v in volumes.values() if "offset" not in v}
    for name, volume in volumes.items():
        if "offset" in volume and volume["device"] in named:
            checker.complain(f"volume.{name}.offset", f"other volumes of {volume['device']} have none: they are partitions")
        if "offset" in volume and "size" not in volume:
            checker.complain(f"volume.{name}.size", "missing")
    with_offset = {name: v for name, v in volumes.items() if "offset" in v and "size" in v}
    placed = sorted((v["device"], v["offset"], v["size"], name) for name, v in with_offset.items())
    for (device, offset, size, name), (device2, offset2, _, name2) in zip(placed, placed[1:]):
        if device == device2 and offset + size > offset2:
            checker.complain(f"volume.{name2}", f"overlaps volume.{name} on {device}")


def _check_images(checker, values, images):
    for path, owner in _owners(values).items():
        if owner["image"] not in images:
            checker.complain(
                f"{path}.image", f"there is no image {owner['image']!r}; there are: {', '.join(images)}"
            )


def check(name, text, *, images, memory=None, cpus=None):
    """The Machine that `text` describes; DescriptionError with every complaint.

    `images` are the names that exist; `memory` (bytes) and `cpus` replace the file's.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise DescriptionError(f"{name}:{line[1] if line else 1}: {error}") from None
    checker = Checker(name, text)
    for key in raw.keys() - {"machine", "operator", "tenant", "volume", "device"}:
        checker.complain(key, "unknown table; known: machine, operator, tenant, volume, device")
    values = {
        "machine": checker.table("machine", schema.MACHINE, raw.get("machine", {})),
        "operator": checker.table("operator", schema.OPERATOR, raw.get("operator", {})),
        "tenant": checker.named_tables("tenant", schema.TENANT, raw.get("tenant", {})),
        "volume": checker.named_tables("volume", schema.VOLUME, raw.get("volume", {})),
        "device": checker.named_tables("device", schema.DEVICE, raw.get("device", {}), schema.described_device),
    }
    if "operator" in values["tenant"]:
        checker.complain("tenant.operator", "the operator is described by [operator]")
    if not checker.complaints:
        _override(checker, values["machine"], {"memory": memory, "cpus": cpus})
        _check_memory(checker, values)
        _check_cpu(checker, values)
        _check_disks(checker, values)
        _check_networks(checker, values)
        _join_peers(checker, values["tenant"])
        _check_volumes(checker, values["volume"])
        _fill_costs(values["device"])
        _check_reservations(checker, values)
        _check_images(checker, values, images)
    if checker.complaints:
        raise DescriptionError("\n".join(checker.complaints))
    return Machine(values)


def load(path, **arguments):
    """`check` on a file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DescriptionError(f"{path}:1: not a text file: {error}") from None
    return check(str(path), text, **arguments)
