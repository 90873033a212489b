# SPDX-License-Identifier: MIT
"""QEMU: the kernel loaded directly, or the ISO under SeaBIOS or OVMF."""

import shutil
import socket
import subprocess

from . import console, iso, network
from .boot import BootError

FIRMWARE = "/usr/share/OVMF/OVMF_CODE_4M.fd"
FIRMWARE_VARIABLES = "/usr/share/OVMF/OVMF_VARS_4M.fd"
DEBUG_PORT = 0xE9


def arguments(boot, debug_port_path, serial):
    """The whole command. The debug port is written to `debug_port_path`, the UART is `serial`."""
    command = [_program(boot), "-nodefaults", "-no-reboot", "-display", "none", "-vga", "std"]
    command += ["-M", "pc", "-cpu", "max", "-m", str(boot.machine.memory >> 20)]
    command += ["-smp", str(boot.machine.cpus)]
    if not any("accel" in argument for argument in boot.emulator_arguments):
        command += ["-accel", "tcg"]
    command += ["-chardev", f"file,id=port,path={debug_port_path}"]
    command += ["-device", f"isa-debugcon,iobase={DEBUG_PORT:#x},chardev=port"]
    command += ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
    command += ["-serial", serial]
    for index, disk in enumerate(boot.disks):
        command += _disk(index, disk)
    command += network.qemu_arguments(boot.machine, boot.network or network.Network())
    if boot.deterministic:
        sleep = "on" if boot.idle_is_real else "off"
        command += ["-icount", f"shift={boot.instruction_shift},sleep={sleep}"]
    return command + _start(boot) + boot.emulator_arguments


def _program(boot):
    # Debian's OVMF is 64-bit code; it hands over in 32-bit protected mode all the same.
    return "qemu-system-x86_64" if boot.firmware == "uefi" else "qemu-system-i386"


def _disk(index, disk):
    snapshot = "off" if disk.keep_writes else "on"
    drive = f"file={disk.path},format=raw,snapshot={snapshot},id=disk{index}"
    if disk.interface == "ata":
        return ["-drive", f"{drive},if=ide,media=disk"]
    device = f"virtio-blk-pci,drive=disk{index},disable-modern=off"
    return ["-drive", f"{drive},if=none", "-device", device]


def _start(boot):
    if boot.firmware is None:
        modules = f"{boot.base_bundle},{boot.run_bundle}"
        return ["-kernel", str(boot.kernel), "-initrd", modules, "-append", boot.command_line]
    # The secondary IDE channel: the first disk of ATA is always the primary master.
    cd = f"file={iso.for_run(boot)},format=raw,if=ide,bus=1,media=cdrom,readonly=on"
    command = ["-drive", cd, "-boot", "d"]
    if boot.firmware == "uefi":
        variables = boot.directory / "uefi-variables.fd"
        shutil.copy(FIRMWARE_VARIABLES, variables)
        command += ["-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE}"]
        command += ["-drive", f"if=pflash,format=raw,file={variables}"]
    return command


def start(boot, port):
    """Starts QEMU with the write end `port` of a pipe as the debug port."""
    if shutil.which(_program(boot)) is None:
        raise BootError(f"{_program(boot)} is not installed: run tools/deps")
    on_terminal = boot.interactive and console.is_terminal()
    terminal, guest_end = _script_ends(boot.interactive and not on_terminal)
    serial = "mon:stdio" if on_terminal else "stdio" if guest_end else f"file:{boot.serial_log}"
    with open(boot.directory / "emulator.txt", "wb") as messages:
        process = subprocess.Popen(
            arguments(boot, f"/dev/fd/{port}", serial),
            pass_fds=[port],
            stdin=None if on_terminal else guest_end or subprocess.DEVNULL,
            stdout=guest_end,
            stderr=messages,
            start_new_session=not on_terminal,
        )
    if guest_end:
        guest_end.close()
        process.terminal = terminal
    return process


def _script_ends(wanted):
    """The console of a run whose commands come from no terminal: our end, and QEMU's."""
    if not wanted:
        return None, None
    ours, theirs = socket.socketpair()
    return ours.detach(), theirs
