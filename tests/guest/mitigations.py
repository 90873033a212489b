# SPDX-License-Identifier: MIT
"""What a CPU offers against speculation is used at each change of the domain, and never between.

No emulator here has predictors, so this shows that the instructions are executed, not that they help: the
core says `unverified`, and so do we. QEMU's TCG offers nothing; Bochs' Ice Lake has IBPB, and its Tiger
Lake VERW as well."""

import json

from lib import cases

STATS = "rfctl stats --json"
# Some 40,000 system calls, and a timer interrupt every few milliseconds, in one tenant.
BUSY = "rfctl exec red -- dd if=/dev/zero of=/dev/null bs=1 count=20000 2>/dev/null"
# A tenant and a driver take turns: a request is in flight at a time.
TURNS = "rfctl exec red -- dd if=/dev/vda of=/dev/null bs=4k count=100 iflag=direct 2>/dev/null"

OFFERED = {
    "corei7_icelake_u": "IBPB on domain switch, enhanced IBRS, STIBP (unverified: ",
    "tigerlake": "IBPB on domain switch, VERW on domain switch, enhanced IBRS, STIBP (unverified: ",
    "ryzen": "none (this CPU offers none)",
}


def states(guest, *commands, **arguments):
    """`rfctl stats --json` before the commands and after each of them."""
    script = "; ".join([STATS, *(f"{command}; {STATS}" for command in commands)])
    output = guest.run(script, timeout=100, **arguments).strip()
    decoder, found = json.JSONDecoder(), []
    while output:
        state, end = decoder.raw_decode(output)
        found.append(state)
        output = output[end:].strip()
    return found


def grown(states, counter):
    return [after[counter] - before[counter] for before, after in zip(states, states[1:])]


@cases(*OFFERED)
def test_what_is_offered_is_said(guest, model):
    (state,) = states(guest, emulator="bochs", bochs_cpu=model)
    assert state["mitigations"].startswith(OFFERED[model]), state
    said = f"mitigations: {OFFERED[model]}"
    assert sum(said in line for line in guest.boots[-1].log) == 1, guest.boots[-1].explain()
    barriers = state["domain_switches"] if "IBPB" in OFFERED[model] else 0
    assert state["predictor_barriers"] == barriers and state["domain_switches"] > 0, state


def test_a_barrier_at_each_change_of_the_domain_and_none_between(guest):
    found = states(guest, BUSY, TURNS, emulator="bochs")
    busy, turns = grown(found, "domain_switches")
    assert grown(found, "predictor_barriers") == [busy, turns], found
    assert busy < 1000 and turns >= 200, found


def test_nothing_offered_nothing_done(guest):
    found = states(guest, TURNS, cpus=1)  # who has a CPU of his own takes no turns
    assert found[-1]["mitigations"] == "none (this CPU offers none)", found
    assert grown(found, "predictor_barriers") == [0] and grown(found, "domain_switches")[0] >= 200, found


def test_off_is_off(guest):
    found = states(guest, TURNS, emulator="bochs", options="mitigations=off")
    assert found[-1]["mitigations"] == "off (asked for)", found
    assert found[-1]["predictor_barriers"] == 0 and grown(found, "domain_switches")[0] >= 200, found


def test_another_word_is_refused(guest):
    result = guest.boot("true", options="mitigations=maybe", timeout=30)
    assert result.status == 70 and not result.statuses, result.explain()
    assert "mitigations=maybe refused: the choices are on, off" in "\n".join(result.panic)
