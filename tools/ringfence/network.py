# SPDX-License-Identifier: MIT
"""The network cards of a run, and what the host reaches of the tenants behind them."""

import re
import socket
from dataclasses import dataclass
from pathlib import Path

from .boot import BootError

DEFAULT_CARD = "virtio"  # of QEMU; Bochs's is what it is
CARDS = {"virtio": "virtio-net-pci", "e1000": "e1000", "e1000e": "e1000e"}


@dataclass(frozen=True)
class Publication:
    """A port of the host that leads to a tenant's."""

    host_port: int
    address: str  # the tenant's
    port: int
    device: str
    protocol: str = "tcp"


@dataclass(frozen=True)
class Network:
    card: str = DEFAULT_CARD  # of CARDS
    tap: str | None = None  # the host's interface; None: QEMU's own network behind the host's
    publications: tuple = ()


def parse_card(text):
    if text not in CARDS:
        raise BootError(f"--network-card: {text!r} is none of: {', '.join(CARDS)}")
    return text


def parse_publication(text, machine):
    """`HOST:TENANT:PORT[/udp]`: what is sent to that port of the host reaches that port of the tenant."""
    match = re.fullmatch(r"(\d+):([a-z][a-z0-9-]*):(\d+)(?:/(tcp|udp))?", text)
    if not match:
        raise BootError(f"--publish: {text!r} is not of the form HOST-PORT:TENANT:PORT, like 8080:red:80")
    host_port, name, port, protocol = int(match[1]), match[2], int(match[3]), match[4] or "tcp"
    for number in (host_port, port):
        if not 1 <= number <= 65535:
            raise BootError(f"--publish: {number} is no port: 1 to 65535")
    network = machine.tenants.get(name, {}).get("network")
    if network is None:
        raise BootError(f"--publish: there is no tenant {name!r} with a network in this machine")
    if network["address"] == "dhcp":
        raise BootError(f"--publish: tenant {name} has no address of its own: it asks by DHCP")
    if not _is_free(host_port, protocol):
        raise BootError(f"--publish: port {host_port} of this host is taken")
    return Publication(host_port, network["address"].partition("/")[0], port, network["device"], protocol)


def check_options(network, machine, emulator):
    """What was asked for on the command line is there, or BootError."""
    asked = {"--publish": network.publications, "--tap": network.tap, "--network-card": network.card != DEFAULT_CARD}
    for option, value in asked.items():
        if value and not machine.network_devices:
            raise BootError(f"{option}: no tenant of this machine has a network")
    if emulator == "bochs" and network.card != DEFAULT_CARD:
        raise BootError("--network-card: Bochs has one card, an e1000")
    if network.tap and not (Path("/sys/class/net") / network.tap).exists():
        raise BootError(f"--tap: this host has no interface {network.tap}")


def _is_free(port, protocol):
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def qemu_arguments(machine, network):
    """A card for each network device that the description names."""
    words = []
    for device in machine.network_devices:
        backend = f"user,id={device}" if network.tap is None else f"tap,id={device},ifname={network.tap},script=no,downscript=no"
        for one in network.publications:
            if one.device == device:
                backend += f",hostfwd={one.protocol}:127.0.0.1:{one.host_port}-{one.address}:{one.port}"
        words += ["-netdev", backend, "-device", f"{CARDS[network.card]},netdev={device}"]
    return words


def slirp_script(network):
    """The same for Bochs, whose one card has the same network behind it."""
    lines = ["# slirp config"]
    for one in network.publications:
        lines.append(f"hostfwd = {one.protocol}:127.0.0.1:{one.host_port}-{one.address}:{one.port}")
    return "\n".join(lines) + "\n"
