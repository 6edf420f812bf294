"""Forms on a terminal: what is missing is asked for, shown as a dry run, and done; off a terminal nobody is asked."""

from __future__ import annotations

import signal

import pytest

from tests.bench.keystrokes import type_day
from tests.support.command_line import COORDINATOR, INSPECTOR, MONDAY, City, Finished
from tests.support.terminal import on_terminal

ADVANCE = ["case", "advance"]
AS_COORDINATOR = ["--as", COORDINATOR, "--now", MONDAY]


def step_of(city: City, case: str) -> str:
    return str(city.ask("case", "show", case, now=MONDAY)["step"])


@pytest.mark.slow
def test_an_action_is_chosen_filled_in_shown_and_done(city: City) -> None:
    case = city.open()["case"]
    code, screen = on_terminal(city, [*ADVANCE, case, *AS_COORDINATOR], typed="1\n\n")
    assert code == 0, screen
    assert "1 accept" in screen and "dry run: " in screen
    assert f"fujin case advance {case} accept --as {COORDINATOR}" in screen
    assert step_of(city, case) == "deliberating"
    typed = "dispatch\nno such partner\npolice\n<\ncity-management\n\n\n"
    code, screen = on_terminal(city, [*ADVANCE, case, *AS_COORDINATOR], typed=typed)
    assert code == 0, screen
    assert "there is no choice no such partner" in screen
    assert "warning: Police Department does not declare Sanitation" in screen
    assert "--set lead=city-management" in screen
    assert step_of(city, case) == "handling"


@pytest.mark.slow
def test_a_named_action_asks_for_what_is_missing_alone(city: City) -> None:
    case = city.open()["case"]
    city.do(case, "accept")
    code, screen = on_terminal(city, [*ADVANCE, case, "dispatch", *AS_COORDINATOR], typed="1\n\n")
    assert code == 0, screen
    assert "lead" in screen and "partners" not in screen.partition("the same as a command")[0]
    assert step_of(city, case) == "handling"


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["", "dispatch\n", "dispatch\n1\n\n"])
def test_whoever_leaves_a_form_has_changed_nothing(city: City, typed: str) -> None:
    case = city.open()["case"]
    city.do(case, "accept")
    before = city.tree("data/cache")
    form = [*ADVANCE, case, *AS_COORDINATOR]
    for leave in ({"typed": typed, "end": signal.SIGINT}, {"typed": typed + "\x04"}):
        code, screen = on_terminal(city, form, **leave)  # type: ignore[arg-type]
        assert code in (130, -signal.SIGINT) and "Traceback" not in screen
    assert city.tree("data/cache") == before


@pytest.mark.slow
def test_back_at_the_first_question_is_back_at_the_actions(city: City) -> None:
    case = city.open()["case"]
    code, screen = on_terminal(city, [*ADVANCE, case, *AS_COORDINATOR], typed="decline\n<\naccept\n\n")
    assert code == 0, screen
    assert step_of(city, case) == "deliberating"


@pytest.mark.slow
def test_what_does_not_fit_is_asked_again(city: City) -> None:
    case, _code, _orders = city.dispatched()
    typed = "pause\n\n等配件\n2026-13-45\n2026-05-03\n2026-06-03\n\n"
    pause = [*ADVANCE, case, "--as", COORDINATOR, "--now", "2026-06-01T10:00"]
    code, screen = on_terminal(city, pause, typed=typed)
    assert code == 0, screen
    assert "this has to be entered" in screen
    assert "2026-13-45" in screen and "must be in the future" in screen
    assert city.ask("case", "show", case, now="2026-06-01T10:00")["paused"]


@pytest.mark.slow
def test_a_missing_code_is_asked_for(city: City, finished: Finished) -> None:
    approve = [*ADVANCE, finished.case, "approve", "--as", INSPECTOR, "--now", "2026-06-02T11:00"]
    code, screen = on_terminal(city, approve, typed=f"{finished.code}\n\n")
    assert code == 0, screen
    assert finished.code not in screen.partition("the same as a command")[2].partition("Enter does it")[0]
    assert city.ask("case", "show", finished.case, now=MONDAY)["outcome"] == "done"


@pytest.mark.slow
def test_off_a_terminal_nobody_is_asked(city: City) -> None:
    case = city.open()["case"]
    ran = city.run(*ADVANCE, case, *AS_COORDINATOR)
    assert ran.code == 2 and "ACTION is missing" in ran.err
    assert city.run("case", "open", "--as", "p-0105", now=MONDAY).code == 2
    assert city.refusal(*ADVANCE, case, "decline", "--as", COORDINATOR, now=MONDAY)["code"] == "FJ804"


@pytest.mark.slow
def test_a_case_is_opened_from_nothing(city: City) -> None:
    typed = "居民诉求\nFuqian\n三号楼的垃圾桶满了\n样例·周某\n000-0000-0042\nsanitation\n\n\n2\n\n\n"
    code, screen = on_terminal(city, ["case", "open", "--as", "p-0105", "--now", MONDAY], typed=typed)
    assert code == 0, screen
    opened = city.history("XF01-202606a-0001")[0]["set"]
    assert (opened["summary"], opened["topic"], opened["scope"]) == ("三号楼的垃圾桶满了", "sanitation", "building")
    assert "--set reporter=@reporter.txt" in screen


def test_actions_show_their_fields(city: City) -> None:
    case = city.open()["case"]
    city.do(case, "accept")
    actions = {row["action"]: row for row in city.ask("case", "actions", case, now=MONDAY)["actions"]}
    dispatch = actions["dispatch"]
    assert (dispatch["title"], dispatch["needs"], dispatch["may"]) == ("dispatch", ["lead"], ["partners"])
    assert [(field["field"], field["type"], field["list"], field["required"]) for field in dispatch["fields"]] == [
        ("lead", "partner", False, True),
        ("partners", "partner", True, False),
    ]
    procedure = city.ask("procedure", "show", "resident-request")
    scope = procedure["fields"]["scope"]
    assert set(scope["choices"]) == set(scope["of"]) and scope["title"]
    assert "may take" in city.run("procedure", "show", "resident-request").out


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_request_takes_two_fifths_fewer_keys_than_in_full(language: str) -> None:
    """From opening to acceptance on a terminal of 80 × 24, no case id in full (python -m tests.bench.keystrokes)."""
    now, before, done = type_day(language, 1)
    assert done == 1
    assert now <= 0.6 * before
