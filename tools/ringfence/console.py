# SPDX-License-Identifier: MIT
"""The host's terminal: what the guest must know of it, and the terminal as the guest's serial console
for emulators that offer a pseudo-terminal.

Raw while it lasts, so that Ctrl-C goes to the guest; Ctrl-A x ends the run, as in QEMU. QEMU serves
the terminal itself; then only its settings are kept here, in case QEMU is killed.
"""

import os
import sys
import termios
import tty

ESCAPE = b"\x01"


class Quit(Exception):
    """The user asked to end the run."""


def description():
    """Size and type of the terminal, for the guest's shell; None if there is no terminal."""
    if not sys.stdin.isatty():
        return None
    columns, rows = os.get_terminal_size(sys.stdin.fileno())
    return {"rows": rows, "columns": columns, "type": os.environ.get("TERM", "")}


class Console:
    """A context. `terminal` is the pseudo-terminal's file descriptor, None if there is none."""

    def __init__(self, terminal):
        self._terminal = terminal
        self._escaped = False
        self._saved = None
        self.inputs = [] if terminal is None else [terminal, sys.stdin.fileno()]

    def __enter__(self):
        if sys.stdin.isatty():
            self._saved = termios.tcgetattr(sys.stdin)
            if self._terminal is not None:
                tty.setraw(sys.stdin)
        return self

    def __exit__(self, *error):
        if self._saved is not None:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._saved)

    def relay(self, ready):
        """Moves bytes for those of `inputs` that are in `ready`."""
        if self._terminal in ready:
            try:
                os.write(sys.stdout.fileno(), os.read(self._terminal, 1 << 12))
            except OSError:
                self.inputs = []  # the emulator closed its side
        if sys.stdin.fileno() in ready and sys.stdin.fileno() in self.inputs:
            typed = os.read(sys.stdin.fileno(), 1 << 10)
            if not typed:
                self.inputs.remove(sys.stdin.fileno())
            os.write(self._terminal, self._without_escapes(typed))

    def _without_escapes(self, typed):
        passed = bytearray()
        for byte in typed:
            if self._escaped and byte in b"xX":
                raise Quit
            if self._escaped or byte != ESCAPE[0]:
                passed.append(byte)
            self._escaped = byte == ESCAPE[0] and not self._escaped
        return bytes(passed)
