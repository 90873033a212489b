# SPDX-License-Identifier: MIT
"""Which disks `--disk` may ask for: the guest numbers them by kind, so their order is not free."""

import tempfile

from lib import cases
from ringfence.boot import BootError, parse_disks
from ringfence.description import check

MACHINE = check("m.toml", "", images=["operator"])
ACCEPTED = {
    "none": ([], "qemu", []),
    "virtio by default": (["", ""], "qemu", ["virtio", "virtio"]),
    "ata first": (["ata:", "virtio:"], "qemu", ["ata", "virtio"]),
    "ata by default": ([""], "bochs", ["ata"]),
}
REFUSED = {
    "virtio first": (["", "ata:"], "qemu", "give the ata: disk first"),
    "two ata": (["ata:", "ata:"], "qemu", "only one ATA disk"),
    "two on Bochs": (["", ""], "bochs", "only one ATA disk"),
    "virtio on Bochs": (["virtio:"], "bochs", "Bochs has no virtio disks"),
}


def parse(texts, emulator):
    """With a small disk behind each text."""
    with tempfile.NamedTemporaryFile() as file:
        return parse_disks([text + file.name for text in texts], MACHINE, emulator)


@cases(*ACCEPTED)
def test_accepted(case):
    texts, emulator, interfaces = ACCEPTED[case]
    assert [disk.interface for disk in parse(texts, emulator)] == interfaces


@cases(*REFUSED)
def test_refused(case):
    texts, emulator, words = REFUSED[case]
    try:
        parse(texts, emulator)
    except BootError as error:
        assert words in str(error), error
        return
    raise AssertionError("accepted")
