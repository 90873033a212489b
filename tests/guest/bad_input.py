# SPDX-License-Identifier: MIT
"""What is cut short, wrong or missing gets a clear error, and nobody else loses anything."""

import random
import re
import shutil
import struct
import tempfile
from pathlib import Path

from lib import cases
from ringfence import BUILD, DEFAULT_MACHINE
from ringfence.boot import BootError
from ringfence.bundle import FILE, IMAGE, Entry

MACHINES = Path(__file__).parent / "machines"
BUSYBOX = BUILD / "third-party" / "busybox" / "busybox"
BASE = BUILD / "images" / "base.erofs"
SEED = 20221122
NOT_EXECUTABLE = 126
PT_INTERP = 3
DAMAGED = 40  # programs; more would not fit into the boot modules
# Static, linked when it starts, and the linker itself; and where their headers end.
HEADERS = {"third-party/busybox/busybox": 244, "dynamic/bin/dynamic-anywhere": 340, "linker/lib/ld-musl-i386.so.1": 340}


def patched(data, *changes):
    """`data` with (offset, bytes) put in place."""
    copy = bytearray(data)
    for offset, value in changes:
        copy[offset : offset + len(value)] = value
    return bytes(copy)


# ---- Programs ----------------------------------------------------------------------------------------


def word(number):
    return number.to_bytes(4, "little")


