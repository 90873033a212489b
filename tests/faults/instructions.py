# SPDX-License-Identifier: MIT
"""The instructions of an i386 program: where each begins, by objdump, and where its fields lie in it.

    prefixes │ opcode (1 or 2 bytes) │ ModRM │ SIB │ displacement │ immediate

Only what 32-bit code without FPU and SSE has; the immediate is what is left (Intel SDM 2, 2.1)."""

import re
import subprocess
from dataclasses import dataclass

PREFIXES = bytes.fromhex("f0 f2 f3 26 2e 36 3e 64 65 66 67")
NO_MODRM_2 = bytes.fromhex("05 06 08 09 0b 30 31 32 33 34 35 a0 a1 a2 a8 a9 aa")  # behind 0F


@dataclass(frozen=True)
class Instruction:
    address: int
    code: bytes
    text: str
    opcode: int  # offset in code, as the next ones; two bytes if the first is 0F
    modrm: int | None
    displacement: int
    displacement_bytes: int
    immediate: int

    @property
    def is_two_byte(self):
        return self.code[self.opcode] == 0x0F

    @property
    def number(self):
        """The opcode as the manual's tables name it: 0x89, 0x0FB6."""
        code = self.code[self.opcode]
        return 0x0F00 | self.code[self.opcode + 1] if self.is_two_byte else code

    @property
    def immediate_bytes(self):
        return len(self.code) - self.immediate

    @property
    def mnemonic(self):
        return self.text.split()[0]

    @property
    def uses_memory(self):
        return self.modrm is not None and self.code[self.modrm] >> 6 != 3


def _has_modrm(number):
    if number > 0xFF:
        low = number & 0xFF
        return not (low in NO_MODRM_2 or 0x80 <= low <= 0x8F or 0xC8 <= low <= 0xCF)
    if number < 0x40:
        return number & 7 < 4
    return (
        0x62 <= number <= 0x63
        or number in (0x69, 0x6B, 0xC0, 0xC1, 0xC4, 0xC5, 0xC6, 0xC7, 0xF6, 0xF7, 0xFE, 0xFF)
        or 0x80 <= number <= 0x8F
        or 0xD0 <= number <= 0xD3
        or 0xD8 <= number <= 0xDF
    )


def _displacement_bytes(modrm, sib):
    mode, rm = modrm >> 6, modrm & 7
    if mode == 1:
        return 1
    if mode == 2 or (mode == 0 and rm == 5) or (mode == 0 and rm == 4 and sib & 7 == 5):
        return 4
    return 0


def parse(address, code, text):
    opcode = 0
    while code[opcode] in PREFIXES and opcode + 1 < len(code):
        opcode += 1
    two = code[opcode] == 0x0F
    number = 0x0F00 | code[opcode + 1] if two else code[opcode]
    at = opcode + (2 if two else 1)
    if not _has_modrm(number):
        return Instruction(address, code, text, opcode, None, at, 0, at)
    modrm = at
    has_sib = code[modrm] >> 6 != 3 and code[modrm] & 7 == 4
    sib = code[modrm + 1] if has_sib else 0
    displacement = modrm + 1 + has_sib
    size = _displacement_bytes(code[modrm], sib)
    return Instruction(address, code, text, opcode, modrm, displacement, size, displacement + size)


def symbols(elf):
    """Addresses by name."""
    listing = subprocess.run(["nm", elf], check=True, capture_output=True, text=True).stdout
    lines = [line.split() for line in listing.splitlines() if line[0] != " "]
    return {name: int(address, 16) for address, _, name in lines}


def disassemble(elf):
    """All instructions of the program's code, in order."""
    listing = subprocess.run(
        ["objdump", "-d", "--wide", "--insn-width=16", elf], check=True, capture_output=True, text=True
    ).stdout
    found = []
    for line in listing.splitlines():
        match = re.match(r"\s*([0-9a-f]+):\t((?:[0-9a-f]{2} )+)\s*(?:\t(.*))?$", line)
        if match and match[3] and "(bad)" not in match[3]:
            found.append(parse(int(match[1], 16), bytes.fromhex(match[2]), match[3]))
    return found
