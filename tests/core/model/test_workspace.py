"""A workspace as the core knows it, and the organisation in it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from fujin_cli.core.model.organisation import Organisation, Seated, build_organisation
from fujin_cli.core.model.workspace import File, Workspace, build_workspace
from tests.support.small_town import town
from tests.support.yaml_trees import city, file_of

BROKEN = File(
    "procedures/broken.yaml", "procedure", "broken", None, frozenset({("steps", "one"), ("steps", "two", "to")})
)


def test_the_head_of_a_workspace() -> None:
    place = town()
    assert (place.name, place.languages, place.rehearsal) == ("town", ("en",), True)
    assert place.actors == {"ann": "coordinator-1"}
    assert not city().rehearsal


def test_a_workspace_of_nothing_still_has_a_calendar() -> None:
    empty = build_workspace([])
    assert (empty.name, empty.languages, empty.rehearsal, empty.procedures) == ("", ("zh", "en"), False, {})
    monday = datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("UTC"))
    assert empty.build_calendar().is_working_day(monday.date())
    assert Workspace().build_calendar() == empty.build_calendar()


def test_files_by_kind_and_name() -> None:
    place = build_workspace([BROKEN, file_of("menu.yaml", {"menu": "kinds"})])
    assert place.path_of("menu") == "menu.yaml"
    assert place.path_of("procedure", "broken") == "procedures/broken.yaml"
    assert place.path_of("procedure", "other") == ""
    assert place.broken_names("procedure") == {"broken"}
    assert place.pruned_names("procedures/broken.yaml", "steps") == {"one"}
    assert place.pruned_names("procedures/broken.yaml", "steps", "two") == {"to"}
    assert place.pruned_names("elsewhere.yaml", "steps") == set()


def test_of_two_files_with_one_name_the_later_path_wins_and_what_has_no_steps_is_none() -> None:
    def version(path: str, title: str) -> File:
        return file_of(path, {"procedure": "loop", "title": title, "steps": {"one": {}}})

    place = build_workspace(
        [version("b.yaml", "second"), version("a.yaml", "first"), file_of("c.yaml", {"procedure": "bare"})]
    )
    assert {name: version.title for name, version in place.procedures.items()} == {"loop": "second"}


def test_an_organisation_of_nothing() -> None:
    empty = build_organisation({})
    assert empty == Organisation()
    assert empty.unit_at("city", "C1", None) is None
    assert empty.unit_at("street", "C1", None) is None
    assert empty.unit_at("committee", "C1", None) == "C1"
    assert empty.find_person("nobody") is None
    assert empty.role_holders(None, "clerk", date(2026, 6, 1)) == ()


def test_who_is_where_in_the_town() -> None:
    organisation = town().organisation
    assert organisation.unit_at("committee", "C1", "C1-pipes") == "C1-pipes"
    assert organisation.unit_at("street", "C1", None) == "S1"
    assert organisation.unit_at("city", "C1", None) == "town"
    assert [unit.id for unit in organisation.committees_of("C1")] == ["C1-pipes", "C1-peace"]
    assert [unit.id for unit in organisation.committees_of("C1", "other")] == []
    assert organisation.committees["C1-pipes"].title == "C1-pipes"
    head = organisation.find_person("head-1")
    assert head is not None
    assert (head.unit, head.seat, head.roles, head.name) == ("C1-pipes", "head", ("coordinator",), "head-1")
    clerk = organisation.find_person("clerk-1")
    assert clerk is not None
    assert clerk.seat == ""  # staff has no seat


def test_terms() -> None:
    seated = Seated("a", "A", "C1", (), term_from="2026-01-01", term_until="2026-12-31")
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [seated.is_serving_on(day) for day in days] == [False, True, True, False]
    assert Seated("a", "A", "C1", ()).is_serving_on(date(1990, 1, 1))


def test_settings_of_places() -> None:
    organisation = town().organisation
    assert organisation.find_setting("C1", "C1-pipes", "loop", "answer-time") == "1 working day"
    assert organisation.find_setting("C1", "C1-peace", "loop", "answer-time") == "3 working days"
    assert organisation.find_setting("C1", None, "loop", "answer-time") == "3 working days"
    assert organisation.find_setting("C1", "nothing", "loop", "other") is None
    assert organisation.find_setting("C2", None, "loop", "answer-time") is None
