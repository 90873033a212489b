# SPDX-License-Identifier: MIT
"""The two disks, as QEMU makes them: 2,000 requests a second each, whatever their size."""

from dataclasses import dataclass

from bench.linux.peer import VIRTIO

SIZE = 1 << 30
CAPACITY = 2000
ATA = ["crypto/crct10dif_common", "crypto/crct10dif_generic", "lib/crc-t10dif", "lib/crc64", "crypto/crc64_rocksoft_generic",
       "lib/crc64-rocksoft", "block/t10-pi", "drivers/scsi/scsi_common", "drivers/scsi/scsi_mod", "drivers/ata/libata",
       "drivers/ata/ata_piix", "drivers/scsi/sd_mod"]


@dataclass(frozen=True)
class Disk:
    story: str
    qemu: list
    linux_modules: list


DISKS = {
    "throttled": Disk(
        "2,000 requests a second, by QEMU's throttle, which lets bursts of 100 ms go at once",
        ["-drive", f"file=null-co://,file.size={SIZE},file.read-zeroes=on,format=raw,if=none,id=disk,throttling.iops-total={CAPACITY}",
         "-device", "virtio-blk-pci,drive=disk"],
        VIRTIO,
    ),
    "serial": Disk(
        "500 us a request, one at a time (ATA), and no bursts",
        ["-blockdev", f"null-co,node-name=null,size={SIZE},read-zeroes=on,latency-ns=500000", "-device", "ide-hd,drive=null,bus=ide.0,unit=0"],
        ATA,
    ),
}
