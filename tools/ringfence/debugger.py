# SPDX-License-Identifier: MIT
"""`rf gdb`: QEMU halted at its first instruction, and gdb with the symbols of each ring in place.

The core, the managers and busybox are linked at their linear addresses. A driver is linked at 0 in
its own segment, so its symbols belong at its slot: see gdb_drivers.py.
"""

import os
import subprocess
import time
from pathlib import Path

from . import BUILD, bundle, qemu

BUSYBOX = BUILD / "third-party" / "busybox" / "busybox.symbols"
DRIVER_COMMANDS = Path(__file__).with_name("gdb_drivers.py")


def commands(boot, socket):
    """What gdb is told before the user is."""
    yield "set confirm off"
    yield f"file {boot.kernel}"
    for entry in bundle.unpack(boot.base_bundle.read_bytes()):
        if entry.kind == bundle.MANAGER:
            yield f"add-symbol-file {BUILD / 'domains' / entry.name}.elf"
    if BUSYBOX.exists():
        yield f"add-symbol-file {BUSYBOX}"
    yield f"target remote {socket}"
    yield f"source {DRIVER_COMMANDS}"


def run(boot):
    """Runs gdb on a prepared boot and returns its exit status; QEMU ends with it."""
    socket = boot.directory / "gdb.socket"
    boot.emulator_arguments += ["-S", "-chardev", f"socket,path={socket},server=on,wait=off,id=gdb"]
    boot.emulator_arguments += ["-gdb", "chardev:gdb"]
    command = qemu.arguments(boot, boot.directory / "debug-port.bin", f"file:{boot.serial_log}")
    script = boot.directory / "gdb.commands"
    script.write_text("\n".join(commands(boot, socket)) + "\n")
    print(f"the guest's console goes to {boot.serial_log}")
    emulator = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        while not socket.exists() and emulator.poll() is None:
            time.sleep(0.02)
        environment = os.environ | {"RINGFENCE_BUILD": str(BUILD)}
        return subprocess.run(["gdb", "-q", "-x", script], env=environment).returncode
    finally:
        emulator.kill()
        emulator.wait()
