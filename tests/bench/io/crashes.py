# SPDX-License-Identifier: MIT
"""The disk's driver is crashed ten times a second, under a program that checks every byte it reads and writes; a neighbour
goes on reading."""

SECONDS, EVERY = 60, 100  # EVERY: milliseconds
PARTS = 3  # the neighbour's latencies are measured in so many parts of it: one may meet a busy host
KINDS = "null,wild-write,jump,divide,privileged,bad-completion"
NEIGHBOUR_RATE = 100
WORKERS = 3  # of tests/faults/workload

# The seeded disk is as large as what is described of it.
DISK = """
[device.blk0]
read = "500us"
latency = "500us"
[volume.red]
device = "blk0"
offset = "0MiB"
size = "64MiB"
[volume.blue]
device = "blk0"
offset = "64MiB"
size = "64MiB"
"""

SCRIPT = """
rfctl create writer image=load memory=16MiB cpu.reservation=30 disk.device=blk0 disk.size=64MiB >/dev/null &&
rfctl create neighbour image=load memory=16MiB cpu.reservation=30 disk.device=blk0 disk.size=64MiB \\
    disk.offset=64MiB disk.reservation=200 >/dev/null || exit 1
rfctl exec writer -- /workload w >/tmp/writer 2>&1 & writer=$!
for part in $(seq {parts}); do
    echo '### neighbour 0 crashes r'
    rfctl exec neighbour -- /load /dev/vda r 4096 1 {part_seconds} {rate} 0 100 1
done >/tmp/neighbour & neighbour=$!
sleep 1
[ {crashes} = 0 ] || rfctl crash blk0 {kinds} {every} $(({seconds} - 2)) >/dev/null
wait $neighbour
rfctl exec writer -- /busybox touch /stop
wait $writer
cat /tmp/neighbour
echo '### writer'; cat /tmp/writer
echo '### json'; rfctl drivers --json; rfctl tenants --json
"""


def script(crashes, seconds=SECONDS):
    return SCRIPT.format(
        seconds=seconds, parts=PARTS, part_seconds=seconds // PARTS, rate=NEIGHBOUR_RATE, crashes=int(crashes), kinds=KINDS,
        every=EVERY,
    )
