# SPDX-License-Identifier: MIT
"""What a fault does to one instruction, class by class: each takes an Instruction and a random.Random, and
gives the new bytes, as many as before, or None where the class has nothing to change.

The classes are those of the Nooks and MINIX 3 campaigns: a programmer's mistakes, as machine code shows them."""

NOP = 0x90
CONDITIONS = range(0x70, 0x80)
# What writes its register operand in the ModRM byte's middle field, rather than its other one.
WRITES_REG = bytes.fromhex("02 03 0a 0b 13 1b 22 23 2a 2b 32 33 69 6b 8a 8b 8d")
COMPARISONS = ("cmp", "cmpl", "cmpb", "cmpw", "test", "testb", "testl", "dec", "loop")
GROUPS = {0x80, 0x81, 0x83, 0xC0, 0xC1, 0xC6, 0xC7, 0xD0, 0xD1, 0xD2, 0xD3, 0xF6, 0xF7, 0xFE, 0xFF}
REGISTER_IN_OPCODE = [*range(0x40, 0x60), *range(0xB0, 0xC0)]


def _replaced(instruction, at, *values):
    code = bytearray(instruction.code)
    code[at : at + len(values)] = bytes(values)
    return bytes(code) if code != instruction.code else None


def _other(random, old, bound):
    return (old + random.randrange(1, bound)) % bound


def _immediate_plus(instruction, delta):
    size = instruction.immediate_bytes
    if size not in (1, 4) or instruction.mnemonic in ("int", "ret"):
        return None
    at = instruction.immediate
    value = int.from_bytes(instruction.code[at:], "little") + delta
    return _replaced(instruction, at, *(value % (1 << 8 * size)).to_bytes(size, "little"))


def _is_branch(instruction):
    return instruction.mnemonic.startswith("j") or instruction.mnemonic in ("call", "ret")


def _field(instruction, random, shift):
    """Another register in the ModRM byte's field at `shift`."""
    modrm = instruction.code[instruction.modrm]
    register = _other(random, modrm >> shift & 7, 8)
    return _replaced(instruction, instruction.modrm, modrm & ~(7 << shift) | register << shift)


def _writes_reg(instruction):
    number = instruction.number
    return number in range(0x0FB6, 0x0FC0) or (number < 0x100 and number in WRITES_REG)


def _operand(instruction, random, destination):
    if instruction.modrm is None:
        return None
    in_reg = _writes_reg(instruction) == destination
    if instruction.number in GROUPS or instruction.number in range(0x0F90, 0x0FA0):
        in_reg = False
    if not in_reg and instruction.uses_memory:
        return None  # that is a pointer fault
    return _field(instruction, random, 3 if in_reg else 0)


def random_instruction(instruction, random):
    return _replaced(instruction, 0, *random.randbytes(len(instruction.code)))


def register(instruction, random):
    if instruction.number in REGISTER_IN_OPCODE:
        code = instruction.code[instruction.opcode]
        return _replaced(instruction, instruction.opcode, code & ~7 | _other(random, code & 7, 8))
    if instruction.modrm is None:
        return None
    return _field(instruction, random, random.choice((0, 3)))


def source(instruction, random):
    if instruction.immediate_bytes in (1, 4) and not _is_branch(instruction):
        bit = 1 << random.randrange(8 * instruction.immediate_bytes)
        return _immediate_plus(instruction, random.choice((-bit, bit)))
    return _operand(instruction, random, destination=False)


def destination(instruction, random):
    return _operand(instruction, random, destination=True)


def loop_bound(instruction, random):
    """A comparison with another bound, or with its sides changed."""
    if instruction.mnemonic not in COMPARISONS:
        return None
    if instruction.number in range(0x38, 0x3C):
        return _replaced(instruction, instruction.opcode, instruction.number ^ 2)
    if instruction.number in (0x84, 0x85):
        return _replaced(instruction, instruction.opcode, instruction.number - 0x84 + 0x38)
    return _immediate_plus(instruction, random.choice((-2, -1, 1, 2, 16, 256)))


def branch(instruction, random):
    """A condition turned round, taken always, or taken never."""
    at, code = instruction.opcode, instruction.code
    if instruction.number in CONDITIONS:
        return random.choice(
            (
                _replaced(instruction, at, code[at] ^ 1),
                _replaced(instruction, at, 0xEB),
                _replaced(instruction, at, NOP, NOP),
            )
        )
    if 0x0F80 <= instruction.number <= 0x0F8F:
        return random.choice(
            (_replaced(instruction, at + 1, code[at + 1] ^ 1), bytes([NOP]) * len(code))
        )
    return None


def pointer(instruction, random):
    """An address computed from another register, or with another displacement."""
    if not instruction.uses_memory:
        return None
    size, base = instruction.displacement_bytes, instruction.code[instruction.modrm] & 7
    if size == 0 or (random.random() < 0.5 and base != 5):
        return _field(instruction, random, 0) if base not in (4, 5) else None
    at = instruction.displacement
    delta = random.choice((-64, -8, -4, -1, 1, 4, 8, 64))
    value = (int.from_bytes(instruction.code[at : at + size], "little") + delta) % (1 << 8 * size)
    return _replaced(instruction, at, *value.to_bytes(size, "little"))


def off_by_one(instruction, random):
    """< for <=, or a constant that is one too much or too little."""
    if instruction.number in (0x72, 0x73, 0x76, 0x77, 0x7C, 0x7D, 0x7E, 0x7F):
        other = instruction.number ^ (4 if instruction.number < 0x78 else 2)
        return _replaced(instruction, instruction.opcode, other)
    if _is_branch(instruction):
        return None
    return _immediate_plus(instruction, random.choice((-1, 1)))


def missing_initialisation(instruction, random):
    """A value that is never set: the move becomes nothing."""
    is_move = instruction.mnemonic in ("mov", "movl", "movb", "movw")
    clears = instruction.number in (0x31, 0x33) and _is_itself(instruction)
    return bytes([NOP]) * len(instruction.code) if is_move or clears else None


def _is_itself(instruction):
    modrm = instruction.code[instruction.modrm]
    return modrm >> 6 == 3 and modrm >> 3 & 7 == modrm & 7


TEXT_CLASSES = {
    "random instruction": random_instruction,
    "register": register,
    "source operand": source,
    "destination operand": destination,
    "loop bound": loop_bound,
    "branch": branch,
    "pointer": pointer,
    "off by one": off_by_one,
    "missing initialisation": missing_initialisation,
}