def wrong_programs():
    """Variants of busybox that must not run. Its first program header is at 52, a PT_LOAD."""
    elf = BUSYBOX.read_bytes()
    return {
        "empty": b"",
        "only-magic": elf[:4],
        "half-a-header": elf[:26],
        "no-segments": elf[:52],
        "cut-in-code": elf[: len(elf) // 2],
        "64-bit": patched(elf, (4, b"\x02")),
        "big-endian": patched(elf, (5, b"\x02")),
        "other-machine": patched(elf, (18, b"\x28")),
        "headers-outside": patched(elf, (28, word(0x7FFFFFFF))),
        "a-million-headers": patched(elf, (44, b"\xff\xff")),
        "segment-in-manager": patched(elf, (60, word(0x80000000))),
        "segment-in-core": patched(elf, (60, word(0xE0000000))),
        "segment-wraps": patched(elf, (60, word(0xFFFFF000))),
        "segment-too-large": patched(elf, (72, word(0xFFFFFFFF))),
        "file-larger-than-memory": patched(elf, (72, word(1))),
        "entry-in-core": patched(elf, (24, word(0xE0100000))),
        "entry-in-manager": patched(elf, (24, word(0x80000000))),
    }


def test_wrong_programs_do_not_run(guest):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(BUSYBOX, Path(folder) / "busybox")
        names = []
        for name, data in wrong_programs().items():
            (Path(folder) / name).write_bytes(data)
            (Path(folder) / name).chmod(0o755)
            names.append(name)
        commands = [f"rfctl exec red -- /{name} true" for name in names]
        result = guest.boot(*commands, "rfctl exec red -- /busybox echo alive", roots={"red": folder})
    assert result.statuses[-1] == 0 and result.output == "alive\n", result.explain()
    ran = [name for name, status in zip(names, result.statuses) if status == 0]
    assert not ran, f"these ran: {ran}"
    refused = [status == NOT_EXECUTABLE or status > 128 for status in result.statuses[:-1]]
    assert all(refused), dict(zip(names, result.statuses))
    assert not any("ends:" in line for line in result.log), result.explain()


def with_interpreter(elf, path):
    """`elf` with its last program header turned into one that names an interpreter."""
    name = path.encode() + b"\0"
    table, entry, count = struct.unpack_from("<I", elf, 28)[0], *struct.unpack_from("<HH", elf, 42)
    header = struct.pack("<8I", PT_INTERP, len(elf), 0, 0, len(name), len(name), 4, 1)
    return patched(elf, (table + entry * (count - 1), header)) + name


@cases("qemu", "bochs")
def test_why_a_program_does_not_start_is_told(guest, emulator):
    """With and without a terminal; and of the description's `command`, where the host sees it."""
    ask = ["/amd64", "/lone", "/odd", "/nothing", "/dev"]
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(BUSYBOX, Path(folder) / "busybox")
        busybox = BUSYBOX.read_bytes()
        programs = {
            "amd64": Path("/bin/true").read_bytes(),
            "lone": with_interpreter(busybox, "/lib/none"),
            "odd": with_interpreter(busybox, "/amd64"),
        }
        for name, elf in programs.items():
            (Path(folder) / name).write_bytes(elf)
            (Path(folder) / name).chmod(0o755)
        commands = [f"rfctl exec {option} red -- {program} 2>&1" for option in ("-t", "-T") for program in ask]
        result = guest.boot(*commands, roots={"red": folder}, machine=DEFAULT_MACHINE, emulator=emulator)
    told = [
        "/amd64: not a program that this machine can run", "/lone: its interpreter is not there",
        "/odd: its interpreter is none", "/nothing: not found", "/dev: not a file",
    ]
    assert result.output.replace("\r", "").splitlines() == told * 2, result.explain()
    assert result.statuses == [126, 126, 126, 127, 126] * 2, result.explain()
    assert "init: tenant red: its command cannot start: /bin/sh: not found" in result.errors, result.explain()


@cases(*HEADERS)
def test_damaged_programs_hurt_only_themselves(guest, original):
    """Programs with random damage in their headers: whatever happens to them, red goes on."""
    chance, elf = random.Random(SEED), (BUILD / original).read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(BUSYBOX, Path(folder) / "busybox")
        for libraries in (BUILD / "dynamic" / "lib", BUILD / "linker" / "lib"):
            shutil.copytree(libraries, Path(folder) / "lib", dirs_exist_ok=True)
        for number in range(DAMAGED):
            places = [chance.randrange(4, HEADERS[original]) for _ in range(chance.randint(1, 8))]
            changes = [(place, bytes([chance.randrange(256)])) for place in places]
            program = Path(folder) / f"p{number}"
            program.write_bytes(patched(elf, *changes))
            program.chmod(0o755)
        loop = f"for n in $(/busybox seq 0 {DAMAGED - 1}); do /busybox timeout 2 /p$n true; done; /busybox echo end"
        result = guest.boot(
            f"rfctl exec red -- /busybox sh -c '{loop}' 2>/dev/null",
            "rfctl exec red -- /busybox echo alive",
            roots={"red": folder},
        )
    assert result.output.endswith("end\nalive\n"), result.explain()
    assert not any("ends:" in line for line in result.log), result.explain()


# ---- Images ------------------------------------------------------------------------------------------


def wrong_images():
    image, chance = BASE.read_bytes(), random.Random(SEED)
    wrong = {
        "empty-page": bytes(4096),
        "only-super-block": image[:4096],
        "cut-short": image[: len(image) // 2 // 4096 * 4096],
        "no-magic": patched(image, (1024, b"\0\0\0\0")),
        "root-outside": patched(image, (1024 + 14, b"\xff\xff")),
    }
    for number in range(8):
        places = [chance.randrange(1024, 1 << 16) for _ in range(300)]
        wrong[f"damaged-{number}"] = patched(image, *((p, bytes([chance.randrange(256)])) for p in places))
    return wrong


def test_wrong_images_hurt_only_their_tenant(guest):
    images = wrong_images()
    command = "sh -c 'ls -R / | wc -l; cat /bin/* | md5sum'"
    tries = [
        f"rfctl create bad memory=2MiB image={name} restart=never &&"
        f" timeout 5 rfctl exec bad -- {command} >/dev/null 2>&1; rfctl destroy bad 2>/dev/null; true"
        for name in images
    ]
    after = ["rfctl tenants", "rfctl audit", "rfctl exec red -- echo red goes on"]
    result = guest.boot(
        *tries,
        *after,
        entries=[Entry(IMAGE, name, data) for name, data in images.items()],
        machine=MACHINES / "spare.toml",
        memory=128,
        timeout=240,
    )
    assert result.statuses == [0] * (len(tries) + len(after)), result.explain()
    assert result.output.endswith("red goes on\n"), result.explain()
    assert "bad " not in result.output.split("ID ", 1)[1], result.output
    assert "leaked:         0" in result.output, result.output
    deaths = [line for line in result.log if " ends: " in line]
    assert all("bad: ends:" in line for line in deaths), deaths
    for name in ("empty-page", "no-magic"):
        told = [line for line in result.log if "bad: ends:" in line and "destroyed" not in line]
        assert told, f"{name}: nobody said why the tenant did not start\n{result.explain()}"


# ---- The machine's description and the commands ---------------------------------------------------------

DESCRIPTIONS = {
    "cut short": b'{"machine": {"memory": 1',
    "not JSON": b"\xff\xfe\x00 nonsense",
    "empty": b"",
    "a list": b"[1, 2, 3]",
    "unknown key": b'{"machine": {}, "tenant": {"red": {"image": "base", "memry": 4194304}}}',
    "no number": b'{"tenant": {"red": {"image": "base", "memory": "much"}}}',
    "zero memory": b'{"tenant": {"red": {"image": "base", "memory": 0}}}',
    "negative memory": b'{"tenant": {"red": {"image": "base", "memory": -4096}}}',
    "too much memory": b'{"tenant": {"red": {"image": "base", "memory": 3221225472}}}',
    "no such volume": b'{"tenant": {"red": {"image": "base", "memory": 4194304,'
    b' "disk": {"volume": "nowhere", "iops": 1, "bandwidth": 65536}}}}',
    "deep": b"[" * 100000,
}


@cases(*DESCRIPTIONS)
def test_wrong_machine_description(guest, case):
    """The operator starts without the tenants, and the log and standard error say why."""
    result = guest.boot(
        "echo operator runs",
        entries=[Entry(FILE, "machine.json", DESCRIPTIONS[case])],
        timeout=30,
    )
    assert result.status == 0 and result.output == "operator runs\n", result.explain()
    told = [line for line in result.log if "init: " in line or "tenant refused" in line]
    assert told, f"nobody says what is wrong\n{result.explain()}"
    assert "init: " in result.errors, f"nobody tells the host\n{result.explain()}"
    assert not any("red: created" in line for line in result.log), result.explain()


def test_wrong_commands(guest):
    result = guest.boot("true", entries=[Entry(FILE, "commands.json", b'["echo 1", ')], timeout=30)
    assert result.status == 70 and result.statuses == [], result.explain()
    assert any("commands" in line and "init: " in line for line in result.log), result.explain()


# ---- Disks -------------------------------------------------------------------------------------------


def test_folder_that_is_too_large(guest):
    """A root that the core has no room for is refused before anything is started."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "large").write_bytes(bytes(random.Random(SEED).randbytes(64 << 20)))
        try:
            guest.boot("true", roots={"red": folder})
            raise AssertionError("rf took a folder that is too large")
        except BootError as error:
            assert "room for 64 MiB" in str(error), error


def test_missing_disk(guest):
    """A tenant whose volume is not there is refused by name; the operator runs."""
    result = guest.boot("rfctl tenants", disks=(), timeout=60)
    assert result.status == 0 and "operator" in result.output, result.explain()
    for tenant in ("red", "blue"):
        told = f"init: tenant {tenant} refused: there is no disk blk0\n"
        assert told in result.errors and any(told.strip() in line for line in result.log), result.explain()
        assert f" {tenant} " not in result.output, result.output


def test_disk_smaller_than_its_volumes(guest):
    """`rf` refuses it; a guest that gets it all the same gives no tenant what is not there."""
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.img"
        small.write_bytes(bytes(6 << 20))
        try:
            guest.boot("true", machine=MACHINES / "crash.toml", disks=(f"virtio:{small}",))
            raise AssertionError("rf took a disk that is too small")
        except BootError as error:
            assert "need 8388608" in str(error), error
        drive = f"file={small},format=raw,snapshot=on,id=small,if=none"
        result = guest.boot(
            "rfctl tenants; rfctl exec red -- sh -c 'wc -c </dev/vda'",
            machine=MACHINES / "crash.toml",
            disks=(),
            qemu_args=["-drive", drive, "-device", "virtio-blk-pci,drive=small"],
            timeout=60,
        )
    assert result.output.endswith("4194304\n"), result.explain()
    assert " blue " not in result.output, result.output
    assert any("volume vda ends at 8 MiB, but blk0 has 6 MiB" in line for line in result.log), result.log


def test_ports_of_another_driver(guest):
    """ata_pio asks for the same ports as ata, which comes first."""
    result = guest.boot("rfctl drivers", timeout=60)
    assert any("ata_pio: refused: ports 1f0..1f7 belong to ata" in line for line in result.log), result.log
    assert "ata_pio" not in result.output, result.output


def test_driver_without_a_device(guest):
    """There is no ATA disk: its driver is called by its own name."""
    result = guest.boot("rfctl crash ata null", "rfctl crash blk1 null", timeout=60)
    assert result.statuses == [1, 1], result.explain()
    expected = "rfctl: crash: ata is absent\n"
    expected += "rfctl: no driver blk1, or several; there are: ata, blk0 (virtio_blk), console (console)\n"
    assert result.errors == expected, result.explain()


def test_crashes_that_cannot_be(guest):
    """Each is refused with its reason; then a good one, often, of two kinds."""
    commands = ["null,nonsense", ",", "null,jump", "null 100", "null 0 1", "null 100 x", "null " * 40]
    commands[-1] = commands[-1].strip().replace(" ", ",") + " 1 1"
    result = guest.boot(*(f"rfctl crash blk0 {words}" for words in commands), "rfctl crash blk0 null,jump 250 1", timeout=60)
    assert result.statuses == [1] * len(commands) + [0], result.explain()
    assert result.errors.splitlines() == [
        "rfctl: crash: no kind 'nonsense'; `rfctl crash --help` lists them",
        "rfctl: crash: no kind at all",
        "rfctl: crash: several kinds, but no time for them",
        "rfctl: crash: for how many seconds?",
        "rfctl: crash: '0' is no number of milliseconds from 1 to 60000",
        "rfctl: crash: 'x' is no number of seconds from 1 to 1000000",
        "rfctl: crash: more than 32 kinds",
    ], result.explain()
    assert re.search(r"^[1-4] crashes, [0-3] left out$", result.output, re.MULTILINE), result.explain()
