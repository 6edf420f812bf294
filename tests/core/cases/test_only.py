"""The engine refuses what a guarantee of ``only`` does not allow, also where validation was passed over."""

from __future__ import annotations

import pytest

from fujin_cli.core.findings.refusals import NOT_ENTITLED, Refusal
from tests.support.small_town import procedure, sandbox

STEPS = """
opened: {by: [clerk, inspector]}
steps:
  one: {owner: clerk, ladder: [{at: deadline, raise: street}], within: 1 working hour,
        actions: {go: {to: two, by: [clerk, inspector]}}}
  two: {end: done}
"""


def test_a_name_outside_is_refused_and_the_refusal_names_who_could() -> None:
    on = sandbox(procedure(STEPS + "guarantees: {who: {only: {go: inspector}}}"))
    case = on.open("loop", "clerk-1")
    refusal = on.refused(case, "go", "clerk-1")
    assert refusal.code == NOT_ENTITLED
    assert "clerk-1" not in refusal.who and "inspector-1" in refusal.who
    on.do(case, "go", "inspector-1")


def test_a_raised_level_outside_is_refused() -> None:
    inside = sandbox(procedure(STEPS + "guarantees: {who: {only: {go: [inspector, street]}}}"))
    outside = sandbox(procedure(STEPS + "guarantees: {who: {only: {go: inspector}}}"))
    for on, refused in ((inside, False), (outside, True)):
        case = on.open("loop", "clerk-1")
        on.later(hours=5)
        on.tick()
        if refused:
            assert on.refused(case, "go", "street-1").code == NOT_ENTITLED
        else:
            on.do(case, "go", "street-1")


def test_an_opening_by_another_name_is_refused() -> None:
    on = sandbox(procedure(STEPS + "guarantees: {who: {only: {opened: inspector}}}"))
    with pytest.raises(Refusal) as caught:
        on.open("loop", "clerk-1")
    assert caught.value.code == NOT_ENTITLED
    assert on.open("loop", "inspector-1")
