"""What every ledger does. Each test runs against each implementation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from fujin_cli.core.cases.event import compute_event_hash
from fujin_cli.core.model.ids import volume_of
from fujin_cli.store.ledger.protocol import Busy, Changes, NoSuchCase, View
from tests.support.ledger_samples import MONTH, advance, codes, event, open_case, store_text


def test_opened_case_can_be_read(ledger: Any) -> None:
    case = open_case(ledger, note="楼道堆物")
    assert case == "XF01-202611a-0001"
    (only,) = ledger.read(case)
    assert (only.n, only.kind, only.note) == (1, "open", "楼道堆物")
    assert only.hash and only.op


def test_events_come_back_oldest_first_and_chained_over_the_volume(ledger: Any) -> None:
    one, two = open_case(ledger), open_case(ledger)
    for case in (one, two, one):
        advance(ledger, case)
    assert [event.n for event in ledger.read(one)] == [1, 2, 3]
    order = [(one, 0), (two, 0), (one, 1), (two, 1), (one, 2)]
    previous = "0" * 64
    for case, index in order:
        found = ledger.read(case)[index]
        assert found.hash == compute_event_hash(previous, case, found.to_record())
        previous = found.hash


def test_what_was_appended_is_what_is_read(ledger: Any) -> None:
    sent = event(
        1,
        kind="open",
        action="report",
        from_step=None,
        to_step="handling",
        set={"scope": "楼栋", "floors": [1, 2], "share": 0.1},
        tells=({"who": "lead", "what": "case"},),
        data={"nested": {"a": None, "b": [True, "\u2028"]}},
    )

    def work(view: View) -> tuple[Changes, str]:
        case = view.allocate("XF01", MONTH)
        return Changes([(case, sent)]), case

    operation, case = ledger.transact("r-1", [], ("XF01", MONTH), work)
    (got,) = ledger.read(case)
    assert got.to_record() == {**sent.to_record(), "op": operation} and operation == "r-1"


@pytest.mark.parametrize(
    "case",
    [
        "XF01-202611a-0002",
        "XF01-202611b-0001",
        "XF02-202611a-0001",
        "XF01-202611a-00001",
        "nothing",
        "",
        "../x",
        "laws-202611a-0001",
        "XF01-202613a-0001",
        "XF01-２０２６11a-0001",
    ],
)
def test_no_such_case_is_empty(ledger: Any, case: str) -> None:
    open_case(ledger)
    assert ledger.read(case) == ()
    assert ledger.look(None).read(case) == ()


def test_a_new_part_begins_when_one_is_full(make_ledger: Callable[..., Any]) -> None:
    ledger = make_ledger(cases=3)
    cases = [open_case(ledger) for _ in range(7)]
    assert [case[5:] for case in cases] == [
        "202611a-0001",
        "202611a-0002",
        "202611a-0003",
        "202611b-0001",
        "202611b-0002",
        "202611b-0003",
        "202611c-0001",
    ]
    assert codes(ledger) == []


def test_a_part_holds_a_hundred_cases(ledger: Any) -> None:
    def work(view: View) -> tuple[Changes, list[str]]:
        cases = [view.allocate("XF01", MONTH) for _ in range(101)]
        return Changes([(case, event(1)) for case in cases]), cases

    _, cases = ledger.transact(None, [], ("XF01", MONTH), work)
    assert cases[99:] == ["XF01-202611a-0100", "XF01-202611b-0001"]
    assert len(set(cases)) == 101
    assert open_case(ledger) == "XF01-202611b-0002"
    assert [kept.case for kept in ledger.all_cases()] == [*cases, "XF01-202611b-0002"]
    assert codes(ledger) == []


def test_parts_after_z(make_ledger: Callable[..., Any]) -> None:
    ledger = make_ledger(cases=1)
    cases = [open_case(ledger) for _ in range(28)]
    assert [volume_of(case).part for case in cases[24:]] == ["y", "z", "aa", "ab"]
    assert [kept.case for kept in ledger.all_cases()] == cases
    assert [kept.case for kept in ledger.open_cases()] == cases
    assert codes(ledger) == []


def test_each_month_and_community_begins_anew_and_goes_on_from_the_one_before(ledger: Any) -> None:
    cases = [open_case(ledger, month=month) for month in ("202611", "202612", "202701")]
    assert cases == ["XF01-202611a-0001", "XF01-202612a-0001", "XF01-202701a-0001"]
    other = open_case(ledger, community="XF02")
    first, second = ledger.read(cases[0])[0], ledger.read(cases[1])[0]
    assert second.hash == compute_event_hash(first.hash, cases[1], second.to_record())
    assert ledger.read(other)[0].hash == compute_event_hash("0" * 64, other, ledger.read(other)[0].to_record())
    late = open_case(ledger, month="202610")
    assert late == "XF01-202610a-0001"
    assert codes(ledger) == []


def test_several_volumes_change_together(ledger: Any) -> None:
    one, two = open_case(ledger), open_case(ledger, community="XF02")
    operation = advance(ledger, one, two, ends=True)
    assert [ledger.read(case)[1].op for case in (one, two)] == [operation] * 2
    assert list(ledger.open_cases()) == []
    assert codes(ledger) == []


def test_a_volume_that_only_the_work_asks_for_is_held_too(ledger: Any) -> None:
    one, two = open_case(ledger), open_case(ledger, community="XF02")

    def work(view: View) -> tuple[Changes, str]:
        seen = len(view.read(two))
        new = view.allocate("XF03", MONTH)
        return Changes([(one, event(2)), (two, event(seen + 1)), (new, event(1))]), new

    _, new = ledger.transact(None, [], None, work)
    assert [len(ledger.read(case)) for case in (one, two, new)] == [2, 2, 1]


def test_a_changed_volume_need_not_have_been_read(ledger: Any) -> None:
    case = open_case(ledger)
    ledger.transact(None, [], None, lambda view: (Changes([(case, event(2))]), None))
    assert len(ledger.read(case)) == 2


def test_the_same_request_has_one_effect_and_is_found(ledger: Any) -> None:
    case = open_case(ledger, request="request 1")
    assert open_case(ledger, request="request 1") == case
    assert open_case(ledger, request="request 1", month="202612") == case
    assert open_case(ledger, request="request 1", community="XF02") == case
    assert [kept.case for kept in ledger.all_cases()] == [case]
    assert ledger.find_operation("request 1") == case
    assert ledger.find_operation("request 2") is None
    assert open_case(ledger, request="request 2") == "XF01-202611a-0002"


def test_a_request_that_is_repeated_without_looking_changes_nothing(ledger: Any) -> None:
    def work(view: View) -> tuple[Changes, str]:
        case = view.allocate("XF01", MONTH)
        return Changes([(case, event(1))]), case

    ledger.transact("again", [], ("XF01", MONTH), work)
    with pytest.raises(Busy):
        ledger.transact("again", [], ("XF01", MONTH), work)
    assert len(list(ledger.all_cases())) == 1


@pytest.mark.parametrize(
    "request_id",
    [
        "x" * 200,
        "../../etc/passwd",
        "事项\n1",
        "a\0b",
        "XF01-202611a.0123456789ABCDEF",
        "laws-202611a.0123456789ABCDEF",
        "x.0123456789ABCDEF",
        ".",
        "😀" * 200,
    ],
)
def test_request_ids_are_any_text(ledger: Any, request_id: str) -> None:
    case = open_case(ledger, request=request_id)
    assert ledger.find_operation(request_id) == case
    assert open_case(ledger, request=request_id) == case


@pytest.mark.parametrize("request_id", ["", "x" * 201, "\ud800"])
def test_what_is_no_request_id_is_refused(ledger: Any, request_id: str) -> None:
    with pytest.raises(ValueError):
        open_case(ledger, request=request_id)
    with pytest.raises(ValueError):
        ledger.find_operation(request_id)


def test_an_operation_without_request_id_is_found_by_the_id_it_got(make_ledger: Callable[..., Any]) -> None:
    ledger = make_ledger(cases=1)
    for _ in range(3):
        case = open_case(ledger)
        operation = ledger.read(case)[0].op
        assert ledger.find_operation(operation) == case
    assert ledger.find_operation(advance(ledger, case)) is None


def test_empty_changes_append_nothing(ledger: Any) -> None:
    case = open_case(ledger)
    operation, answer = ledger.transact("r", [case], None, lambda view: (Changes(), len(view.read(case))))
    assert (operation, answer) == ("r", 1)
    assert len(ledger.read(case)) == 1
    assert ledger.transact(None, [], None, lambda view: (Changes(), "nothing held"))[1] == "nothing held"


def test_marks_lead_to_open_and_waiting_cases(ledger: Any) -> None:
    one, two = open_case(ledger), open_case(ledger, waiting=True)
    three = open_case(ledger, community="XF02", waiting=True)
    assert [kept.case for kept in ledger.open_cases()] == [one, two, three]
    assert [kept.case for kept in ledger.open_cases(["XF02"])] == [three]
    assert [kept.case for kept in ledger.waiting_cases()] == [two, three]
    advance(ledger, two, ends=True, waiting=True)
    assert [kept.case for kept in ledger.open_cases()] == [one, three]
    (kept,) = ledger.waiting_cases(["XF01"])
    assert (kept.case, len(kept.events), kept.open, kept.waiting) == (two, 2, False, True)
    ledger.transact(None, [two], None, lambda _: (Changes(waiting={two: False}), None))
    assert [kept.case for kept in ledger.waiting_cases()] == [three]
    advance(ledger, two)
    assert [kept.case for kept in ledger.open_cases()] == [one, two, three]
    assert [kept.case for kept in ledger.all_cases(["XF01", "XF09"])] == [one, two]
    assert ledger.problems() == ()
    assert codes(ledger) == []


def test_a_new_case_is_open_and_waits_for_nobody(ledger: Any) -> None:
    opening = ("XF01", MONTH)
    ledger.transact(None, [], opening, lambda view: (Changes([(view.allocate(*opening), event(1))]), None))
    assert [(kept.open, kept.waiting) for kept in ledger.all_cases()] == [(True, False)]


def test_laws_are_kept_by_their_digest(ledger: Any) -> None:
    digest = store_text(ledger, '{"procedure":"居民诉求"}')
    assert store_text(ledger, '{"procedure":"居民诉求"}') == digest
    assert [stored for stored, _since in ledger.procedure_texts()] == [digest]
    assert ledger.procedure_text(digest) == '{"procedure":"居民诉求"}'
    assert ledger.procedure_text("0" * 64) is None
    assert ledger.procedure_text("../x") is None
    open_case(ledger, data={"law": digest})
    assert codes(ledger) == []


@pytest.mark.parametrize("case", ["nothing", "XF01-202613a-0001", "XF01-202612a-0001", "XF09-202611a-0001"])
def test_a_case_that_cannot_be_there_locks_nothing(ledger: Any, case: str) -> None:
    open_case(ledger)
    with pytest.raises(NoSuchCase, match=case):
        ledger.transact(None, [case], None, lambda _: (Changes(), None))
    assert codes(ledger) == []


def test_the_cases_of_a_volume_are_found_together(ledger: Any) -> None:
    one, two, other = open_case(ledger), open_case(ledger), open_case(ledger, community="XF02")
    volumes = [volume_of(one), volume_of(other)]
    stored = {volume: [kept.case for kept in cases] for volume, cases in ledger.cases_in(volumes).items()}
    assert stored == {volumes[0]: [one, two], volumes[1]: [other]}
    assert ledger.communities() == ["XF01", "XF02"]


def test_cases_are_found_by_the_end_of_their_ids(ledger: Any) -> None:
    # given open cases of two communities and an ended one
    one, two, other = open_case(ledger), open_case(ledger), open_case(ledger, community="XF02")
    advance(ledger, two, ends=True)
    # then an end of an id, however it is written, finds the open ones or the ended ones
    assert sorted(ledger.find_ids("0001", is_open=True)) == [one, other]
    assert list(ledger.find_ids(one.lower(), is_open=True)) == [one]
    assert list(ledger.find_ids("a-0002", is_open=True)) == []
    assert list(ledger.find_ids("a-0002", is_open=False)) == [two]
    assert list(ledger.find_ids("b-0002", is_open=False)) == []
    assert list(ledger.find_ids("x" + one, is_open=True)) == []


def test_an_error_in_the_work_changes_nothing(ledger: Any) -> None:
    case = open_case(ledger)
    with pytest.raises(KeyError):
        ledger.transact(None, [case], None, lambda _: {}["missing"])  # type: ignore[index]
    advance(ledger, case)
    assert len(ledger.read(case)) == 2


@pytest.mark.parametrize(
    "changes",
    [
        Changes([("XF01-202611a-0001", event(1))]),
        Changes([("XF01-202611a-0001", event(3))]),
        Changes([("XF01-202611a-0002", event(2))]),
        Changes([("XF01-202611a-00001", event(1))]),
        Changes([("nonsense", event(1))]),
        Changes([("XF01-202611a-0001", event(2)), ("XF01-202611a-0001", event(2))]),
        Changes(open={"XF01-202611a-0002": True}),
        Changes([("XF01-202611a-0001", event(2, set={2: "x", 10: "y"}))]),
    ],
)
def test_changes_that_fit_no_case_are_refused(ledger: Any, changes: Changes) -> None:
    case = open_case(ledger)
    with pytest.raises(ValueError):
        ledger.transact(None, [case], None, lambda _: (changes, None))
    assert len(ledger.read(case)) == 1
    assert codes(ledger) == []


@pytest.mark.parametrize(
    "opening", [("open", MONTH), ("Laws", MONTH), ("../x", MONTH), ("", MONTH), ("XF01", "202613"), ("XF01", "2026-11")]
)
def test_what_is_no_community_or_month_is_refused(ledger: Any, opening: tuple[str, str]) -> None:
    with pytest.raises(ValueError):
        open_case(ledger, *opening)
    with pytest.raises(ValueError):
        ledger.look(None).allocate(*opening)


def test_a_look_answers_and_changes_nothing(ledger: Any) -> None:
    case = open_case(ledger)

    for request_id in ("r-9", None):
        view = ledger.look(request_id)
        assert (view.allocate("XF01", MONTH), len(view.read(case))) == ("XF01-202611a-0002", 1)
    assert [kept.case for kept in ledger.all_cases()] == [case]
    assert ledger.find_operation("r-9") is None
