# SPDX-License-Identifier: MIT
"""The host's side of the guest's serial console: a terminal, or a script.

A terminal is raw while the run lasts, so that Ctrl-C goes to the guest; Ctrl-A x ends the run, as in QEMU. QEMU serves
the terminal itself; then only its settings are kept here, in case QEMU is killed.

Standard input that is no terminal is typed as a person would, for a UART has no way to say that it is too fast: from the
first prompt on, each line at a prompt, or when nothing has been shown for a while, in pieces of which two fit into the UART.
Where it ends the machine is powered off.

    at a line's start ──prompt, or PATIENCE──> a piece is typed ──echo, or PATIENCE──> the next one … ──end of line──┐
          ^───────────────────────────────────────────────────────────────────────────────────────────────────────────┘
"""

import os
import select
import sys
import termios
import time
import tty

ESCAPE = b"\x01"
PROMPT = b":~# "  # of the operator's shell
FAREWELL = b"\nrfctl poweroff\n"
PATIENCE = 0.5  # seconds
PIECE = 8  # bytes; a UART holds 16


class Quit(Exception):
    """The user asked to end the run."""


def is_terminal():
    return sys.stdin is not None and sys.stdin.isatty()


def description():
    """Size and type of the terminal, for the guest's shell; None if there is no terminal."""
    if not is_terminal():
        return None
    columns, rows = os.get_terminal_size(sys.stdin.fileno())
    return {"rows": rows, "columns": columns, "type": os.environ.get("TERM", "")}


class Console:
    """A context. `terminal` is a file descriptor that leads to the guest, None if the emulator has the host's terminal."""

    def __init__(self, terminal):
        self._terminal = terminal
        self._escaped = False
        self._saved = None
        self._input = None if terminal is None or sys.stdin is None else sys.stdin.fileno()
        self._shown = b""
        self._in_line = False  # the end of a line is to be typed yet
        self._prompted = self._echoed = False  # since the last piece
        self._answered = 0.0  # when something was typed or shown last; 0: nothing was yet
        self._held = b""  # what the guest has not taken yet

    def __enter__(self):
        if is_terminal():
            self._saved = termios.tcgetattr(sys.stdin)
            if self._terminal is not None:
                tty.setraw(sys.stdin)
        if self._terminal is not None:
            os.set_blocking(self._terminal, False)
        return self

    def __exit__(self, *error):
        while self._terminal is not None and select.select([self._terminal], [], [], 0)[0]:
            self._show()
        if self._saved is not None:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._saved)

    @property
    def patience(self):
        """Seconds after which to call relay() though nothing is ready; None if there is no need to."""
        return PATIENCE if self._held else None

    @property
    def inputs(self):
        """What to wait for: nothing more is read from the host while the guest has not taken what was."""
        wanted = [self._terminal, None if self._held else self._input]
        return [one for one in wanted if one is not None]

    def relay(self, ready):
        """Moves bytes for those of `inputs` that are in `ready`."""
        if self._terminal is not None and self._terminal in ready:
            self._show()
        if self._input is not None and self._input in ready:
            self._held += self._read()
        if self._held and self._terminal is not None and self._may_type():
            self._type()

    def _show(self):
        try:
            shown = os.read(self._terminal, 1 << 12)
        except BlockingIOError:
            return
        except OSError:
            shown = b""
        if not shown:  # the emulator closed its side
            self._terminal = self._input = None
            return
        os.write(sys.stdout.fileno(), shown)
        self._echoed = True
        self._shown = (self._shown + shown)[-len(shown) - len(PROMPT) :]
        if PROMPT in self._shown:
            self._prompted = True
        if self._prompted or self._answered:
            self._answered = time.monotonic()

    def _read(self):
        typed = os.read(self._input, 1 << 10)
        if typed:
            return self._without_escapes(typed) if is_terminal() else typed
        self._input = None
        return b"" if is_terminal() else FAREWELL

    def _may_type(self):
        if is_terminal() or self._prompted or (self._in_line and self._echoed):
            return True
        return self._answered and time.monotonic() - self._answered >= PATIENCE

    def _type(self):
        end = len(self._held) if is_terminal() else min(PIECE, self._held.find(b"\n") + 1 or PIECE)
        try:
            written = os.write(self._terminal, self._held[:end])
        except BlockingIOError:
            return  # the guest takes more when it has shown something
        self._in_line = not self._held[:written].endswith(b"\n")
        self._held = self._held[written:]
        self._prompted = self._echoed = False
        self._shown, self._answered = b"", time.monotonic()

    def _without_escapes(self, typed):
        passed = bytearray()
        for byte in typed:
            if self._escaped and byte in b"xX":
                raise Quit
            if self._escaped or byte != ESCAPE[0]:
                passed.append(byte)
            self._escaped = byte == ESCAPE[0] and not self._escaped
        return bytes(passed)
