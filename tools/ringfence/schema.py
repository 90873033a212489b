# SPDX-License-Identifier: MIT
"""What may stand in a machine description: every key, its type, its range and its default.

A field is a function that takes the raw TOML value and returns the value for the guest, or raises
ValueError with what is wrong. Sizes become bytes, percentages stay numbers.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any, Callable

UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
TIMES = {"ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
MACHINE_MEMORY_LIMIT = 64 << 30
CPU_LIMIT = 8
REQUIRED = object()
ABSENT = object()


def parse_size(value):
    """Bytes of `64MiB` and the like; a plain number counts bytes."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = re.fullmatch(r"(\d+)\s*(B|KiB|MiB|GiB)", value) if isinstance(value, str) else None
    if not match:
        raise ValueError(f'{value!r} is no size: write a number with B, KiB, MiB or GiB, like "64MiB"')
    return int(match[1]) * UNITS[match[2]]


def format_size(size):
    """The shortest exact form: 67108864 is 64MiB."""
    for unit in ("GiB", "MiB", "KiB"):
        if size and size % UNITS[unit] == 0:
            return f"{size // UNITS[unit]}{unit}"
    return f"{size}B"


def size(least, most, multiple=1):
    def field(value):
        number = parse_size(value)
        if not least <= number <= most:
            raise ValueError(
                f"{format_size(number)} is out of range: {format_size(least)} to {format_size(most)}"
            )
        if number % multiple:
            raise ValueError(f"{number} bytes is not a multiple of {multiple}")
        return number

    return field


def integer(least, most):
    def field(value):
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"{value!r} is not a whole number")
        if not least <= value <= most:
            raise ValueError(f"{value} is out of range: {least} to {most}")
        return value

    return field


def duration(least, most):
    """Nanoseconds of `500us` and the like."""

    def field(value):
        match = re.fullmatch(r"(\d+)\s*(ns|us|ms|s)", value) if isinstance(value, str) else None
        if not match:
            raise ValueError(f'{value!r} is no time: write a number with ns, us, ms or s, like "500us"')
        number = int(match[1]) * TIMES[match[2]]
        if not least <= number <= most:
            raise ValueError(f"{value} is out of range: {least} to {most} ns")
        return number

    return field


def choice(*words):
    def field(value):
        if value not in words:
            raise ValueError(f"{value!r} is none of: {', '.join(words)}")
        return value

    return field


def word(pattern, meaning):
    def field(value):
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError(f"{value!r} is no {meaning}")
        return value

    return field


def command(value):
    if not isinstance(value, list) or not value or not all(isinstance(part, str) for part in value):
        raise ValueError('must be a list of strings, like ["/bin/sh", "-c", "…"]')
    return value


@dataclass(frozen=True)
class Field:
    check: Callable[[Any], Any]
    default: Any = REQUIRED


NAME = r"[a-z][a-z0-9-]{0,30}"
image_name = word(r"[A-Za-z0-9][A-Za-z0-9:._-]{0,46}", "image name")
volume_name = word(NAME, "volume name")
tenant_name = word(NAME, "name: one has letters a-z, digits and -, at most 31")
device_name = word(r"blk[0-7]", "block device (blk0 to blk7)")
described_device = word(r"[a-z_]{1,14}[0-9]", "device, like blk0")
tenant_memory = size(128 << 10, 3 << 30, multiple=4096)

CPU = {
    "reservation": Field(integer(0, 100 * CPU_LIMIT), 0),
    "weight": Field(integer(1, 10_000), 100),
    "cap": Field(integer(1, 100 * CPU_LIMIT), 100),
}
DISK = {
    "volume": Field(volume_name),
    "device": Field(device_name, ABSENT),
    "reservation": Field(integer(0, 10_000_000), 0),
    "weight": Field(integer(1, 10_000), 100),
    "iops": Field(integer(1, 10_000_000), ABSENT),
    "bandwidth": Field(size(64 << 10, 1 << 40), ABSENT),
    "burst": Field(integer(0, 10_000), 100),
}
def boolean(value):
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def address(value):
    """An IPv4 address, as it is written."""
    try:
        return str(ipaddress.IPv4Address(value if isinstance(value, str) else ""))
    except ValueError:
        raise ValueError(f"{value!r} is no address like 10.0.2.2") from None


