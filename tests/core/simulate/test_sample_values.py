"""Values that a run makes up are values that the fields take."""

from __future__ import annotations

import pytest

from fujin_cli.core.model.procedure import Field
from fujin_cli.core.model.values import TYPES, Values
from fujin_cli.core.simulate.sample_values import sample_values
from tests.support.case_sandbox import CaseSandbox
from tests.support.yaml_trees import city

NOT_MADE_UP = ("case", "list", "survey", "duty")  # another case is opened for a case; a list has items


def made(field: Field, **more: object) -> list[object]:
    sandbox = CaseSandbox(city())
    return sample_values(field, city().organisation, "XF01", sandbox.calendar, sandbox.now, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind not in NOT_MADE_UP])
def test_a_value_of_every_type_is_read(kind: str) -> None:
    version, sandbox = city().procedures["resident-request"], CaseSandbox(city())
    field = Field("x", kind, ("one", "two") if kind == "choice" else ())
    texts = made(field)
    assert texts == made(field)  # the same each time
    Values(version, city().organisation, sandbox.calendar).read(field, texts)


def test_a_list_has_as_many_different_items_as_are_asked_for() -> None:
    field = Field("partners", "list", ("partner",), at_most="9")
    assert len(set(made(field, count=4))) == 4
    assert len(made(Field("invited", "list", ("partner",), at_least="3"))) == 3
    assert made(Field("venues", "list", ("committee",)), count=99) == []  # there are not so many


def test_what_is_taken_is_not_chosen_again() -> None:
    first = made(Field("lead", "partner"))[0]
    assert made(Field("lead", "partner"), excluded=[first])[0] != first


def test_a_day_keeps_to_its_conditions() -> None:
    sandbox = CaseSandbox(city())
    day = made(Field("meets", "moment"), conditions={"after": "2 working days"})[0]
    assert sandbox.calendar.parse_moment(str(day)) > sandbox.calendar.parse_moment("2026-06-03T17:00")
    assert made(Field("n", "count"), conditions={"at_least": "7"})[0] == "7"
