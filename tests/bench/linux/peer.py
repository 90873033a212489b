# SPDX-License-Identifier: MIT
"""Linux with control groups, on the same emulator and with the same programs: Debian's i686 kernel and an
initramfs made here. `Skip` where there is no kernel and none to be had."""

import re
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

from lib import Skip
from ringfence import BUILD

HERE = Path(__file__).parent
FOLDER = BUILD / "linux"
BUSYBOX = BUILD / "third-party" / "busybox" / "busybox"
VIRTIO = ["drivers/virtio/" + name for name in
          ("virtio", "virtio_ring", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci")]
VIRTIO += ["drivers/block/virtio_blk"]
APPLETS = "sh mount insmod mkdir cat echo cut sleep sed poweroff ip unshare nsenter kill".split()
FOLDERS = "bin dev proc sys tmp modules".split()
OPTIONS = "console=ttyS0 quiet mitigations=off nokaslr norandmaps random.trust_cpu=on panic=-1 no_timer_check"
COUNTED = ["-icount", "shift=0,sleep=off"]
FETCH_TIMEOUT = 300
REGULAR, DIRECTORY, LINK = 0o100755, 0o040755, 0o120777

fetching = threading.Lock()


@dataclass(frozen=True)
class Peer:
    """What is booted: process 1 sources /row.sh, which is the script of a run."""

    init: Path
    programs: list  # host paths; each lies in /
    qemu: list = field(default_factory=list)  # its disks and cards
    modules: list = field(default_factory=lambda: VIRTIO)
    timeout: int = 590

    def boot(self, script):
        """What the machine said on its serial line while it ran `script`."""
        image = kernel()
        with tempfile.TemporaryDirectory(prefix="ringfence-peer-") as folder:
            initrd, serial = Path(folder) / "initrd", Path(folder) / "serial.txt"
            initrd.write_bytes(self.initramfs(script))
            command = ["qemu-system-i386", "-nodefaults", "-no-reboot", "-display", "none", "-M", "pc"]
            command += ["-cpu", "max", "-m", "192", "-accel", "tcg"]
            command += ["-kernel", str(image), "-initrd", str(initrd), "-append", OPTIONS]
            command += ["-serial", f"file:{serial}", *self.qemu]
            try:
                subprocess.run(command, timeout=self.timeout, stdin=subprocess.DEVNULL)
            except subprocess.TimeoutExpired:
                pass  # what it said is looked at all the same
            return serial.read_text(errors="replace").replace("\r", "")

    def initramfs(self, script):
        parts = [entry(name, DIRECTORY) for name in FOLDERS]
        parts += [entry("bin/busybox", REGULAR, BUSYBOX.read_bytes())]
        parts += [entry(f"bin/{name}", LINK, b"busybox") for name in APPLETS]
        for number, module in enumerate(in_order(self.modules)):
            parts.append(entry(f"modules/{number:02}-{Path(module).name}.ko", REGULAR, content_of(module)))
        parts += [entry(program.name, REGULAR, program.read_bytes()) for program in self.programs]
        parts.append(entry("init", REGULAR, self.init.read_bytes()))
        parts.append(entry("row.sh", REGULAR, script.encode()))
        return b"".join(parts) + entry("TRAILER!!!", 0)


def content_of(module):
    return (FOLDER / "modules" / f"{module}.ko").read_bytes()


def needs(module):
    """The names of the modules that it says it depends on; which those are changes from one kernel to the next."""
    names = re.search(rb"\0depends=([^\0]*)\0", content_of(module))[1].decode()
    return [name.replace("-", "_") for name in names.split(",") if name]


def in_order(modules):
    """The modules, each after those that it needs."""
    by_name = {Path(module).name.replace("-", "_"): module for module in modules}
    order = {}

    def load(name):
        if name in order:
            return
        for needed in needs(by_name[name]):
            load(needed)
        order[name] = by_name[name]

    for name in by_name:
        load(name)
    return list(order.values())


def kernel():
    with fetching:
        if not (FOLDER / "vmlinuz").exists():
            fetched = subprocess.run([HERE / "fetch-linux", FOLDER], timeout=FETCH_TIMEOUT)
            if fetched.returncode:
                raise Skip("Debian's i686 kernel cannot be fetched")
    return FOLDER / "vmlinuz"


def entry(name, mode, content=b""):
    """A member of a cpio archive, "newc"."""
    numbers = [0, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
    head = b"070701" + b"".join(b"%08X" % number for number in numbers) + name.encode() + b"\0"
    return head + b"\0" * (-len(head) % 4) + content + b"\0" * (-len(content) % 4)
