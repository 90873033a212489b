# SPDX-License-Identifier: MIT
"""Every kind of crash of every driver, while red and blue read volumes larger than their memory.

Three things run side by side in each boot:

    red         the digest of its whole volume, pass after pass
    blue        dd of one piece of its volume after the other, each piece's digest verified
    operator    one crash after the other; each waits until the driver is back.

The crash comes while a request is in flight: the core holds it back for up to half a second until there
is one, and its log says how many there were.
"""

import hashlib
import json
import re
from pathlib import Path

from lib import cases, long
from ringfence.disk import volume_chunks, volume_digest

MACHINE = Path(__file__).parent / "machines" / "crash.toml"
MEMORY, VOLUME, PIECE = 2 << 20, 4 << 20, 64 << 10

# What the log must name as the cause, where paging and where segments hold. The null pointer and the
# end of the stack are inside the driver's own segment, on pages that are not there.
CAUSES = {
    "null": ("#PF", "#PF"),
    "wild-write": ("#PF", "#GP|#SS"),
    "wild-read": ("#PF", "#GP|#SS"),
    "jump": ("#PF", "#GP"),
    "stack": ("#PF", "#PF|#SS"),
    "loop": ("time budget", "time budget"),
    "privileged": ("#GP", "#GP"),
    "port": ("#GP", "#GP"),
    "divide": ("#DE", "#DE"),
    "bad-completion": ("bad completion", "bad completion"),
    "hang": ("time budget|in flight", "time budget|in flight"),
}

RED = "while [ ! -e /stop ]; do sha256sum /dev/vda; sleep {rest}; done"

# A digest that differs and a dd that fails both show as a line that no piece has.
BLUE = """
while [ ! -e /stop ]; do
    for n in $(seq 0 {last}); do
        dd if=/dev/vda bs={piece} count=1 skip=$n 2>/dev/null | md5sum
    done
    cut -d" " -f1 /proc/uptime
    sleep {rest}
done
"""

CRASHES = """
restarts() {{
    rfctl drivers --json | sed -n '/"device":.*"{device}"/,/"last_crash"/p' |
        sed -n 's/.*"restarts":[^0-9]*\\([0-9]*\\).*/\\1/p'
}}
state() {{
    rfctl drivers --json | sed -n '/"device":.*"{device}"/,/"last_crash"/p' |
        sed -n 's/.*"state":[^"]*"\\([a-z]*\\).*/\\1/p'
}}
rfctl exec red -- sh -c '{red}' >/tmp/red 2>&1 & red=$!
rfctl exec blue -- sh -c '{blue}' >/tmp/blue 2>&1 & blue=$!
sleep 0.5
for kind in {kinds}; do
    before=$(restarts)
    echo "before $kind" >/dev/console
    rfctl crash {device} $kind || exit 9
    until [ "$(restarts)" -gt "$before" ] && [ "$(state)" = running ]; do sleep 0.05; done
    echo "after $kind" >/dev/console
    sleep 0.1
done
sleep 0.5
for tenant in red blue; do rfctl exec $tenant -- touch /stop; done
wait $red || echo "red ended with $?"
wait $blue || echo "blue ended with $?"
"""


def piece_digests(volume):
    content = b"".join(volume_chunks(volume, VOLUME))
    pieces = (content[start : start + PIECE] for start in range(0, VOLUME, PIECE))
    return [f"{hashlib.md5(piece).hexdigest()}  -" for piece in pieces]


def crash_all(guest, device, emulator, rest=0, **arguments):
    """Boots, crashes `device` in every way, and returns the boot and each command's output. Red and blue rest for so many
    seconds after each pass.

    QEMU counts instructions as time, so that a busy host makes no driver overrun its time budget; but
    while the guest waits, time is the host's, whose disk is what it waits for.
    """
    blue = BLUE.format(last=VOLUME // PIECE - 1, piece=PIECE, rest=rest).strip()
    script = CRASHES.format(device=device, kinds=" ".join(CAUSES), red=RED.format(rest=rest), blue=blue)
    commands = [script, "cat /tmp/red", "cat /tmp/blue", "rfctl tenants --json", "rfctl audit --json"]
    marks = [f"echo; echo {'=' * 8}; {command}" for command in commands]
    result = guest.boot(
        *marks,
        machine=MACHINE,
        emulator=emulator,
        icount=emulator == "qemu",
        idle_is_real=True,
        timeout=300,
        **arguments,
    )
    assert result.status == 0, result.explain()
    return result, result.output.split(f"\n{'=' * 8}\n")[1:]


def assert_causes(result, driver, fence):
    """One crash a kind, in order, of the right cause, with a request in flight, and back with its time."""
    lines = [line for line in result.log if f"driver {driver}" in line]
    crashes = [line for line in lines if " crashed: " in line]
    outages = [line for line in lines if re.search(r" is back after \d+ us", line)]
    story = "\n".join(lines)
    assert len(crashes) == len(outages) == len(CAUSES), story
    for line, (kind, causes) in zip(crashes, CAUSES.items()):
        cause = causes[fence == "segment"]
        assert re.search(rf"ring 1: .*({cause})", line), f"{kind}: not {cause}: {line}"
        in_flight = re.search(r"; (\d+) requests in flight", line)
        assert in_flight and int(in_flight[1]) > 0, f"{kind}: nothing in flight: {line}"
        if "#" in cause:
            assert re.search(r"at 000d:[0-9a-f]{8}", line), f"{kind}: where? {line}"
    assert not any("went through" in line for line in result.log), story


def assert_tenants_whole(result, outputs):
    script, red, blue, tenants, audit = outputs
    assert script == "", f"the script said: {script}"
    digests = red.split("\n")[:-1]
    assert digests and set(digests) == {f"{volume_digest('red', VOLUME)}  /dev/vda"}, red
    expected, lines = piece_digests("blue"), blue.splitlines()
    passes = [lines[n : n + len(expected)] for n in range(0, len(lines), len(expected) + 1)]
    assert len(passes) > 1 and all(each == expected for each in passes), blue
    states = {tenant["name"]: tenant for tenant in json.loads(tenants)}
    assert all(tenant["restarts"] == 0 for tenant in states.values()), tenants
    read = states["red"]["disks"][0]["bytes_read"]
    assert read >= len(digests) * (VOLUME - MEMORY), f"the cache answered: {read} bytes, {red}"
    audit = json.loads(audit)
    assert audit["leaked"] == audit["foreign"] == 0, audit
    assert not result.panic, result.explain()


@cases("qemu virtio", "bochs ata", long=("qemu ata",))
def test_block(guest, case):
    emulator, interface = case.split()
    result, outputs = crash_all(guest, "blk0", emulator, disks=(f"{interface}:",))
    driver = {"virtio": "virtio_blk (blk0)", "ata": "ata (blk0)"}[interface]
    assert_causes(result, driver, "segment" if emulator == "bochs" else "paging")
    assert_tenants_whole(result, outputs)


@long
@cases("qemu", "bochs")
def test_console(guest, emulator):
    result, outputs = crash_all(guest, "console", emulator, rest=1)
    assert_causes(result, "console (console)", "segment" if emulator == "bochs" else "paging")
    assert_tenants_whole(result, outputs)
    for kind in CAUSES:
        assert f"after {kind}\n" in result.serial, f"the console is silent after {kind}"