def own_address(value):
    """`dhcp`, or an address with the bits of its network: 10.0.2.20/24."""
    if value == "dhcp":
        return value
    try:
        interface = ipaddress.IPv4Interface(value if isinstance(value, str) and "/" in value else "")
    except ValueError:
        raise ValueError(f"{value!r} is neither dhcp nor an address like 10.0.2.20/24") from None
    if interface.network.prefixlen == 0 or interface.ip.is_multicast:
        raise ValueError(f"{value!r} is no address of a station")
    return str(interface)


def names(value):
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        raise ValueError('must be a list of tenants, like ["blue"]')
    return value


cost = duration(0, TIMES["s"])
# What a request costs a device: a base and a part by its size. The next ones go on where the last one ended.
DEVICE = {
    "read": Field(duration(1, TIMES["s"])),
    "read-next": Field(cost, ABSENT),
    "write": Field(cost, ABSENT),
    "write-next": Field(cost, ABSENT),
    "read-megabyte": Field(cost, "0ns"),
    "write-megabyte": Field(cost, ABSENT),
    "latency": Field(cost, "0ns"),
    "depth": Field(integer(0, 16), 0),
}
NETWORK = {
    "device": Field(word(r"net[0-3]", "network device (net0 to net3)"), "net0"),
    "address": Field(own_address, "dhcp"),
    "gateway": Field(address, ABSENT),
    "name-server": Field(address, ABSENT),
    "hardware": Field(word(r"[0-9a-f][02468ace](:[0-9a-f]{2}){5}", "station's address like 52:54:00:12:34:56"), ABSENT),
    "uplink": Field(boolean, True),
    "peers": Field(names, ABSENT),
    "send-reservation": Field(size(1 << 10, 1 << 40), ABSENT),
    "weight": Field(integer(1, 10_000), 100),
    "burst": Field(integer(0, 10_000), 100),
    "send-packets": Field(integer(1, 100_000_000), ABSENT),
    "send-bandwidth": Field(size(1 << 10, 1 << 40), ABSENT),
    "receive-packets": Field(integer(1, 100_000_000), ABSENT),
    "receive-bandwidth": Field(size(1 << 10, 1 << 40), ABSENT),
}
MACHINE = {
    "memory": Field(size(32 << 20, MACHINE_MEMORY_LIMIT, multiple=1 << 20), 512 << 20),
    "cpus": Field(integer(1, CPU_LIMIT), 1),
    "fence": Field(choice("auto", "segment", "paging", "both"), "auto"),
    "verify": Field(choice("on", "off"), "off"),
    "mitigations": Field(choice("on", "off"), "on"),
    "networks": Field(integer(0, 2), ABSENT),
}
OPERATOR = {
    "image": Field(image_name, "operator"),
    "memory": Field(size(1 << 20, 3 << 30, multiple=1 << 20), 48 << 20),
    "cpu": Field(CPU, {}),
}
TENANT = {
    "image": Field(image_name),
    "memory": Field(tenant_memory),
    "cpu": Field(CPU, {}),
    "disk": Field(DISK, ABSENT),
    "network": Field(NETWORK, ABSENT),
    "peers": Field(names, ABSENT),
    "restart": Field(choice("always", "never"), "always"),
    "command": Field(command, ABSENT),
}
VOLUME = {
    "device": Field(device_name),
    "offset": Field(size(0, 1 << 44, multiple=4096), ABSENT),
    "size": Field(size(4096, 1 << 44, multiple=4096), ABSENT),
}
