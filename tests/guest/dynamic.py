# SPDX-License-Identifier: MIT
"""Programs that are linked when they start, by musl's own linker, and libraries that tenants share."""

import json
import tempfile
from pathlib import Path

from lib import cases, linux
from lib.script import in_tenant
from ringfence import BUILD, erofs
from ringfence.bundle import IMAGE, Entry

MACHINE = Path(__file__).parent / "machines" / "spare.toml"
DYNAMIC, LINKER = BUILD / "dynamic", BUILD / "linker"
BUSYBOX = BUILD / "third-party" / "busybox"
PROGRAMS = ["dynamic", "dynamic-anywhere"]
COMMAND = "lib/ld-musl-i386.so.1"
PAGE = 4096
WAITING = "/bin/dynamic wait >/tmp/said & until [ -s /tmp/said ]; do sleep 0.1; done; cat /tmp/said"


def root(folder):
    erofs.lay_out(Path(folder), BUSYBOX, [], [], [DYNAMIC, LINKER])


def image(name):
    with tempfile.TemporaryDirectory() as folder:
        staging, packed = Path(folder) / "root", Path(folder) / "packed"
        root(staging)
        erofs.make(staging, packed)
        return Entry(IMAGE, name, packed.read_bytes())


@cases(*PROGRAMS)
def test_the_program_itself_on_linux(guest, program):
    """With the linker as the command: nobody expects one in the host's /lib."""
    output = linux.run(LINKER / COMMAND, "--library-path", DYNAMIC / "lib", DYNAMIC / "bin" / program)
    assert "checks, 0 failed" in output, output


@cases("qemu", "bochs")
def test_a_tenant_links_it_as_linux_does(guest, emulator):
    commands = [f"rfctl exec red -- {before}/bin/{program}" for before in ("", f"/{COMMAND} ") for program in PROGRAMS]
    with tempfile.TemporaryDirectory() as folder:
        root(folder)
        result = guest.boot(
            *commands, f"rfctl exec red -- /{COMMAND} --list /bin/dynamic", roots={"red": folder}, emulator=emulator, timeout=180
        )
    assert result.output.count("checks, 0 failed") == len(commands), result.explain()
    assert result.statuses == [0] * (len(commands) + 1), result.explain()
    assert "libcounter.so => /lib/libcounter.so" in result.output, result.output


def figures(output):
    """What the `rfctl stats NAME --json` of a boot printed, in their order."""
    decoder, found = json.JSONDecoder(), []
    while "{" in output:
        value, end = decoder.raw_decode(output[output.index("{") :])
        found.append(value["memory"])
        output = output[output.index("{") + end :]
    return found


def paid(memory):
    return memory["bound"] + memory["page_tables"] + memory["objects"]


def test_tenants_share_the_text_of_libraries(guest):
    """A tenant pays for what a program has written to. The rest that it has mapped is the image's, and there once: nobody
    pays for it again, the operator neither."""
    tenants = ("one", "two")
    create = [f"rfctl create {name} memory=4MiB image=dynamic" for name in tenants]
    stats = [f"rfctl stats {name} --json" for name in ("operator", *tenants)]
    start = [in_tenant(name, WAITING) for name in tenants]
    settle = [in_tenant(name, "true") for name in tenants]  # the operator keeps frames of what has ended for what comes next
    output = guest.run(*create, *settle, *stats, *start, *stats, machine=MACHINE, entries=[image("dynamic")])
    assert output.count("checks, 0 failed") == 2, output
    found = figures(output)
    operator, *both = [
        (paid(after) - paid(before), after["image_pages"] - before["image_pages"]) for before, after in zip(found[:3], found[3:])
    ]
    pages = (LINKER / COMMAND).stat().st_size // PAGE
    for cost, mapped in both:
        assert cost < pages / 2 < mapped, f"{both}, of {pages} pages"
    assert operator[0] < pages / 4, operator
