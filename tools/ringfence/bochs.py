# SPDX-License-Identifier: MIT
"""Bochs: boots the ISO, enforces segment limits, and prints port 0xE9 on its standard output.

Debian's Bochs draws the guest's screen on a pseudo-terminal of its own and names it on standard
error. Somebody must read that terminal: once its buffer is full, Bochs and the guest stop.
"""

import os
import re
import shutil
import subprocess
import threading
import tty

from . import iso, network
from .boot import BootError

CONFIGURATION = """\
plugin_ctrl: unmapped=1, biosdev=1, speaker=0, extfpuirq=1, parallel=0, serial=1
config_interface: textconfig
display_library: term
memory: guest={memory}, host={memory}
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest
cpu: model={model}, count={cpus}, ips=50000000, reset_on_triple_fault=0, ignore_bad_msrs=1
clock: sync=none, time0=utc
pci: enabled=1, chipset=i440fx{slots}
port_e9_hack: enabled=1
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata1: enabled=1, ioaddr1=0x170, ioaddr2=0x370, irq=15
ata1-master: type=cdrom, path="{iso}", status=inserted
boot: cdrom
com1: enabled=1, {serial}
log: {log}
panic: action=fatal
error: action=report
info: action=report
debug: action=ignore
"""
# The same network behind the card as QEMU's: 10.0.2.0/24, the host at 10.0.2.2.
NETWORK = """\
e1000: enabled=1, mac=52:54:00:12:34:56, ethmod=slirp, script="{script}"
"""
DEBUGGER_COMMANDS = "continue\nquit\n"


def configuration(boot, terminal):
    """The text of bochsrc; `terminal` is the pseudo-terminal for an interactive console."""
    serial = f"mode=term, dev={terminal}" if terminal else f"mode=file, dev={boot.serial_log}"
    text = CONFIGURATION.format(
        slots=", slot1=e1000" if boot.machine.network_devices else "",
        memory=boot.machine.memory >> 20,
        model=boot.bochs_cpu,
        cpus=boot.machine.cpus,
        iso=iso.for_run(boot),
        serial=serial,
        log=boot.directory / "bochs.log",
    )
    for disk in boot.disks:  # at most one: parse_disks()
        text += f"ata0-master: type=disk, path={disk.path}, mode={_mode(boot, disk)}\n"
    if boot.machine.network_devices:
        script = boot.directory / "slirp.conf"
        script.write_text(network.slirp_script(boot.network or network.Network()))
        text += NETWORK.format(script=script)
    return text


def _mode(boot, disk):
    return "flat" if disk.keep_writes else f"volatile, journal={boot.directory / 'redolog'}"


def start(boot, port):
    """Starts Bochs with the write end `port` of a pipe as its standard output."""
    if shutil.which("bochs") is None:
        raise BootError("bochs is not installed: run tools/deps")
    tap = boot.network is not None and boot.network.tap
    if boot.deterministic or boot.firmware == "uefi" or boot.emulator_arguments or tap:
        raise BootError("--icount, --firmware uefi, --tap and --qemu-arg are for QEMU")
    terminal, console = os.openpty() if boot.interactive else (None, None)
    name = os.ttyname(console) if boot.interactive else None
    settings, debugger = boot.directory / "bochsrc", boot.directory / "bochs.rc"
    settings.write_text(configuration(boot, name))
    debugger.write_text(DEBUGGER_COMMANDS)
    process = subprocess.Popen(
        ["bochs", "-q", "-f", settings, "-rc", debugger],
        stdin=subprocess.DEVNULL,
        stdout=port,
        stderr=subprocess.PIPE,
        env=os.environ | {"TERM": "vt100"},
        start_new_session=True,
    )
    log = boot.directory / "emulator.txt"
    threading.Thread(target=_watch_errors, args=(process.stderr, log), daemon=True).start()
    process.terminal = terminal
    return process


def _watch_errors(stream, log):
    with open(log, "wb") as copy:
        for line in stream:
            copy.write(line)
            copy.flush()
            screen = re.search(rb'connected to screen "([^"]+)"', line)
            if screen:
                threading.Thread(target=_drain, args=(screen[1],), daemon=True).start()


def _drain(path):
    try:
        screen = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(screen)
        while os.read(screen, 1 << 16):
            pass
    except OSError:
        return  # the terminal went away with Bochs
