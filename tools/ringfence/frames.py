# SPDX-License-Identifier: MIT
"""The debug port's framing: what the core writes to port 0xE9, read back as frames.

    0xF5  type  length (16 bits, little endian)  payload …  checksum
          └──────────────── summed modulo 256 ─────────┘

Emulators mix text of their own into the stream, and a dying guest stops in the middle of a frame.
So the parser trusts nothing before the checksum fits: a start byte that leads to no valid frame is
skipped alone, and the search goes on at the very next byte.
"""

from dataclasses import dataclass

START = 0xF5
LONGEST_PAYLOAD = 4096
HEADER_SIZE = 4

LOG = "L"
OUTPUT = "O"
ERROR_OUTPUT = "E"
STATUS = "S"
PANIC = "P"
TEST = "T"
MARK = "M"
POWER_OFF = "X"
TYPES = (LOG, OUTPUT, ERROR_OUTPUT, STATUS, PANIC, TEST, MARK, POWER_OFF)


@dataclass(frozen=True)
class Frame:
    type: str
    payload: bytes

    @property
    def text(self):
        return self.payload.decode("utf-8", "replace")

    @property
    def number(self):
        return int.from_bytes(self.payload[:4], "little")


def encode(frame):
    """The bytes that the core writes for `frame`."""
    body = frame.type.encode() + len(frame.payload).to_bytes(2, "little") + frame.payload
    return bytes([START]) + body + bytes([sum(body) % 256])


class FrameParser:
    """Takes the stream in pieces of any size and yields each frame once it is complete."""

    def __init__(self):
        self._pending = bytearray()
        self.skipped = 0

    def feed(self, data):
        self._pending += data
        while True:
            self._skip(self._garbage_length())
            if len(self._pending) < HEADER_SIZE:
                return
            length = int.from_bytes(self._pending[2:4], "little")
            if chr(self._pending[1]) not in TYPES or length > LONGEST_PAYLOAD:
                self._skip(1)
                continue
            end = HEADER_SIZE + length
            if len(self._pending) <= end:
                return
            if sum(self._pending[1:end]) % 256 != self._pending[end]:
                self._skip(1)
                continue
            frame = Frame(chr(self._pending[1]), bytes(self._pending[HEADER_SIZE:end]))
            del self._pending[: end + 1]
            yield frame

    def _garbage_length(self):
        start = self._pending.find(START)
        return len(self._pending) if start < 0 else start

    def _skip(self, count):
        self.skipped += count
        del self._pending[:count]
