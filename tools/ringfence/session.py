# SPDX-License-Identifier: MIT
"""One run of a guest: starts the emulator, follows its debug port, and judges how it ended.

    running ──X──> powering off ──emulator ends──> done
       ├──P──> dying: a moment for the rest of the panic, then killed
       ├──time limit──> killed
       └──emulator ends──> died; of an interactive run with exit code 0: left

The emulator's own exit code says nothing reliable (QEMU returns 0 after a triple fault), so only
what the guest wrote counts. The exception is an interactive run, which its user ends in the emulator
(Ctrl-A x) without the guest's knowledge.
"""

import os
import select
import subprocess
import time
from collections import deque
from dataclasses import dataclass, field

from . import bochs, frames, qemu
from .console import Console

EMULATORS = {"qemu": qemu, "bochs": bochs}  # each with start(boot, port), which gives a process
STATUS_TIMEOUT = 124
STATUS_DIED = 70
STATUS_NOT_STARTED = 2
LAST_LINES = 20
GRACE_SECONDS = 2.0


@dataclass
class Outcome:
    output: bytearray = field(default_factory=bytearray)  # of the commands
    error_output: bytearray = field(default_factory=bytearray)
    statuses: list = field(default_factory=list)  # of the commands, in order
    log: list = field(default_factory=list)  # the core's lines
    tests: list = field(default_factory=list)  # "PASS|name|detail" or "FAIL|name|detail"
    marks: list = field(default_factory=list)  # (number, seconds since start)
    panic: list = field(default_factory=list)
    serial: str = ""
    powered_off: bool = False
    timed_out: bool = False
    began: bool = False  # anything came out of the guest
    left: bool = False  # the user ended the emulator of an interactive run
    seconds: float = 0.0
    commands: int = 0

    @property
    def died(self):
        """Ended by itself without finishing what it was asked."""
        if self.timed_out or self.left:
            return False
        return bool(self.panic) or not self.powered_off or len(self.statuses) < self.commands

    @property
    def status(self):
        """What `rf run` exits with."""
        if self.timed_out:
            return STATUS_TIMEOUT
        if self.died:
            return STATUS_DIED if self.began else STATUS_NOT_STARTED
        return self.statuses[-1] & 0xFF if self.statuses else 0

    @property
    def last_lines(self):
        return list(deque(self.log, LAST_LINES)) + self.panic


class Session:
    """Runs one prepared Boot. `on_frame` sees each frame as it arrives."""

    def __init__(self, boot, emulator=qemu, timeout=None, on_frame=lambda frame: None):
        self._boot = boot
        self._emulator = emulator
        self._timeout = timeout
        self._on_frame = on_frame
        self._started = time.monotonic()
        self._deadline = self._started + timeout if timeout else None
        self.outcome = Outcome(commands=len(boot.commands))

    def run(self):
        reader, writer = os.pipe()
        try:
            process = self._emulator.start(self._boot, writer)
        finally:
            os.close(writer)
        try:
            self._follow(reader, getattr(process, "terminal", None))
            self.outcome.left = self._was_left(process)
        finally:
            process.kill()
            process.wait()
            os.close(reader)
        self.outcome.seconds = time.monotonic() - self._started
        if self._boot.serial_log.exists():
            self.outcome.serial = self._boot.serial_log.read_text(errors="replace")
        return self.outcome

    def _follow(self, reader, terminal):
        parser = frames.FrameParser()
        with Console(terminal) as console:
            while True:
                ready = self._wait([reader, *console.inputs], console.patience)
                if ready is None:
                    self.outcome.timed_out = not self._ending
                    return
                console.relay(ready)
                if reader in ready:
                    data = os.read(reader, 1 << 16)
                    if not data:
                        return
                    for frame in parser.feed(data):
                        self._take(frame)

    def _was_left(self, process):
        if not self._boot.interactive or self.outcome.timed_out or self._ending:
            return False
        try:
            return process.wait(GRACE_SECONDS) == 0
        except subprocess.TimeoutExpired:
            return False

    def _wait(self, inputs, patience):
        """Those of `inputs` that can be read, after `patience` even if there are none; None once the time is up."""
        while self._deadline is None or time.monotonic() < self._deadline:
            left = None if self._deadline is None else self._deadline - time.monotonic()
            limits = [limit for limit in (left, patience) if limit is not None]
            ready = select.select(inputs, [], [], max(0, min(limits)) if limits else None)[0]
            if ready or patience is not None:
                return ready
        return None

    @property
    def _ending(self):
        return self.outcome.powered_off or bool(self.outcome.panic)

    def _end_soon(self):
        grace = time.monotonic() + GRACE_SECONDS
        self._deadline = min(self._deadline or grace, grace)

    def _take(self, frame):
        outcome = self.outcome
        outcome.began = True
        match frame.type:
            case frames.OUTPUT:
                outcome.output += frame.payload
            case frames.ERROR_OUTPUT:
                outcome.error_output += frame.payload
            case frames.STATUS:
                outcome.statuses.append(frame.number)
            case frames.LOG:
                outcome.log.append(frame.text.rstrip("\n"))
            case frames.TEST:
                outcome.tests.append(frame.text)
            case frames.MARK:
                outcome.marks.append((frame.number, time.monotonic() - self._started))
            case frames.PANIC:
                outcome.panic += frame.text.splitlines()
                self._end_soon()
            case frames.POWER_OFF:
                outcome.powered_off = True
                self._end_soon()
        self._on_frame(frame)
