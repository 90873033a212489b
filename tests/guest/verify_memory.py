# SPDX-License-Identifier: MIT
"""Memory for the sums of verify=on that is less than the disks need is said; one that cannot be had is refused."""

from lib import cases

SIZES = {"fits": 1000 << 20, "does not fit": 2000 << 20}
SAID = "verify: blk0 makes 2000 MiB of disks, with checksums for the 1020 MiB that are written first"


@cases(*SIZES)
def test_a_disk_that(guest, case):
    disk = f"driver=null-co,node-name=null0,size={SIZES[case]},read-zeroes=on"
    arguments = ["-blockdev", disk, "-device", "virtio-blk-pci,drive=null0"]
    result = guest.boot("true", options="verify=on", disks=(), qemu_args=arguments)
    assert result.statuses == [0], result.explain()
    assert any(line.endswith(SAID) for line in result.log) == (case == "does not fit"), result.explain()


@cases("verify_memory=0", "verify_memory=33", "verify_copies=33")
def test_refused(guest, option):
    result = guest.boot("true", options=f"verify=on {option}", timeout=30)
    assert result.status == 70 and not result.statuses, result.explain()
    assert f"{option} refused: it may be from" in "\n".join(result.panic), result.explain()
