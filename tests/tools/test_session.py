# SPDX-License-Identifier: MIT
"""How a run is judged, with a program in the emulator's place that writes a given stream."""

import subprocess
import tempfile
from pathlib import Path

from ringfence import session
from ringfence.boot import Boot
from ringfence.frames import LOG, OUTPUT, PANIC, POWER_OFF, STATUS, Frame, encode


def status(number):
    return Frame(STATUS, number.to_bytes(4, "little"))


class Stream:
    """An emulator that writes the frames and then ends, or stays until it is killed."""

    def __init__(self, frames, stays, code):
        self._data = b"".join(encode(frame) for frame in frames)
        self._end = "exec sleep 60" if stays else f"exit {code}"

    def start(self, boot, port):
        (boot.directory / "stream").write_bytes(self._data)
        script = f"cat {boot.directory}/stream; {self._end}"
        return subprocess.Popen(["sh", "-c", script], stdout=port, start_new_session=True)


def judge(*frames, commands=1, stays=False, code=0, timeout=20):
    with tempfile.TemporaryDirectory() as folder:
        boot = Boot(machine=None, directory=Path(folder), commands=["true"] * commands)
        run = session.Session(boot, Stream(frames, stays, code), timeout)
        return run.run()


def test_status_of_the_last_command():
    outcome = judge(Frame(OUTPUT, b"hi"), status(1), status(3), Frame(POWER_OFF, b""), commands=2)
    assert (outcome.status, outcome.statuses, bytes(outcome.output)) == (3, [1, 3], b"hi")


def test_power_off_before_every_command_ended_is_a_death():
    assert judge(status(0), Frame(POWER_OFF, b""), commands=2).status == session.STATUS_DIED


def test_end_without_power_off_is_a_death():
    assert judge(status(0)).status == session.STATUS_DIED
    assert judge().status == session.STATUS_NOT_STARTED


def test_panic_is_a_death_even_if_the_emulator_stays():
    outcome = judge(Frame(LOG, b"last words"), Frame(PANIC, b"panic: so\n  at here"), stays=True)
    assert outcome.status == session.STATUS_DIED
    assert outcome.last_lines == ["last words", "panic: so", "  at here"]
    assert outcome.seconds < 10


def test_power_off_counts_even_if_the_emulator_stays():
    assert judge(status(0), Frame(POWER_OFF, b""), stays=True).status == 0


def test_silence_runs_into_the_time_limit():
    assert judge(Frame(LOG, b"line"), stays=True, timeout=1).status == session.STATUS_TIMEOUT


def test_leaving_the_prompt_is_no_death():
    outcome = judge(Frame(LOG, b"line"), commands=0)
    assert outcome.status == 0 and not outcome.died


def test_prompt_that_ends_otherwise_is_a_death():
    assert judge(Frame(LOG, b"line"), commands=0, code=1).status == session.STATUS_DIED
    assert judge(Frame(PANIC, b"panic: so"), commands=0).status == session.STATUS_DIED
