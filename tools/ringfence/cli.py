# SPDX-License-Identifier: MIT
"""The command line of `rf`: run, gdb, image, check."""

import argparse
import shlex
import signal
import sys
import tempfile
from pathlib import Path
from subprocess import SubprocessError

from . import BUILD, DEFAULT_MACHINE, console, debugger, disk, frames, iso, network, partition, schema
from .boot import BASE_BUNDLE, KERNEL, Boot, BootError, available_images, kernel_options, parse_disks
from .bundle import BundleError
from .description import DescriptionError, load
from .erofs import ImageError
from .partition import PartitionError
from .session import EMULATORS, STATUS_DIED, STATUS_NOT_STARTED, Session

COMMAND_TIMEOUT = 600
LONGEST_TIMEOUT = 1e9  # seconds; more than select() takes makes no sense either
STATUS_USAGE = STATUS_NOT_STARTED


def _root(text):
    tenant, separator, folder = text.partition("=")
    if not separator or not tenant or not folder:
        raise argparse.ArgumentTypeError("must be TENANT=DIR")
    return tenant, Path(folder)


def _partition(text):
    name, separator, size = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=SIZE")
    try:
        return schema.volume_name(name), schema.VOLUME["size"].check(size)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from None


def _memory(text):
    """Bytes of a number of MiB, or of a size with its unit."""
    try:
        return schema.parse_size(f"{text}MiB" if text.isdigit() else text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _seconds(text):
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return seconds


def _boot_options(parser):
    add = parser.add_argument
    add("--machine", type=Path, default=DEFAULT_MACHINE, metavar="FILE.toml")
    add("--memory", type=_memory, metavar="MIB", help="replaces the machine's memory")
    add("--cpus", type=int, metavar="N", help="replaces the machine's number of CPUs")
    add("--fence", choices=["auto", "segment", "paging", "both"])
    add("--firmware", choices=["bios", "uefi"], help="boot the ISO; else QEMU loads the kernel itself")
    add(
        "--disk",
        action="append",
        metavar="[virtio:|ata:]FILE",
        help="the disk of blk0, given again of blk1; without it the seeded one, writes thrown away",
    )
    add(
        "--publish",
        action="append",
        default=[],
        metavar="HOST-PORT:TENANT:PORT[/udp]",
        help="what comes to this port of the host goes to that port of the tenant",
    )
    add("--network-card", choices=list(network.CARDS), default=network.DEFAULT_CARD, help="what net0 is (QEMU)")
    add("--tap", metavar="INTERFACE", help="the host's interface for net0; else QEMU's own network")
    add("--root", type=_root, action="append", default=[], metavar="TENANT=DIR")
    add("--icount", action="store_true", help="deterministic instruction counting (QEMU)")
    add("--qemu-arg", action="append", default=[], metavar="ARG", help="further words for QEMU")


def _parser():
    parser = argparse.ArgumentParser(prog="rf", description="Runs Ringfence in an emulator.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="boot to the operator prompt, or run commands and power off")
    run.add_argument("--emulator", choices=EMULATORS, default="qemu")
    _boot_options(run)
    run.add_argument("--timeout", type=_seconds, metavar="S", help="seconds before exit status 124")
    run.add_argument("--exec", action="append", default=[], metavar="COMMAND", help="may be repeated")
    run.add_argument("--log", action="store_true", help="the core's log on standard error")
    run.set_defaults(action=_run)
    gdb = commands.add_parser("gdb", help="QEMU halted, gdb with the symbols of all rings")
    _boot_options(gdb)
    gdb.add_argument("--exec", action="append", default=[], metavar="COMMAND")
    gdb.set_defaults(action=_gdb, emulator="qemu")
    image = commands.add_parser("image", help="build the ISO")
    image.add_argument("--output", type=Path, default=BUILD / "ringfence.iso")
    image.add_argument("--fence", choices=["auto", "segment", "paging", "both"])
    image.set_defaults(action=_image)
    disk_command = commands.add_parser("disk", help="disks with partitions for tenants")
    on_disks = disk_command.add_subparsers(dest="what", required=True)
    create = on_disks.add_parser("create", help="a disk with a GUID partition table, filled from the partitions' names")
    create.add_argument("file", type=Path)
    create.add_argument("partition", nargs="+", type=_partition, metavar="NAME=SIZE", help="like red=64MiB")
    create.set_defaults(action=_disk_create)
    listing = on_disks.add_parser("ls", help="the partitions of a disk")
    listing.add_argument("file", type=Path)
    listing.set_defaults(action=_disk_list)
    check = commands.add_parser("check", help="check a machine description")
    check.add_argument("file", type=Path)
    check.add_argument("--memory", type=_memory, metavar="MIB")
    check.add_argument("--cpus", type=int, metavar="N")
    check.set_defaults(action=_check)
    return parser


def _machine(arguments, path):
    return load(path, images=available_images(), memory=arguments.memory, cpus=arguments.cpus)


def _boot(arguments, directory):
    machine = _machine(arguments, arguments.machine)
    wires = network.Network(
        card=arguments.network_card,
        tap=arguments.tap,
        publications=tuple(network.parse_publication(text, machine) for text in arguments.publish),
    )
    network.check_options(wires, machine, arguments.emulator)
    boot = Boot(
        machine=machine,
        directory=Path(directory),
        commands=arguments.exec,
        roots=dict(arguments.root),
        fence=arguments.fence,
        firmware=arguments.firmware,
        terminal=None if arguments.exec else console.description(),
        disks=parse_disks(arguments.disk or [""], machine, arguments.emulator),
        network=wires,
        deterministic=arguments.icount,
        emulator_arguments=[word for text in arguments.qemu_arg for word in shlex.split(text)],
    )
    boot.prepare()
    return boot


def _printer(show_log):
    streams = {frames.OUTPUT: sys.stdout, frames.ERROR_OUTPUT: sys.stderr, frames.TEST: sys.stdout}
    if show_log:
        streams[frames.LOG] = sys.stderr

    def show(frame):
        stream = streams.get(frame.type)
        if stream:
            end = b"" if frame.type in (frames.OUTPUT, frames.ERROR_OUTPUT) else b"\n"
            stream.buffer.write(frame.payload + end)
            stream.buffer.flush()

    return show


def _leave_interrupts_to_child():
    """Ctrl-C is the child's to handle; a handler, unlike SIG_IGN, is not inherited by it."""
    signal.signal(signal.SIGINT, lambda number, frame: None)


def _run(arguments):
    timeout = arguments.timeout or (COMMAND_TIMEOUT if arguments.exec else None)
    with tempfile.TemporaryDirectory(prefix="ringfence-run-") as directory:
        boot = _boot(arguments, directory)
        if boot.interactive:
            _leave_interrupts_to_child()
        session = Session(boot, EMULATORS[arguments.emulator], timeout, _printer(arguments.log))
        try:
            outcome = session.run()
        except console.Quit:
            return 0
        if outcome.timed_out or outcome.died:
            _explain(outcome, timeout, Path(directory) / "emulator.txt")
        return outcome.status


def _explain(outcome, timeout, emulator_messages):
    if outcome.timed_out:
        print(f"rf: stopped after {timeout:g} seconds; the guest's last lines:", file=sys.stderr)
    elif outcome.began:
        print("rf: the guest died; its last lines:", file=sys.stderr)
    else:
        print("rf: the emulator did not start the guest:", file=sys.stderr)
    for line in outcome.last_lines:
        print(f"  {line}", file=sys.stderr)
    if not outcome.last_lines and emulator_messages.exists():
        sys.stderr.write(emulator_messages.read_text(errors="replace"))


def _gdb(arguments):
    with tempfile.TemporaryDirectory(prefix="ringfence-gdb-") as directory:
        boot = _boot(arguments, directory)
        _leave_interrupts_to_child()
        return debugger.run(boot)


def _image(arguments):
    if not KERNEL.exists() or not BASE_BUNDLE.exists():
        raise BootError("the kernel or the base bundle is missing: run make")
    if not arguments.output.parent.is_dir():
        raise BootError(f"--output: there is no folder {arguments.output.parent}")
    machine = load(DEFAULT_MACHINE, images=available_images())
    iso.build(arguments.output, KERNEL, [BASE_BUNDLE], kernel_options(machine, arguments.fence))
    return 0


def _disk_create(arguments):
    names = [name for name, _ in arguments.partition]
    if len(set(names)) < len(names):
        raise BootError("disk create: two partitions have one name")
    if arguments.file.exists():
        raise BootError(f"disk create: {arguments.file} is there already")
    if not arguments.file.parent.is_dir():
        raise BootError(f"disk create: there is no folder {arguments.file.parent}")
    disk.write_partitioned(arguments.partition, arguments.file)
    return 0


def _disk_list(arguments):
    partitions = partition.read(arguments.file)
    print(f"{'NAME':36} {'OFFSET':>10} {'SIZE':>10}")
    for one in partitions:
        print(f"{one.name:36} {schema.format_size(one.offset):>10} {schema.format_size(one.size):>10}")
    return 0


def _check(arguments):
    _machine(arguments, arguments.file)
    print(f"{arguments.file}: fine")
    return 0


def main(words):
    arguments = _parser().parse_args(words)
    try:
        return arguments.action(arguments)
    except DescriptionError as error:
        print(error, file=sys.stderr)  # each line names its file and line, as a compiler does
        return STATUS_USAGE
    except (BootError, BundleError, ImageError, PartitionError, OSError, SubprocessError) as error:
        print(f"rf: {error}", file=sys.stderr)
        return STATUS_USAGE
    except KeyboardInterrupt:
        return STATUS_DIED
