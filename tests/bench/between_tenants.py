# SPDX-License-Identifier: MIT
"""Instructions of the network between two tenants, through the switch; and of Linux between two network namespaces, through
veth pairs and a bridge, in the same run."""

import re
from pathlib import Path

from bench.figures import write_table
from bench.linux.peer import COUNTED, Peer
from lib.guest import Guest
from lib.image import image
from lib.once import once
from ringfence import BUILD

PROGRAM = BUILD / "bench" / "echo"
HERE = Path(__file__).parent / "network"
MACHINE = HERE / "machine.toml"
MODULES = ["net/llc/llc", "net/802/stp", "net/bridge/bridge", "drivers/net/veth"]
COUNT = 400
LINUX_MOST = 1.5  # times what Linux needs; the goal is a half
KINDS = ("udp", "tcp", "connect", "stream")
LINKED = {"link": "tcp", "link-connect": "connect", "link-stream": "stream"}  # the same without the network
CONTEXT = 4  # of tenant 2, blue
SCRIPT = "tenant 1 serve & sleep 1; tenant 0 ask {count} 10.0.2.21 {context}; kill $!\n"
TENANTS = "tenant() { [ $1 = 0 ] && name=red || name=blue; shift; rfctl exec -T $name -- /echo \"$@\" </dev/null; }\n"


def read(output, kinds):
    figures = {name: int(number) for name, number in re.findall(r"^([\w-]+) (\d+)$", output, re.MULTILINE)}
    assert set(figures) == set(kinds), output[-1500:]
    return figures


@once
def of_linux(count):
    return read(Peer(HERE / "linux-init", [PROGRAM], COUNTED, MODULES).boot(SCRIPT.format(count=count, context="")), KINDS)


def test_between_two_tenants():
    guest = Guest()
    script = TENANTS + SCRIPT.format(count=COUNT, context=CONTEXT)
    result = guest.boot(script, machine=MACHINE, entries=[image("base", PROGRAM)], icount=True, timeout=280)
    figures, linux = read(result.output, [*KINDS, *LINKED]), dict(of_linux(COUNT))
    linux |= {link: linux[kind] for link, kind in LINKED.items()}
    write_table("between two tenants       Ringfence     Linux ratio", figures, linux)
    assert all(figures[kind] < LINUX_MOST * linux[kind] for kind in KINDS), (figures, linux)
    assert all(figures[link] < figures[kind] for link, kind in LINKED.items()), figures
