# SPDX-License-Identifier: MIT
"""The debug port's parser: whole frames out of a stream in pieces, and out of garbage."""

from ringfence.frames import ERROR_OUTPUT, LOG, OUTPUT, STATUS, Frame, FrameParser, encode

HELLO = Frame(LOG, b"hello")
BINARY = Frame(OUTPUT, bytes(range(256)) * 16)


def parse(data, step):
    parser = FrameParser()
    pieces = (data[start : start + step] for start in range(0, len(data), step))
    return [frame for piece in pieces for frame in parser.feed(piece)]


def test_any_piece_size():
    stream = encode(HELLO) + encode(BINARY) + encode(Frame(ERROR_OUTPUT, b""))
    for step in (1, 2, 3, 7, 4096, len(stream)):
        assert parse(stream, step) == [HELLO, BINARY, Frame(ERROR_OUTPUT, b"")], step


def test_garbage_between_frames():
    garbage = b"bochs says \xf5 and \xf5L\xff\xff and \xf5\xf5"
    stream = garbage + encode(HELLO) + garbage + encode(BINARY)
    assert parse(stream, 5) == [HELLO, BINARY]


def test_broken_checksum_loses_only_its_frame():
    broken = bytearray(encode(HELLO))
    broken[-1] ^= 1
    assert parse(bytes(broken) + encode(BINARY), 64) == [BINARY]


def test_frame_cut_short_by_another():
    assert parse(encode(BINARY)[:100] + encode(HELLO) * 1000, 4096)[-1] == HELLO


def test_too_long_a_payload_is_garbage():
    header = b"\xf5L" + (4097).to_bytes(2, "little")
    assert parse(header + encode(HELLO), 16) == [HELLO]


def test_numbers():
    assert Frame(STATUS, b"\x78\x56\x34\x12").number == 0x12345678
