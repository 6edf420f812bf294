"""What a form asks for an action, and which values suit the case."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from fujin_cli.core.model.procedure import Input, Procedure
from fujin_cli.core.model.questions import Question, Surroundings, list_action_questions, list_opening_questions
from fujin_cli.core.model.workspace import Workspace
from fujin_cli.core.text.localized import localize_value
from tests.support.town_hall import sample_workspace


@lru_cache(maxsize=1)
def town() -> Workspace:
    return sample_workspace()


def request() -> Procedure:
    return town().procedures["request"]


NOWHERE = Surroundings()


def asked(step: str, action: str, surroundings: Surroundings = NOWHERE) -> list[Question]:
    version = request()
    declared = version.steps[step].actions.get(action) or version.anytime[action]
    return list_action_questions(version, town().organisation, declared, surroundings)


def names(questions: list[Question]) -> list[tuple[str, bool]]:
    return [(question.field.name, question.required) for question in questions]


def test_what_is_needed_comes_before_what_may_be_entered() -> None:
    for step in request().steps.values():
        for action in step.actions.values():
            flags = [required for _name, required in names(asked(step.name, action.name))]
            assert flags == sorted(flags, reverse=True)
            assert flags.count(True) >= len(action.needs)


def test_a_pause_asks_for_its_end() -> None:
    (step, action) = next(
        (step.name, action.name)
        for step in request().steps.values()
        for action in request().anytime.values()
        if action.stops_clock_until
    )
    until = request().anytime[action].stops_clock_until
    assert (until, True) in names(asked(step, action))


def test_partners_that_do_not_suit_come_last_and_say_why() -> None:
    organisation = town().organisation
    questions = [
        question
        for step in request().steps.values()
        for action in step.actions
        for question in asked(step.name, action, Surroundings("C1", {"topic": next(iter(organisation.topics))}))
        if question.field.item_type == "partner"
    ]
    assert questions
    for question in questions:
        doubts = [choice.doubt for choice in question.choices or ()]
        assert doubts == sorted(doubts, key=lambda doubt: doubt is not None)
        for choice in question.choices or ():
            can = organisation.partners[choice.value].get("can") or ()
            if next(iter(organisation.topics)) not in can:
                assert "does not declare" in str(choice.doubt)


def test_choices_have_titles() -> None:
    questions = list_opening_questions(request(), town().organisation)
    for question in questions:
        if question.field.type in ("choice", "topic", "yes_no"):
            assert question.choices
            assert all(localize_value(choice.title) for choice in question.choices)
        if question.field.type == "text":
            assert question.choices is None
    assert names(questions)[0][1] is True


def test_a_correction_shows_what_stands_there_now() -> None:
    pause = next(action for action in request().anytime.values() if action.stops_clock_until)
    action = replace(pause, needs=(), may=(), stops_clock_until=None, amends=(Input("summary"),))
    surroundings = Surroundings("C1", {"summary": "路灯不亮"})
    (question,) = list_action_questions(request(), town().organisation, action, surroundings)
    assert (question.field.name, question.required, question.present) == ("summary", False, ("路灯不亮",))
